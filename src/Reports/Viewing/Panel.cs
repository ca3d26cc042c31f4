using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;
using Observed = FlatBias.Dynamics.Observables.Columns;

namespace FlatBias.Reports.Viewing;

/// <summary>A column as it is drawn.</summary>
/// <param name="Column">The column.</param>
/// <param name="Name">What the legend calls it beside others.</param>
/// <param name="IsForecast">Whether it is a forecast of the first: where it leaves that one's range far behind it is
/// cut off.</param>
internal sealed record PanelLine(string Column, string Name, bool IsForecast = false);

/// <summary>One of the figures that a run is shown by.</summary>
/// <param name="Label">What stands at the y axis.</param>
/// <param name="Lines">The columns drawn, those of the run before those of forecasts.</param>
internal sealed record Panel(string Label, params IReadOnlyList<PanelLine> Lines)
{
    private const string Run = "run";

    /// <summary>Whether points are drawn without lines between them.</summary>
    public bool Scattered { get; init; }

    /// <summary>The panels of a kind of run when no column is named, as far as its series has the columns.</summary>
    public static IReadOnlyList<Panel> Of(KnownRun run)
    {
        var series = run.Series;
        return
        [
            .. Kind(run.Specification, series)
                .Select(panel => panel.With(series.Has))
                .Where(panel => panel.Lines.Count > 0),
        ];
    }

    /// <summary>Panels of columns named one by one: those of one unit share one.</summary>
    /// <param name="columns">The names.</param>
    /// <param name="spec">The run.</param>
    public static IReadOnlyList<Panel> Of(IReadOnlyList<string> columns, RunSpec spec) =>
        [
            .. columns
                .GroupBy(column => Declared(spec, column) is { Unit.Length: > 0 } known ? known.Unit : $"of {column}")
                .Select(group => new Panel(
                    group.Count() == 1 ? LabelOf(spec, group.First()) : group.Key,
                    Named([.. group])
                )
                {
                    Scattered = spec is GridSpec,
                }),
        ];

    /// <summary>The panel with the columns that there are.</summary>
    public Panel With(Func<string, bool> has) => this with { Lines = [.. Lines.Where(line => has(line.Column))] };

    /// <summary>The column along x when none is named.</summary>
    public static string X(RunSpec spec) => spec is GridSpec or StepScanSpec ? Observed.StepSize : Observed.Step;

    /// <summary>What an axis says of a column.</summary>
    public static string LabelOf(RunSpec spec, string column) =>
        Declared(spec, column) switch
        {
            { Label.Length: > 0 } known => known.Label,
            { Unit.Length: > 0 } known when !known.Unit.Contains('$', StringComparison.Ordinal) =>
                $"{column} ({known.Unit})",
            _ => column,
        };

    private static DeclaredColumn? Declared(RunSpec spec, string column) =>
        RecordColumns.Of(spec).Columns.FirstOrDefault(known => known.Covers(column));

    private static IEnumerable<Panel> Kind(RunSpec spec, SeriesTable series) =>
        spec switch
        {
            SimulationSpec or NetworkSpec =>
            [
                One(spec, Edge.Of(spec).Sharpness),
                One(spec, Observed.Loss),
                One(spec, Observed.Rotation[1]),
                new Panel("accuracy", Named(NetworkColumns.TrainAccuracy, NetworkColumns.TestAccuracy)),
            ],
            GridSpec =>
            [
                One(spec, Observed.Sharpness) with
                {
                    Scattered = true,
                },
                One(spec, Observed.Loss) with
                {
                    Scattered = true,
                },
            ],
            NoiseShareSpec =>
            [
                One(spec, Observed.Loss),
                One(spec, Quadratic.Landscapes.NoiseShareColumns.Imbalance),
                new Panel(
                    "sum of log factors",
                    Named(
                        Quadratic.Landscapes.NoiseShareColumns.Contraction,
                        Quadratic.Landscapes.NoiseShareColumns.FullBatchContraction
                    )
                ),
            ],
            StepScanSpec => Forecast(
                spec,
                [Observed.JetForecast],
                Observed.LowestSharpness,
                Observed.FinalSharpness,
                Observed.PeakLoss
            ),
            ReanchorSpec => Forecast(spec, [Observed.JetForecast], Observed.Sharpness, Observed.Loss),
            _ => Forecast(
                spec,
                Theories(series),
                series.Has(Observed.Curvature) ? Observed.Curvature : Observed.Sharpness,
                Observed.Displacement,
                Observed.Loss,
                Observed.ReferenceRotation
            ),
        };

    private static Panel One(RunSpec spec, string column) => new(LabelOf(spec, column), Named(column));

    private static PanelLine[] Named(params string[] columns) =>
        [.. columns.Select(column => new PanelLine(column, column))];

    private static IEnumerable<Panel> Forecast(
        RunSpec spec,
        IReadOnlyList<string> theories,
        params IEnumerable<Column> columns
    ) =>
        columns.Select(column => new Panel(
            LabelOf(spec, column),
            [
                new PanelLine(column, Run),
                .. theories.Select(theory => new PanelLine(
                    Observed.Forecast(theory, ForecastOf(column)),
                    theory,
                    true
                )),
            ]
        ));

    // Along a fixed direction the run's curvature is what theories forecast as the sharpness.
    private static string ForecastOf(Column column) =>
        column.Name == Observed.Curvature.Name ? Observed.Sharpness : column;

    /// <summary>
    /// Of each family the theory that came nearest to the curvature of the run: all of them would hide it.
    /// </summary>
    private static IReadOnlyList<string> Theories(SeriesTable series)
    {
        var run = series[series.Has(Observed.Curvature) ? Observed.Curvature : Observed.Sharpness];
        return
        [
            .. TheoryCatalogue
                .All.Where(theory => theory.Standing.Role == TheoryRole.Main)
                .Where(theory => series.Has(Observed.Forecast(theory.Name, Observed.Sharpness)))
                .GroupBy(theory => theory.Standing.Family)
                .Select(family => family.MinBy(Distance)!.Name),
        ];

        double Distance(ITheory theory)
        {
            var forecast = series[Observed.Forecast(theory.Name, Observed.Sharpness)];
            var distance = run.Zip(forecast, (measured, said) => Math.Abs(said - measured)).Average();
            return double.IsNaN(distance) ? double.PositiveInfinity : distance;
        }
    }
}
