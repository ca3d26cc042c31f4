using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Sweeps;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>Where a training ended.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Values">The last row of its series, without what was not measured there, and the cost of the run; of one that diverged the cost alone.</param>
internal sealed record NetworkEnd(StopReason Reason, int Steps, IReadOnlyDictionary<string, double> Values) : ISweepEnd
{
    public bool Diverged => Reason == StopReason.Diverged;

    public static NetworkEnd Of(RunOutcome outcome)
    {
        // The last row of a run that diverged is of a point on its way, and no result.
        var values = (outcome.Reason == StopReason.Diverged ? [] : outcome.Series.Names)
            .Where(name => name != Columns.Step && !double.IsNaN(outcome.Series[name][^1]))
            .ToDictionary(name => name, name => outcome.Series[name][^1]);
        values[SweepColumns.Cost] = outcome.GradientEquivalents;
        return new(outcome.Reason, outcome.Steps, values);
    }
}

/// <summary>What was measured at the end of a training: the columns of a network's record that any of the rows has.</summary>
internal sealed class NetworkValues : SweepValues
{
    private static readonly DeclaredColumn[] Declared = [.. Dynamics.Observables.Columns.All, .. NetworkColumns.All];

    private NetworkValues() { }

    public static NetworkValues Instance { get; } = new();

    public override IEnumerable<(string Name, Array Values)> Columns(IReadOnlyList<PlacedRow> rows)
    {
        IReadOnlyDictionary<string, double>?[] ends = [.. rows.Select(row => (row.Row.Value as NetworkEnd)?.Values)];
        // An order that follows from the names alone, so that it does not show whose rows were there first.
        return ends.OfType<IReadOnlyDictionary<string, double>>()
            .SelectMany(end => end.Keys)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(Place)
            .ThenBy(name => name.Length)
            .ThenBy(name => name, StringComparer.Ordinal)
            .Select(name =>
                (name, (Array)ends.Select(end => end?.GetValueOrDefault(name, double.NaN) ?? double.NaN).ToArray())
            );
    }

    public override Func<int, StopReason, int, ISweepEnd> Reader(string file, OrderedDictionary<string, Array> table)
    {
        (string Name, double[] Values)[] measured =
        [
            .. table
                .Where(column => !SweepColumns.IsShared(column.Key))
                .Select(column => (column.Key, table.Column<double>(file, column.Key))),
        ];
        return (i, reason, steps) =>
            new NetworkEnd(
                reason,
                steps,
                measured
                    .Where(column => !double.IsNaN(column.Values[i]))
                    .ToDictionary(column => column.Name, column => column.Values[i])
            );
    }

    private static int Place(string name) =>
        name == SweepColumns.Cost ? -1
        : Array.FindIndex(Declared, column => column.Covers(name)) is var place and >= 0 ? place
        : Declared.Length;
}
