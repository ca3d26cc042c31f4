using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(5.1), (5.2): the rotation laboratory, in which rotation and the gradient of curvature can be switched off one at a time.</summary>
internal sealed class RotationSwitches : Chapter
{
    private const double Sharpness = 2;
    private const int HeldStarts = 60;

    private static readonly double[] Start = [1e-3, 1e-3, 0];

    private static readonly Statement GradientOnly = new(
        "switch-gradient-only",
        "The gradient of curvature alone flattens and resolves the instability (ηλ₁ = 2.1).",
        "(5.1) seen"
    );
    private static readonly Statement RotationOnly = new(
        "switch-rotation-only",
        "Rotation alone keeps descent bounded past the threshold but never flattens (ηλ₁ = 2.1).",
        "(5.1) seen"
    );
    private static readonly Statement RotationHolds = new(
        "switch-rotation-holds",
        "Rotation alone holds every start up to ηλ₁ = 2.2.",
        "(5.1) seen"
    );
    private static readonly Statement RotationLimit = new(
        "switch-rotation-limit",
        "Rotation alone does not hold an instability of ηλ₁ = 2.4: most starts diverge.",
        "(5.1) seen"
    );
    private static readonly Statement Both = new(
        "switch-both",
        "Both together flatten and resolve, as the gradient alone does (ηλ₁ = 2.1).",
        "(5.1) seen"
    );
    private static readonly Statement Neither = new(
        "switch-neither",
        "With neither, it diverges: it is a quadratic.",
        "(2.1)"
    );

    public override string Title => "Is rotation a cause? The rotation laboratory";

