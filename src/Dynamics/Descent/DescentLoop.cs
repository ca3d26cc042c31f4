using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>The one loop that moves parameters over a surface, for landscapes and networks alike. It allocates nothing per step.</summary>
public static class DescentLoop
{
    /// <summary>Iterates an update rule from a start.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="rule">The update rule.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="limits">When to end.</param>
    /// <param name="theta">The start; holds the end point afterwards.</param>
    /// <param name="observers">Who looks on; each sees the state before a step, and the last point.</param>
    /// <param name="cancellation">Ends the run as Cancelled.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step size is not a finite number above 0, or a limit is negative or NaN.</exception>
    public static DescentResult Run<TVector>(
        ISurface<TVector> surface, IUpdateRule<TVector> rule, double stepSize, DescentLimits limits, TVector theta,
        IReadOnlyList<Observer<TVector>> observers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(observers);
        Require.Positive(stepSize);
        Require.InRange(limits.Steps, 0);
        Require.NotNegative(limits.GradientTolerance);
        Require.NotNegative(limits.DivergenceFactor);
        var gradient = surface.Space.Create();
        var ceiling = double.PositiveInfinity;
        for (var step = 0; ; step++)
        {
            var loss = surface.LossAndGradient(theta, gradient);
            if (step == 0) ceiling = limits.DivergenceFactor * Math.Max(1, Math.Abs(loss));
            var reason = Reason(surface.Space, limits, step, loss, gradient, ceiling, cancellation);
            var state = new DescentState<TVector>(step, stepSize, loss, theta);
            for (var i = 0; i < observers.Count; i++)
                if (reason is not null || observers[i].IsDue(state)) observers[i].Observe(state);
            if (reason is { } ended)
            {
                surface.Space.Release(gradient);
                return new DescentResult(ended, step, loss);
            }

            rule.Apply(surface.Space, stepSize, gradient, theta);
        }
    }

    private static StopReason? Reason<TVector>(
        IVectorSpace<TVector> space, DescentLimits limits, int step, double loss, TVector gradient, double ceiling, CancellationToken cancellation)
    {
        if (!(Math.Abs(loss) <= ceiling)) return StopReason.Diverged;
        var norm = space.Norm(gradient);
        if (!double.IsFinite(norm)) return StopReason.Diverged;
        if (norm <= limits.GradientTolerance) return StopReason.Converged;
        if (step >= limits.Steps) return StopReason.StepLimit;
        return cancellation.IsCancellationRequested ? StopReason.Cancelled : null;
    }
}
