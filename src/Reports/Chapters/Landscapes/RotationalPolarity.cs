using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(3.4)-(3.6), (1.7): rotational polarity of the leading eigenvector below and past the threshold.</summary>
internal sealed class RotationalPolarity : Chapter
{
    private const double Degrees = 180 / Math.PI;

    private static readonly Statement StartValue = new(
        "polarity-start",
        "At η = 0.011 the polarity at the start is γ_β = 0.833: v₁ turns away from the sharper axis.",
        "(3.6) WR"
    );
    private static readonly Statement StableAbove = new(
        "polarity-stable",
        "Below the threshold γ_β > 1 throughout: v₁ turns towards the sharper axis.",
        "(3.5) WR"
    );
    private static readonly Statement Flip = new(
        "polarity-flip",
        "Past the threshold the polarity flips back, γ_β > 1, at every step after the peak of |Θ|.",
        "(3.6) WR"
    );
    private static readonly Statement Orthogonal = new(
        "polarity-orthogonal",
        "At η = 0.019 the final v₁ is orthogonal to the first.",
        "(3.6) WR"
    );
    private static readonly Statement LargerTurnMore = new(
        "polarity-step-size",
        "Past the threshold larger steps rotate more: from one point, the turn of v₁ in a step grows with η.",
        "(3.5) WR"
    );
    private static readonly Statement FirstOrder = new(
        "rotation-first-order",
        "The measured rotation per step is the first-order prediction, where it is between 0.1° and 5°.",
        "(1.7) D"
    );

    public override string Title => "Rotational polarity of the leading eigenvector";

