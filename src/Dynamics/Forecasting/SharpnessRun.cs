using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>A run of gradient descent of which nothing is wanted but S at every step.</summary>
internal static class SharpnessRun
{
    /// <summary>S from the start on, step by step; shorter than asked where the run diverges.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The start; holds the end point afterwards.</param>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="options">Horizon, tolerance and seed.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static double[] Make<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        double stepSize,
        TrialOptions options,
        CancellationToken cancellation
    )
    {
        using var rule = new GradientDescent<TVector>(surface.Space);
        using var leading = new LeadingPair<TVector>(surface.Space, options.Tolerance, options.Seed);
        var sharpness = new List<double>();
        Observer<TVector> observer = new(
            1,
            state =>
            {
                // A point that is no longer finite ends the run before it.
                if (state.End == StopReason.Diverged)
                    return;
                leading.Measure(state.Point!, state.Theta);
                sharpness.Add(leading.Sharpness);
            }
        )
        {
            NeedsPoint = true,
        };
        var limits = DescentLimits.AllOf(options.Horizon);
        var result = DescentLoop.Run(surface, rule, stepSize, limits, theta, [observer], cancellation: cancellation);
        return result.Reason == StopReason.Cancelled
            ? throw new OperationCanceledException(cancellation)
            : [.. sharpness];
    }
}
