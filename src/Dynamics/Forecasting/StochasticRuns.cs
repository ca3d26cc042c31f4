using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>Real stochastic gradient descent from the reference point of a jet, with S on the full batch at every step.</summary>
internal static class StochasticRuns
{
    /// <summary>Makes the runs one after the other.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="reference">The reference point, with its v.</param>
    /// <param name="options">Minibatches and draws.</param>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="trial">Horizon, tolerance of v_1 and seed of the eigensolver.</param>
    /// <param name="progress">Called with the number of steps made in all runs together; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static StochasticPaths Make<TVector>(
        IStochasticSurface<TVector> surface,
        ReferencePoint<TVector> reference,
        StochasticOptions options,
        double stepSize,
        TrialOptions trial,
        Action<int>? progress,
        CancellationToken cancellation
    )
    {
        var paths = new StochasticPaths(options.Draws, trial.Horizon);
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
            using var leading = new LeadingPair<TVector>(surface.Space, trial.Tolerance, trial.Seed);
            Observer<TVector> watch = new(
                1,
                state =>
                {
                    var point = state.Point!;
                    if (state.End == StopReason.Diverged || !double.IsFinite(point.Loss))
                        return;
                    leading.Measure(point, state.Theta);
                    paths.Sharpness[draw][state.Step] = leading.Sharpness;
                    paths.Displacement[draw][state.Step] = reference.Displacement(state.Theta);
                    paths.Loss[draw][state.Step] = point.Loss;
                    progress?.Invoke((draw * trial.Horizon) + state.Step);
                }
            )
            {
                NeedsPoint = true,
            };
            var sampler = options.OfRun(draw).Sampler(surface.Samples);
            var limits = DescentLimits.AllOf(trial.Horizon);
            DescentLoop.Run(surface, rule, stepSize, limits, theta, [watch], sampler, cancellation: cancellation);
        }
    }
}
