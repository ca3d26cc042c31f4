using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Reports.Records;

/// <summary>What stands in the series of some kinds of records.</summary>
/// <param name="Heading">Their heading in docs/observables.md.</param>
/// <param name="Kinds">The kinds, as manifests name them.</param>
/// <param name="Columns">The columns that they may have.</param>
internal sealed record RecordColumns(string Heading, string[] Kinds, IReadOnlyList<DeclaredColumn> Columns)
{
    /// <summary>What the series of a run may hold.</summary>
    /// <param name="spec">The run.</param>
    public static RecordColumns Of(RunSpec spec)
    {
        var kind = RunSpec.KindOf(spec);
        return All.Single(columns => columns.Kinds.Contains(kind));
    }

    /// <summary>Every kind there is, in the order of the page.</summary>
    public static IReadOnlyList<RecordColumns> All { get; } =
    [
        new(
            "Simulations and network runs",
            ["simulation", "network"],
            [.. Dynamics.Observables.Columns.All, .. NetworkColumns.All]
        ),
        new("Grids", ["grid"], GridColumns.All),
        new("Noise shares", ["noise-share"], NoiseShareColumns.All),
        new("Forecasts", ["forecast"], Dynamics.Observables.Columns.FixedDirectionTrial),
        new("Trials of all theories", ["compare", "instability"], Dynamics.Observables.Columns.Trial),
        new("Scans of step sizes", ["step-scan"], Dynamics.Observables.Columns.StepScan),
        new("Scans of batch sizes", ["batch-scan"], Dynamics.Observables.Columns.BatchScan),
        new("Forecasts with momentum", ["heavy-ball"], Dynamics.Observables.Columns.MomentumTrial),
        new("Forecasts of RMSProp", ["rmsprop"], Dynamics.Observables.Columns.RmsPropTrial),
        new("Forecasts by several jets", ["reanchored"], Dynamics.Observables.Columns.Reanchored),
    ];
}
