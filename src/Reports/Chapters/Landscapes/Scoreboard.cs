using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using MathNet.Numerics.Statistics;
using OxyPlot;
using OxyPlot.Axes;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>Sections 3, 4 and 6: all theories forecast the same exact runs from the same reference points.</summary>
internal sealed class Scoreboard : Chapter
{
    private const string Ours = "memory-map-4-cubic",
        Fixed = "memory-map-4-cubic-fixed",
        Memory = "memory-map-4",
        Memoryless = "moment-map-4";

    // Beside ours that of which a statement says what it lacks.
    private static readonly string[] Shown =
    [
        .. ComparedTheories.Main.SelectMany(name => name == Ours ? (string[])[Fixed, Ours] : [name]),
    ];

    private static readonly Statement Exact = new(
        "score-exact",
        "A theory is descent itself on the landscape that it is made for: the coupled map and the UV model on z = Θ², quadratic regression on the diagonal network.",
        "(3.7) D, (6.3), (6.6)"
    );
    private static readonly Statement First = new(
        "score-first",
        "On every one of the six landscapes the system with memory and cubic coupling forecasts the sharpness better than every rival that is not exact there by construction.",
        "(4.10) D, against section 6"
    );
    private static readonly Statement Negligible = new(
        "score-rotation-negligible",
        "Rotation is negligible: on no landscape does removing it raise the mean error of the sharpness by more than a tenth.",
        "(5.3) rfangit"
    );
    private static readonly Statement Drives = new(
        "score-memory",
        "The relaxation of the floor (H grad S) matters: without memory the mean error of the sharpness is at least half as large again, in the median over landscapes.",
        "(5.3) rfangit, (4.8) D"
    );
    private static readonly Statement Warns = new(
        "score-warning",
        "A theory warns before it fails: of the forecasts of the sharpness that go wrong, at least four in five had a diagnostic above 0.1 by then.",
        "our own"
    );

    private static readonly Trial Valley = new(
        "valley",
        "polynomial-valley",
        [("slope", "-0.05,0.02,0"), ("moments", "4.1,1.5,-3"), ("gradients", "1,0.2,-0.3,0.4,-0.5,0.2,-0.3,0.1,0.6")],
        [0.01, 0, 0, 0],
        0.5,
        80
    );

    private static readonly Trial TwoParameters = new(
        "two parameters",
        "two-parameter-network",
        [("link", "power"), ("exponent", "2")],
        [-0.1, 10],
        0.011,
        60
    )
    {
        Exact = ["catapult", "quadratic-regression"],
    };

    private static readonly Trial DepthFour = new(
        "depth 4",
        "scalar-product",
        [("depth", "4"), ("target", "1")],
        [0.505, 0.8, 1.5, 5.0 / 3],
        0.34,
        60
    );

    private static readonly Trial Diagonal = new(
        "diagonal, data",
        "diagonal-regression",
        [],
        [0.1, 0.1, 0.1, 1, 1, 1],
        1.32,
        80
    )
    {
        Approach = 12,
        ApproachStepSize = 1,
        Exact = ["quadratic-regression"],
    };

    private static readonly Trial Quartic = new("Zhu's quartic", "zhu-quartic", [], [3.2, 0.32], 0.1, 120);

    private static readonly Trial Laboratory = new(
        "rotation laboratory",
        "rotation-laboratory",
        [],
        [1e-3, 1e-3, 0],
        1.1,
        60
    );

    private static readonly Trial[] Trials = [Valley, TwoParameters, DepthFour, Diagonal, Quartic, Laboratory];

    public override string Title => "Scoreboard of the theories";