    public override IReadOnlyList<Statement> Statements { get; } =
    [StartValue, StableAbove, Flip, Orthogonal, LargerTurnMore, FirstOrder];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. TwoParameterRuns.StepSizes.Select(TwoParameterRuns.Run), TwoParameterRuns.Sweep(settings), FirstSteps];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        SeriesTable[] runs =
        [
            .. TwoParameterRuns.StepSizes.Select(stepSize => records[TwoParameterRuns.Run(stepSize)].Series),
        ];
        var pastRun = records[TwoParameterRuns.Run(TwoParameterRuns.Past)].Series;
        var below = Polarity(records[TwoParameterRuns.Run(TwoParameterRuns.Below)].Series, TwoParameterRuns.Below);
        var past = Polarity(pastRun, TwoParameterRuns.Past);
        var peak = Axes.IndexOfLargest([.. pastRun[Columns.Loss]], 0, pastRun.Rows);
        var last = records[TwoParameterRuns.Run(TwoParameterRuns.Far)].Series[Columns.Similarity[1]][^1];
        var (stepSizes, turn) = Turns(records[FirstSteps].Series);
        var beyond = Array.FindIndex(stepSizes, h => h > TwoParameterRuns.Threshold);
        return new ChapterResult(
            [
                StartValue.Judge(Relation.Equal, 0.833, past[0], 5e-4, "the decimals published", "γ_β at step 0"),
                StableAbove.Judge(Relation.AtLeast, 1, below.Min(), 0, "exact", "smallest γ_β of the run"),
                Flip.Judge(Relation.AtLeast, 1, past.Skip(peak + 1).Min(), 0, "exact", "smallest γ_β after the peak"),
                Orthogonal.Judge(Relation.Equal, 0, last, 0.02, "as stated", "|cos| of the angle between them"),
                LargerTurnMore.Judge(
                    Relation.AtLeast,
                    0.999,
                    Correlation.Spearman(stepSizes[beyond..], turn[beyond..]),
                    0,
                    "1 is monotone",
                    "Spearman's ρ of turn and η"
                ),
                FirstOrder.Judge(
                    Relation.Equal,
                    0,
                    Deviation(runs),
                    0.1,
                    "second-order terms",
                    "median relative deviation"
                ),
            ],
            [
                PolarityFigure(below, past, peak, pastRun),
                TurnFigure(runs, Turns(records[TwoParameterRuns.Sweep(settings)].Series), (stepSizes, turn)),
            ],
            [
                $"At η = 0.011 the polarity starts at {Claim.Format(past[0])}, stays below 1 while |Θ| grows, and crosses 1 at the peak (step {peak}); at η = 0.009 it is above 1 throughout. At η = 0.019 the sharpest direction ends {Claim.Format(Math.Acos(last) * Degrees)}° from where it began.",
                "The turn within a step grows with η; the turn that is left at the end does not do so steadily: just past the threshold it is undone while the instability resolves, and only far past it does the sharpest direction end up on the other axis.",
            ]
        );
    }

    /// <summary>One step from the start at each step size.</summary>
    private static GridSpec FirstSteps { get; } =
        new(TwoParameterRuns.Landscape, Axes.Linear(0.004, 0.0205, 166), [TwoParameterRuns.Start], 1, 0);

    /// <summary>gamma_beta along a run until Theta has died out: below 1e-7 of s it is a ratio of roundings.</summary>
    private static double[] Polarity(SeriesTable series, double stepSize) =>
        [
            .. TwoParameterRuns
                .States(series)
                .TakeWhile(s => Math.Abs(s.Product) > 1e-7 * s.SquaredNorm)
                .Select(s => s.Polarity(stepSize)),
        ];

    /// <summary>The angle in degrees between v_1 at the start and at the end points of a grid, diverged runs left out.</summary>
    private static (double[] StepSizes, double[] Turn) Turns(SeriesTable series)
    {
        var first = TwoParameterRuns.Network.State(TwoParameterRuns.Start).LeadingAngle;
        var rows = Enumerable.Range(0, series.Rows).Where(i => !double.IsNaN(series[Columns.Sharpness][i])).ToArray();
        return (
            [.. rows.Select(i => series[Columns.StepSize][i])],
            [
                .. rows.Select(i =>
                {
                    var angle = Math.Abs(
                        TwoParameterRuns
                            .Network.State([series[Columns.Coordinate[1]][i], series[Columns.Coordinate[2]][i]])
                            .LeadingAngle - first
                    );
                    return Math.Min(angle, Math.PI - angle) * Degrees;
                }),
            ]
        );
    }

    private static double Deviation(SeriesTable[] runs)
    {
        var deviations = runs.SelectMany(run => run[Columns.Rotation[1]].Zip(run[Columns.PredictedRotation]))
            .Where(pair => pair.First is > 0.1 and < 5)
            .Select(pair => Math.Abs((pair.Second / pair.First) - 1));
        return deviations.Median();
    }

    private static ChapterFigure PolarityFigure(double[] below, double[] past, int peak, SeriesTable pastRun)
    {
        const int shown = 50;
        double[] steps = [.. Enumerable.Range(0, shown).Select(i => (double)i)];
        var polarity = PlotStyle
            .Create("Polarity", Columns.Step.Label, "polarity γ_β")
            .AddLine("η = 0.009, below", steps[..Math.Min(shown, below.Length)], below[..Math.Min(shown, below.Length)])
            .AddLine("η = 0.011, past", steps[..Math.Min(shown, past.Length)], past[..Math.Min(shown, past.Length)])
            .AddHorizontal("γ_β = 1", 1)
            .AddVertical("peak of |Θ| at η = 0.011", peak);
        var rotation = PlotStyle
            .Create("Rotation of v₁, η = 0.011", Columns.Step.Label, "rotation per step (degrees)")
            .AddPoints("measured", steps[1..], pastRun.Array(Columns.Rotation[1])[1..shown])
            .AddLine("first order, (1.7)", steps[1..], pastRun.Array(Columns.PredictedRotation)[1..shown])
            .AddVertical("peak of |Θ|", peak);
        return new ChapterFigure("polarity", [polarity, rotation], 66);
    }

    private static ChapterFigure TurnFigure(
        SeriesTable[] runs,
        (double[] StepSizes, double[] Turn) sweep,
        (double[] StepSizes, double[] Turn) firstSteps
    )
    {
        var plot = PlotStyle
            .Create("Turn of the leading eigenvector", Columns.StepSize.Label, "angle (degrees)")
            .AddPoints("start to end of the run", sweep.StepSizes, sweep.Turn)
            .AddLine("first step", firstSteps.StepSizes, firstSteps.Turn)
            .AddPoints(
                "largest in one step, three runs",
                TwoParameterRuns.StepSizes,
                [.. runs.Select(run => run[Columns.Turn].Skip(1).Max())],
                size: 4
            )
            .AddVertical($"threshold η = {Claim.Format(TwoParameterRuns.Threshold)}", TwoParameterRuns.Threshold);
        return new ChapterFigure("rotation-step-size", [plot], 60);
    }
}