    public override IReadOnlyList<Statement> Statements { get; } =
    [GradientOnly, RotationOnly, RotationHolds, RotationLimit, Both, Neither];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [Plane(settings, "0"), Plane(settings, "1"), GradientAlone, RotationAlone, Held];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var (flat, tilted) = (records[Plane(settings, "0")].Series, records[Plane(settings, "1")].Series);
        var held = records[Held].Series;
        var count = Rates(settings).Length;
        double At(SeriesTable plane, string rate, double product) => Outcome(plane, Row(settings, rate, product));
        return new ChapterResult(
            [
                GradientOnly.Judge(
                    Relation.Equal,
                    2,
                    At(tilted, "0", 2.1),
                    0,
                    "as seen before",
                    "outcome: 2 flattened, 1 bounded, 0 diverged"
                ),
                RotationOnly.Judge(
                    Relation.Equal,
                    1,
                    At(flat, "1", 2.1),
                    0,
                    "as seen before",
                    "outcome: 2 flattened, 1 bounded, 0 diverged"
                ),
                RotationHolds.Judge(
                    Relation.Equal,
                    0,
                    Escaped(held, 0),
                    0,
                    "exact",
                    $"share of {HeldStarts} starts that diverge at 2.2"
                ),
                RotationLimit.Judge(
                    Relation.AtLeast,
                    0.5,
                    Escaped(held, 1),
                    0,
                    "most",
                    $"share of {HeldStarts} starts that diverge at 2.4"
                ),
                Both.Judge(
                    Relation.Equal,
                    2,
                    At(tilted, "1", 2.1),
                    0,
                    "as seen before",
                    "outcome: 2 flattened, 1 bounded, 0 diverged"
                ),
                Neither.Judge(
                    Relation.Equal,
                    0,
                    At(flat, "0", 2.1),
                    0,
                    "as seen before",
                    "outcome: 2 flattened, 1 bounded, 0 diverged"
                ),
            ],
            [
                RunFigure(records[GradientAlone].Series, records[RotationAlone].Series),
                PlaneFigure(settings, flat, tilted),
            ],
            [
                $"In this laboratory rotation can hold an instability back, but what flattens is the gradient of curvature. Whether rotation holds a run is decided in a chaotic transient: at ηλ₁ = 2.4 {Claim.Format(100 * Escaped(held, 1))} % of the starts around the axis escape, the rest lock to a constant turn per step, the one at which (5.2) neither grows nor decays.",
            ]
        )
        {
            Tables =
            [
                ChapterTable.Of(
                    $"What came of the runs past the threshold, of {count * Products(settings).Length} in each plane.",
                    "plane",
                    [("without a gradient of curvature, δ = 0", flat), ("with it, δ = 1", tilted)],
                    plane => plane.Item1,
                    ("flattened", plane => $"{Share(plane.Item2, 2)}"),
                    ("bounded, not flattened", plane => $"{Share(plane.Item2, 1)}"),
                    ("diverged", plane => $"{Share(plane.Item2, 0)}")
                ),
            ],
        };
    }

    private static double[] Products(ReportSettings settings) => Axes.Linear(1.6, 2.8, settings.Paper ? 61 : 25);

    private static string[] Rates(ReportSettings settings) =>
        [
            .. Axes.Linear(0, 3, settings.Paper ? 61 : 31)
                .Select(w => w.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)),
        ];

    private static GridSpec Plane(ReportSettings settings, string steepening) =>
        new(
            Laboratory("0", steepening),
            [.. Products(settings).Select(p => p / Sharpness)],
            [Start],
            20_000,
            1e-10,
            new ParameterAxis("rotation", Rates(settings))
        );

    /// <summary>Rotation alone at two step sizes, from starts all around the axis: whether a run is held is decided in a chaotic transient, so one start says little.</summary>
    private static GridSpec Held { get; } =
        new(
            Laboratory("1", "0"),
            [2.2 / Sharpness, 2.4 / Sharpness],
            [
                .. Enumerable
                    .Range(0, HeldStarts)
                    .Select(i =>
                        new[]
                        {
                            1e-3 * Math.Cos(2 * Math.PI * (i + 0.5) / HeldStarts),
                            1e-3 * Math.Sin(2 * Math.PI * (i + 0.5) / HeldStarts),
                            0,
                        }
                    ),
            ],
            3000,
            1e-10
        );

    private static double Escaped(SeriesTable series, int stepSize) =>
        Enumerable
            .Range(stepSize * HeldStarts, HeldStarts)
            .Count(i => (StopReason)series[GridColumns.Reason][i] == StopReason.Diverged) / (double)HeldStarts;

    private static SimulationSpec GradientAlone { get; } = Setting("0", "1");

    private static SimulationSpec RotationAlone { get; } = Setting("1", "0");

    private static SimulationSpec Setting(string rotation, string steepening) =>
        new(Laboratory(rotation, steepening), Start, 2.1 / Sharpness) { Steps = 400 };

    private static LandscapeChoice Laboratory(string rotation, string steepening) =>
        LandscapeChoice.Of(
            "rotation-laboratory",
            ("eigenvalues", "2,0.3"),
            ("rotation", rotation),
            ("steepening", steepening)
        );

    private static int Row(ReportSettings settings, string rate, double product)
    {
        var products = Products(settings);
        var column = Array.FindIndex(products, p => Math.Abs(p - product) < 1e-9);
        return (Array.IndexOf(Rates(settings), rate) * products.Length) + column;
    }

    /// <summary>2 where the run ends inside the edge, 1 where it stays bounded past it, 0 where it diverged.</summary>
    private static double Outcome(SeriesTable plane, int row)
    {
        if ((StopReason)plane[GridColumns.Reason][row] == StopReason.Diverged)
            return 0;
        return plane[Columns.StepSize][row] * plane[Columns.Sharpness][row] < 2 + 1e-6 ? 2 : 1;
    }

    private static int Share(SeriesTable plane, double outcome) =>
        Enumerable
            .Range(0, plane.Rows)
            .Count(i => Outcome(plane, i) == outcome && plane[Columns.StepSize][i] * Sharpness > 2);

    private static ChapterFigure RunFigure(SeriesTable gradient, SeriesTable rotation)
    {
        var plot = PlotStyle.Create(
            "Two of the settings at ηλ₁ = 2.1",
            Columns.Step.Label,
            Columns.StabilityNumber.Label,
            logY: true
        );
        foreach (
            var (run, name) in new[]
            {
                (gradient, "gradient of curvature only (δ = 1, w = 0)"),
                (rotation, "rotation only (δ = 0, w = 1)"),
            }
        )
            plot.AddLine(name, run.Array(Columns.Step), run.Array(Columns.StabilityNumber));
        plot.AddHorizontal("edge", 1);
        return new ChapterFigure("switches-runs", [plot], 55);
    }

    private static ChapterFigure PlaneFigure(ReportSettings settings, SeriesTable flat, SeriesTable tilted)
    {
        double[] products = Products(settings),
            rates = Axes.Linear(0, 3, Rates(settings).Length);
        OxyPlot.PlotModel Map(SeriesTable plane, string title)
        {
            var values = new double[products.Length, rates.Length];
            for (var i = 0; i < plane.Rows; i++)
            {
                var outcome = Outcome(plane, i);
                values[i % products.Length, i / products.Length] = outcome == 0 ? double.NaN : outcome - 1;
            }

            return PlotStyle
                .OutcomeMap(
                    title,
                    "ηλ₁",
                    "rotation rate w",
                    products,
                    rates,
                    values,
                    ["bounded past the edge", "inside the edge"],
                    "diverged"
                )
                .AddVertical("threshold", 2);
        }

        return new ChapterFigure("switches-plane", [Map(flat, "δ = 0"), Map(tilted, "δ = 1")], 82);
    }
}
