namespace FlatBias.Dynamics.Descent;

/// <summary>Why a descent ended.</summary>
public enum StopReason
{
    /// <summary>All steps asked for were taken.</summary>
    StepLimit,

    /// <summary>The gradient norm fell to the tolerance.</summary>
    Converged,

    /// <summary>The loss is not finite, or has grown past the limit: an outcome, not an error.</summary>
    Diverged,

    /// <summary>Cancellation was requested.</summary>
    Cancelled,

    /// <summary>The loss fell to the target.</summary>
    LossReached,

    /// <summary>An observer asked for the end.</summary>
    Stopped,
}

/// <summary>How a descent ended.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Loss">The loss at the last point.</param>
public readonly record struct DescentResult(StopReason Reason, int Steps, double Loss);

/// <summary>When a descent ends.</summary>
/// <param name="Steps">The largest number of steps, at least 0.</param>
/// <param name="GradientTolerance">
/// Ends as Converged when |g| is at most this; 0 ends only at an exact critical point, negative infinity never.
/// </param>
/// <param name="DivergenceFactor">Ends as Diverged when |L| exceeds this times max(1, |L(start)|).</param>
public sealed record DescentLimits(int Steps, double GradientTolerance = 0, double DivergenceFactor = 1e12)
{
    /// <summary>Ends as LossReached at the first point with L at most this, so that runs can be compared at equal loss; not NaN; negative infinity never ends a run.</summary>
    public double LossTarget { get; init; } = double.NegativeInfinity;

    /// <summary>
    /// All steps, wherever they lead: ends before only where loss or gradient is no longer finite. For what is measured
    /// of a given number of steps.
    /// </summary>
    /// <param name="steps">The number of steps, at least 0.</param>
    public static DescentLimits AllOf(int steps) => new(steps, double.NegativeInfinity, double.PositiveInfinity);
}
