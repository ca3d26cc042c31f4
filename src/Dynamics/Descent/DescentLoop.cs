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
    /// <param name="stepSize">The step size: a number for a constant one, or a schedule.</param>
    /// <param name="limits">When to end.</param>
    /// <param name="theta">The start; holds the end point afterwards.</param>
    /// <param name="observers">Who looks on; each sees the state before a step, and the last point.</param>
    /// <param name="sampler">Draws the minibatches of stochastic descent; null for the full batch. Then loss and gradient that decide about the end are those of the batch.</param>
    /// <param name="position">Where to begin, and where the run stands; null to begin at step 0. The rule must then be in the state that belongs to it.</param>
    /// <param name="cancellation">Ends the run as Cancelled.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A limit is negative or NaN, or the schedule reaches beyond the run.</exception>
    /// <exception cref="ArgumentException">The loss at the start is not finite; or a sampler was given and the surface has no samples.</exception>
    public static DescentResult Run<TVector>(
        ISurface<TVector> surface,
        IUpdateRule<TVector> rule,
        StepSizeSchedule stepSize,
        DescentLimits limits,
        TVector theta,
        IReadOnlyList<Observer<TVector>> observers,
        BatchSampler? sampler = null,
        DescentPosition? position = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(observers);
        ArgumentNullException.ThrowIfNull(stepSize);
        Require.InRange(limits.Steps, 0);
        stepSize.Validate(limits.Steps);
        if (!double.IsNegativeInfinity(limits.GradientTolerance))
            Require.NotNegative(limits.GradientTolerance);
        Require.NotNegative(limits.DivergenceFactor);
        if (double.IsNaN(limits.LossTarget))
            throw new ArgumentOutOfRangeException(nameof(limits), "LossTarget is NaN; it must be a number.");
        var stochastic = sampler is null
            ? null
            : surface as IStochasticSurface<TVector>
                ?? throw new ArgumentException(
                    "A sampler needs a surface that is a mean over samples.",
                    nameof(surface)
                );
        var (space, pointwise, asking) = (surface.Space, false, false);
        for (var i = 0; i < observers.Count; i++)
        {
            pointwise |= observers[i].NeedsPoint;
            asking |= observers[i].StopWhen is not null;
        }

        var gradient = space.Create();
        ISurfacePoint<TVector>? point = null;
        position ??= new DescentPosition();
        try
        {
            for (var step = position.Step; ; step++)
            {
                // Asked once a step, so that what is kept between two steps is the state at which the run ends.
                var cancelled = cancellation.IsCancellationRequested;
                position.Reach(step, cancelled);
                if (pointwise)
                    point = surface.At(theta);
                var loss =
                    stochastic is not null ? stochastic.BatchLossAndGradient(theta, sampler!.At(step), gradient)
                    : point is not null ? Take(space, point, gradient)
                    : surface.LossAndGradient(theta, gradient);
                if (step == 0 && !double.IsFinite(loss))
                    throw new ArgumentException(
                        $"theta gives a loss of {loss}; the loss at the start must be finite.",
                        nameof(theta)
                    );
                if (step == 0)
                    position.Ceiling = limits.DivergenceFactor * Math.Max(1, Math.Abs(loss));
                var end = Reason(space, limits, step, loss, gradient, position.Ceiling, cancelled);
                var state = new DescentState<TVector>(step, stepSize.At(step), loss, theta)
                {
                    End = end,
                    Point = point,
                };
                if (asking && end is null && IsStopped(observers, state))
                    state = state with { End = StopReason.Stopped };
                for (var i = 0; i < observers.Count; i++)
                    if (state.End is not null || observers[i].IsDue(state))
                        observers[i].Observe(state);
                if (state.End is { } ended)
                    return new DescentResult(ended, step, loss);
                point?.Dispose();
                point = null;
                if (rule.TryProbe(gradient, theta, out var probe))
                    _ = stochastic is null
                        ? surface.LossAndGradient(probe, gradient)
                        : stochastic.BatchLossAndGradient(probe, sampler!.At(step), gradient);
                rule.Apply(state.StepSize, gradient, theta);
            }
        }
        finally
        {
            point?.Dispose();
            space.Release(gradient);
        }
    }

    /// <summary>Loss and gradient of a view, which will be gone when the step is taken.</summary>
    private static double Take<TVector>(IVectorSpace<TVector> space, ISurfacePoint<TVector> point, TVector gradient)
    {
        space.Copy(point.Gradient, gradient);
        return point.Loss;
    }

    /// <summary>Asks all, of whom some measure before they answer.</summary>
    private static bool IsStopped<TVector>(IReadOnlyList<Observer<TVector>> observers, in DescentState<TVector> state)
    {
        var stopped = false;
        for (var i = 0; i < observers.Count; i++)
            if (observers[i].StopWhen is { } asked)
                stopped |= asked(state);
        return stopped;
    }

    private static StopReason? Reason<TVector>(
        IVectorSpace<TVector> space,
        DescentLimits limits,
        int step,
        double loss,
        TVector gradient,
        double ceiling,
        bool cancelled
    )
    {
        // A ceiling may be infinite.
        if (!double.IsFinite(loss) || Math.Abs(loss) > ceiling)
            return StopReason.Diverged;
        var norm = space.Norm(gradient);
        if (!double.IsFinite(norm))
            return StopReason.Diverged;
        if (norm <= limits.GradientTolerance)
            return StopReason.Converged;
        if (loss <= limits.LossTarget)
            return StopReason.LossReached;
        if (step >= limits.Steps)
            return StopReason.StepLimit;
        return cancelled ? StopReason.Cancelled : null;
    }
}
