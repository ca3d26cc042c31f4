using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>Real stochastic gradient descent from the reference point of a jet, with S on the full batch.</summary>
internal static class StochasticRuns
{
    /// <summary>Makes the runs one after the other.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="reference">The reference point, with its v.</param>
    /// <param name="options">Minibatches and draws.</param>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="cadence">How long they are, and how often they are measured.</param>
    /// <param name="progress">Called with the number of steps made in all runs together; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static StochasticPaths Make<TVector>(
        IStochasticSurface<TVector> surface,
        ReferencePoint<TVector> reference,
        StochasticOptions options,
        double stepSize,
        RunCadence cadence,
        Action<int>? progress,
        CancellationToken cancellation
    )
    {
        var paths = new StochasticPaths(options.Draws, Math.Max(cadence.Horizon, cadence.Onward));
        var theta = surface.Space.Create();
        for (var draw = 0; draw < options.Draws; draw++)
        {
            reference.Move(0, theta);
            Run(draw);
            cancellation.ThrowIfCancellationRequested();
        }

        surface.Space.Release(theta);
        return paths;

        void Run(int draw)
        {
            using var rule = new GradientDescent<TVector>(surface.Space);
            using var leading = new LeadingPair<TVector>(surface.Space, cadence.Tolerance, cadence.Seed);
            Observer<TVector> watch = new(
                cadence.Every,
                state =>
                {
                    if (state.End == StopReason.Diverged)
                        return;
                    // Made here, and not by the loop, which would make one at every step.
                    using var point = surface.At(state.Theta);
                    if (!double.IsFinite(point.Loss))
                        return;
                    leading.Measure(point, state.Theta);
                    paths.Sharpness[draw][state.Step] = leading.Sharpness;
                    paths.Displacement[draw][state.Step] = reference.Displacement(state.Theta);
                    paths.Loss[draw][state.Step] = point.Loss;
                    progress?.Invoke(cadence.Steps(draw) + state.Step);
                }
            );
            var sampler = options.OfRun(draw).Sampler(surface.Samples);
            var limits = DescentLimits.AllOf(cadence.Length(draw));
            DescentLoop.Run(surface, rule, stepSize, limits, theta, [watch], sampler, cancellation: cancellation);
        }
    }
}