    public override IReadOnlyList<Statement> Statements { get; } = [Exact, First, Negligible, Drives, Warns];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) => [.. Trials.Select(trial => trial.Run)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var scores = Trials.ToDictionary(
            trial => trial,
            trial =>
                TheoryCatalogue
                    .All.Select(theory => ForecastScore.Of(records[trial.Run].Series, theory.Name))
                    .OfType<ForecastScore>()
                    .ToDictionary(score => score.Theory)
        );
        double Error(Trial trial, string theory) =>
            scores[trial].TryGetValue(theory, out var score) && score.Sharpness.Length > 0 ? Mean(score) : double.NaN;
        bool Leads(Trial trial) =>
            ComparedTheories.Rivals.Except(trial.Exact).All(rival => !(Error(trial, rival) < Error(trial, Ours)));
        double[] Ratios(string without, string with) =>
            [
                .. Trials
                    .Select(trial => (Without: Error(trial, without), With: Error(trial, with)))
                    .Where(e => e.With > 1e-9)
                    .Select(e => e.Without / e.With),
            ];
        var rotation = Ratios(Fixed, Ours);
        var wrong = scores
            .Values.SelectMany(s => s.Values)
            .Where(s => s.Sharpness.Length > 0 && ForecastScore.WrongFrom(s.Sharpness) < s.Sharpness.Length)
            .ToArray();
        return new ChapterResult(
            [
                Exact.Judge(
                    Relation.Equal,
                    0,
                    Math.Max(
                        Math.Max(
                            scores[TwoParameters]["coupled-map"].Sharpness.Max(),
                            scores[TwoParameters]["catapult"].Sharpness.Max()
                        ),
                        scores[Diagonal]["quadratic-regression"].Sharpness.Max()
                    ),
                    1e-9,
                    "rounding, amplified by at most 10⁶ over the run",
                    "largest error of S"
                ),
                First.Judge(
                    Relation.AtLeast,
                    Trials.Length,
                    Trials.Count(Leads),
                    0,
                    "as stated",
                    "landscapes on which no rival has a smaller mean error of S"
                ),
                Negligible.Judge(
                    Relation.AtMost,
                    1.1,
                    rotation.Max(),
                    0,
                    "as stated",
                    "largest ratio of mean errors of S, rotation removed over kept"
                ),
                Drives.Judge(
                    Relation.AtLeast,
                    1.5,
                    Ratios(Memoryless, Memory).Median(),
                    0,
                    "as stated",
                    "median ratio of mean errors of S, memory removed over kept"
                ),
                Warns.Judge(
                    Relation.AtLeast,
                    0.8,
                    wrong.Length == 0
                        ? double.NaN
                        : wrong.Average(s =>
                            s.Validity.Take(ForecastScore.WrongFrom(s.Sharpness) + 1).Any(v => !(v <= 0.1)) ? 1.0 : 0
                        ),
                    0,
                    "as stated",
                    $"share of {wrong.Length} wrong forecasts"
                ),
            ],
            [
                RightFigure(
                    scores,
                    "score-right",
                    ("Sharpness", s => s.Sharpness),
                    ("Displacement", s => s.Displacement)
                ),
                RightFigure(scores, "score-right-more", ("Loss", s => s.Loss), ("Third moment m₃", s => s.ThirdMoment)),
                HorizonFigure(scores, records, "score-errors", "relative error of S", s => s.Sharpness),
                HorizonFigure(scores, records, "score-validity", "validity diagnostic", s => s.Validity),
                RunFigure(records),
            ],
            [.. Findings(scores, Error)]
        )
        {
            Tables = [Table(records, Error)],
        };
    }

    private static double Mean(ForecastScore score) =>
        score.Sharpness.Select(e => double.IsFinite(e) ? Math.Min(e, 1e3) : 1e3).Average();

    private static IEnumerable<string> Findings(
        Dictionary<Trial, Dictionary<string, ForecastScore>> scores,
        Func<Trial, string, double> error
    )
    {
        var lost = Trials
            .Where(trial =>
                ComparedTheories.Rivals.Except(trial.Exact).Any(rival => error(trial, rival) < error(trial, Ours))
            )
            .Select(trial => trial.Title)
            .ToArray();
        yield return "Left out as exact by construction: the UV model on z = Θ², quadratic regression there and on the diagonal network, whose residuals are quadratic. "
            + (
                lost.Length == 0
                    ? "Among the others ours loses on none of them."
                    : $"Ours loses to a rival on: {string.Join(", ", lost)}."
            );
        yield return $"On the valley the moment map is exact along the unstable coordinate (chapter on the curvature-moment system); along the v₁ measured at u = 0.01, which the slopes of the moments tilt, it is good to {Claim.Format(scores[Valley][Memoryless].Displacement.Max())} of the largest |u|.";
    }

    private static ChapterTable Table(RunRecords records, Func<Trial, string, double> error)
    {
        return ChapterTable.Of(
            "By landscape: how far v₁ turned, and the mean relative error of the sharpness of the system with memory and cubic coupling, beside the rival with the smallest.",
            "landscape",
            Trials,
            trial => trial.Title,
            ("v₁ turned, °", trial => Claim.Format(records[trial.Run].Series[Columns.ReferenceRotation].Max())),
            ("ours, %", trial => ChapterTable.Number(100 * error(trial, Ours))),
            ("best rival, %", trial => ChapterTable.Number(100 * error(trial, Best(trial)))),
            ("which", Best)
        );

        string Best(Trial trial) =>
            ComparedTheories
                .Rivals.Except(trial.Exact)
                .Where(rival => !double.IsNaN(error(trial, rival)))
                .MinBy(rival => error(trial, rival))!;
    }

    private static ChapterFigure RightFigure(
        Dictionary<Trial, Dictionary<string, ForecastScore>> scores,
        string name,
        (string Title, Func<ForecastScore, double[]> Errors) left,
        (string Title, Func<ForecastScore, double[]> Errors) right
    )
    {
        PlotModel Plot(string title, Func<ForecastScore, double[]> errors)
        {
            var plot = PlotStyle.Create(title, "right for this share of the horizon", "");
            plot.Axes.Remove(plot.Axes.Single(axis => axis.IsVertical()));
            var theories = new CategoryAxis
            {
                Position = AxisPosition.Left,
                FontSize = 7,
                StartPosition = 1,
                EndPosition = 0,
            };
            theories.Labels.AddRange(Shown);
            plot.Axes.Add(theories);
            var share = plot.Axes.Single(axis => axis.IsHorizontal());
            (share.Minimum, share.Maximum) = (-0.04, 1.06);
            for (var i = 0; i < Trials.Length; i++)
            {
                var points = Shown
                    .Select((theory, row) => (Row: (double)row, Score: scores[Trials[i]].GetValueOrDefault(theory)))
                    .Where(p => p.Score is not null && errors(p.Score).Length > 0)
                    .Select(p =>
                        (
                            X: ForecastScore.WrongFrom(errors(p.Score!)) / (double)errors(p.Score!).Length,
                            Y: p.Row + ((i - 2.5) * 0.11)
                        )
                    )
                    .ToArray();
                plot.AddPoints(Trials[i].Title, [.. points.Select(p => p.X)], [.. points.Select(p => p.Y)]);
            }

            return plot;
        }

        return new ChapterFigure(name, [Plot(left.Title, left.Errors), Plot(right.Title, right.Errors)], 110);
    }

    private static ChapterFigure HorizonFigure(
        Dictionary<Trial, Dictionary<string, ForecastScore>> scores,
        RunRecords records,
        string name,
        string label,
        Func<ForecastScore, double[]> values
    )
    {
        PlotModel Plot(Trial trial)
        {
            var plot = PlotStyle.Create(trial.Title, "horizon (steps)", label, logY: true);
            foreach (
                var theory in new[] { "rod-flow", "central-flow-1", "self-stabilization", Memoryless, Fixed, Ours }
            )
                if (scores[trial].GetValueOrDefault(theory) is { } score && values(score).Length > 0)
                    plot.AddTheory(
                        theory,
                        theory,
                        [.. records[trial.Run].Series[Columns.Step].Skip(2)],
                        [.. values(score).Skip(2).Select(e => Math.Max(e, 1e-8))]
                    );
            return plot;
        }

        return new ChapterFigure(name, [Plot(TwoParameters), Plot(Laboratory)], 80);
    }

    private static ChapterFigure RunFigure(RunRecords records)
    {
        PlotModel Plot(Trial trial)
        {
            var series = records[trial.Run].Series;
            var plot = PlotStyle
                .Create(trial.Title, "step after the jet", Columns.Sharpness.Label)
                .AddPoints("run", series.Array(Columns.Step), series.Array(Columns.Sharpness));
            foreach (var theory in new[] { "central-flow-1", "self-stabilization", Ours })
                plot.AddForecast(theory, series, Columns.Forecast(theory, Columns.Sharpness));
            return plot.AddHorizontal("edge 2/η", 2 / trial.StepSize);
        }

        return new ChapterFigure("score-runs", [Plot(DepthFour), Plot(Diagonal)], 78);
    }

    /// <summary>A run that all theories forecast. Those named as exact are so on its landscape by construction.</summary>
    private sealed record Trial(
        string Title,
        string Landscape,
        (string, string)[] Parameters,
        double[] Start,
        double StepSize,
        int Steps
    )
    {
        public int Approach { get; init; }

        public double? ApproachStepSize { get; init; }

        public string[] Exact { get; init; } = [];

        public CompareSpec Run =>
            new(
                LandscapeChoice.Of(Landscape, Parameters),
                Start,
                StepSize,
                Steps,
                Approach,
                [.. ComparedTheories.Asked],
                ApproachStepSize
            );
    }
}
