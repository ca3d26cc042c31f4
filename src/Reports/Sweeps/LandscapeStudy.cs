using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>A descent on a landscape.</summary>
/// <param name="Study">The descent.</param>
internal sealed record LandscapeStudy(DescentStudy Study) : SweepStudy
{
    public override string Subject => Study.Landscape;

    public override SweepValues Values => LandscapeValues.Instance;

    public override bool KeepsEach => false;

    public override SweepStudy With(string name, string value) => new LandscapeStudy(Study.With(name, value));

    public override void Check() => Study.Check();

    public override ISweepEnd Measure(SweepPoint point) => new LandscapeEnd(Study.Measure(point));
}

/// <summary>Where a descent on a landscape ended.</summary>
/// <param name="Outcome">What it came to.</param>
internal sealed record LandscapeEnd(DescentOutcome Outcome) : ISweepEnd
{
    public StopReason Reason => Outcome.Reason;

    public int Steps => Outcome.Steps;

    public bool Diverged => Outcome.Diverged;
}

/// <summary>Losses and sharpness at both ends, the forecast, and the coordinates of the end.</summary>
internal sealed class LandscapeValues : SweepValues
{
    private static readonly (string Name, Func<DescentOutcome, double> Select)[] Measured =
    [
        (Dynamics.Observables.Columns.Loss, o => o.Loss),
        (SweepColumns.LargestLoss, o => o.LargestLoss),
        (SweepColumns.InitialSharpness, o => o.InitialSharpness),
        (Dynamics.Observables.Columns.Sharpness, o => o.Sharpness),
        (SweepColumns.ForecastSharpness, o => o.Forecast?.Sharpness ?? double.NaN),
        (SweepColumns.ForecastLoss, o => o.Forecast?.Loss ?? double.NaN),
        (SweepColumns.ForecastValidity, o => o.Forecast?.Validity ?? double.NaN),
    ];

    private LandscapeValues() { }

    public static LandscapeValues Instance { get; } = new();

    private static IndexedColumn Coordinate => Dynamics.Observables.Columns.Coordinate;

    public override IEnumerable<(string Name, Array Values)> Columns(IReadOnlyList<PlacedRow> rows)
    {
        DescentOutcome?[] outcomes = [.. rows.Select(row => (row.Row.Value as LandscapeEnd)?.Outcome)];
        foreach (var (name, select) in Measured)
            yield return (name, Of(outcome => outcome is null ? double.NaN : select(outcome)));
        yield return (SweepColumns.Forecast, Of(outcome => outcome?.Forecast is null ? 0 : 1));
        yield return (SweepColumns.Coordinates, Of(outcome => outcome?.End.Length ?? 0));
        for (var i = 0; i < outcomes.Select(outcome => outcome?.End.Length ?? 0).DefaultIfEmpty().Max(); i++)
        {
            var coordinate = i;
            yield return (
                Coordinate[i + 1],
                Of(outcome =>
                    outcome is not null && coordinate < outcome.End.Length ? outcome.End[coordinate] : double.NaN
                )
            );
        }

        T[] Of<T>(Func<DescentOutcome?, T> select) => [.. outcomes.Select(select)];
    }

    public override Func<int, StopReason, int, ISweepEnd> Reader(string file, OrderedDictionary<string, Array> table)
    {
        double[][] measured = [.. Measured.Select(m => table.Column<double>(file, m.Name))];
        double[][] ends =
        [
            .. Enumerable
                .Range(1, table.Count)
                .TakeWhile(i => table.ContainsKey(Coordinate[i]))
                .Select(i => table.Column<double>(file, Coordinate[i])),
        ];
        var (coordinates, forecasts) = (
            table.Column<int>(file, SweepColumns.Coordinates),
            table.Column<int>(file, SweepColumns.Forecast)
        );
        return (i, reason, steps) =>
        {
            var m = measured.Select(column => column[i]).ToArray();
            // The number of coordinates is written beside them: a diverged run may end at NaN, and NaN also fills the
            // columns that a row does not have.
            double[] end = [.. ends.Take(coordinates[i]).Select(column => column[i])];
            return new LandscapeEnd(
                new DescentOutcome(
                    reason,
                    steps,
                    m[0],
                    m[1],
                    m[2],
                    m[3],
                    end,
                    forecasts[i] == 1 ? new(m[4], m[5], m[6]) : null
                )
            );
        };
    }
}
