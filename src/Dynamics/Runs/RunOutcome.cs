using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Runs;

/// <summary>What a run has measured, as long as it is in memory; a record keeps it on disk.</summary>
/// <param name="Series">The columns.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="GradientEquivalents">Its cost, moving and measuring together.</param>
/// <param name="Notes">What the series cannot say, by name, such as why a theory declined; null for nothing.</param>
public sealed record RunOutcome(
    SeriesTable Series,
    StopReason Reason,
    int Steps,
    double GradientEquivalents,
    SortedDictionary<string, string>? Notes = null
)
{
    /// <summary>The step at which it was taken up from a checkpoint; null when it began at the start.</summary>
    public int? ResumedAt { get; init; }

    /// <summary>The parameters at the last point; empty where the run is not one descent.</summary>
    public double[] End { get; init; } = [];
}
