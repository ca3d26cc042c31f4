using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Records;

/// <summary>What a run needs of its surroundings and does not depend on in its result.</summary>
/// <param name="Inputs">Data and initial weights of networks.</param>
/// <param name="Cancellation">Ends the run early.</param>
internal sealed record RunContext(RunInputs Inputs, CancellationToken Cancellation)
{
    /// <summary>Called with the units of work done; null for nobody.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Called with the series of a network run when a row has been measured; null for nobody.</summary>
    public Action<SeriesTable>? Measured { get; init; }

    /// <summary>Where a long run keeps what it has so far; null to keep nothing.</summary>
    public RunJournal? Journal { get; init; }
}
