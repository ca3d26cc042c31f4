using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Claims;

/// <summary>(3.4)-(3.6), (1.7): rotational polarity of the leading eigenvector below and past the threshold.</summary>
internal sealed class RotationalPolarity : Chapter
{
    private static readonly Statement StartValue = new("polarity-start", "At η = 0.011 the polarity at the start is γ_β = 0.833: v₁ turns away from the sharper axis.", "(3.6) WR");
    private static readonly Statement StableAbove = new("polarity-stable", "Below the threshold γ_β > 1 throughout: v₁ turns towards the sharper axis.", "(3.5) WR");
    private static readonly Statement Flip = new("polarity-flip", "Past the threshold the polarity flips back, γ_β > 1, at every step after the peak of |Θ|.", "(3.6) WR");
    private static readonly Statement Orthogonal = new("polarity-orthogonal", "At η = 0.019 the final v₁ is orthogonal to the first.", "(3.6) WR");
    private static readonly Statement LargerTurnMore = new("polarity-step-size", "Past the threshold larger steps rotate more: the total turn of v₁ grows with η.", "(3.5) WR");
    private static readonly Statement FirstOrder = new("rotation-first-order", "The measured rotation per step is the first-order prediction, where it is below 5°.", "(1.7) D");

    public override string Title => "Rotational polarity of the leading eigenvector";

    public override IReadOnlyList<string> Introduction { get; } =
    [
        "Past the threshold the leading Hessian eigenvector does not merely oscillate: it turns. For a power link the angle is governed by β, with tan 2φ = 1/β, and one step multiplies |β| by the polarity γ_β. Above 1 the eigenvector turns towards the axis of the sharper parameter (stable, reinforced); below 1 it turns away, out of the direction that is unstable. Rotational polarity of eigenvectors (RPE) is the paper's name for this; the condition γ_β = 1 is the ordinary threshold.",
        "Tested on the runs of the previous chapter: γ_β from (3.5) along each, and the rotation of the measured v₁ against both the closed form and the first-order formula (1.7), which knows nothing of this landscape.",
    ];

    public override IReadOnlyList<Statement> Statements { get; } = [StartValue, StableAbove, Flip, Orthogonal, LargerTurnMore, FirstOrder];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
    [
        TwoParameterRuns.Run(TwoParameterRuns.Below),
        TwoParameterRuns.Run(TwoParameterRuns.Past),
        TwoParameterRuns.Run(TwoParameterRuns.Far),
        TwoParameterRuns.Sweep(settings),
    ];

    public override ChapterResult Evaluate(ReportSettings settings, IReadOnlyList<RunRecord> records)
    {
        var below = Polarity(records[0], TwoParameterRuns.Below);
        var past = Polarity(records[1], TwoParameterRuns.Past);
        var peak = Axes.IndexOfLargest(records[1].Series["loss"], 0, records[1].Series.Rows);
        var alive = Alive(records[1].Series);
        var far = records[2].Series;
        var last = far["similarity_1"][^1];
        var (stepSizes, turn) = Turns(records[3].Series);
        var rank = MathNet.Numerics.Statistics.Correlation.Spearman(stepSizes, turn);
        return new ChapterResult(
        [
            StartValue.Judge(Relation.Equal, 0.833, past[0], 5e-4, "the decimals published"),
            StableAbove.Judge(Relation.AtLeast, 1, below.Take(Alive(records[0].Series)).Min(), 0, "exact", unit: "smallest γ_β"),
            Flip.Judge(Relation.AtLeast, 1, past.Take(alive).Skip(peak + 1).Min(), 0, "exact", unit: "smallest γ_β after the peak"),
            Orthogonal.Judge(Relation.AtMost, 0, last, 0.02, "as stated", unit: "|cos|"),
            LargerTurnMore.Judge(Relation.AtLeast, 0.9, rank, 0, "rank correlation, 1 is monotone", unit: "Spearman ρ"),
            FirstOrder.Judge(Relation.AtMost, 0, Deviation(records), 0.1, "second-order terms, angle squared over angle", unit: "median relative deviation"),
        ],
        [PolarityFigure(below, past, peak, alive, records), TurnFigure(records[3].Series, records)],
        [
            $"At η = 0.011 the polarity starts at {Claim.Format(past[0])}, stays below 1 while |Θ| grows, and crosses 1 at the peak (step {peak}); at η = 0.009 it is above 1 throughout. At η = 0.019 the sharpest direction ends {Claim.Format(Math.Acos(last) * 180 / Math.PI)}° from where it began.",
        ]);
    }

    private static double[] Polarity(RunRecord record, double stepSize) => [.. TwoParameterRuns.States(record.Series).Select(s => s.Polarity(stepSize))];

    /// <summary>Rows before Theta has died out: below 1e-7 of s the polarity is a ratio of roundings.</summary>
    private static int Alive(SeriesTable series)
    {
        var states = TwoParameterRuns.States(series);
        var count = 0;
        while (count < states.Length && Math.Abs(states[count].Product) > 1e-7 * states[count].SquaredNorm) count++;
        return count;
    }

    private static double LeadingAngle(TwoParameterState state) => Math.Atan2(1, state.Beta) / 2;

    private static (double[] StepSizes, double[] Turn) Turns(SeriesTable sweep)
    {
        var first = LeadingAngle(TwoParameterRuns.Network.State(TwoParameterRuns.Start));
        var rows = Enumerable.Range(0, sweep.Rows).Where(i => sweep["step_size"][i] > TwoParameterRuns.Threshold && !double.IsNaN(sweep["sharpness"][i])).ToArray();
        return ([.. rows.Select(i => sweep["step_size"][i])], [.. rows.Select(i => Turn(sweep, i, first))]);
    }

    private static double Turn(SeriesTable sweep, int row, double first)
    {
        var angle = Math.Abs(LeadingAngle(TwoParameterRuns.Network.State([sweep["theta_1"][row], sweep["theta_2"][row]])) - first);
        return Math.Min(angle, Math.PI - angle) * 180 / Math.PI;
    }

    private static double Deviation(IReadOnlyList<RunRecord> records)
    {
        var deviations = new List<double>();
        foreach (var series in records.Take(2).Select(r => r.Series))
            for (var i = 1; i < Alive(series); i++)
                if (series["rotation_1"][i] is > 0 and < 5) deviations.Add(Math.Abs((series["predicted_rotation_1"][i] / series["rotation_1"][i]) - 1));
        return MathNet.Numerics.Statistics.Statistics.Median(deviations);
    }

    private static ChapterFigure PolarityFigure(double[] below, double[] past, int peak, int alive, IReadOnlyList<RunRecord> records)
    {
        double[] steps = [.. Enumerable.Range(0, 60).Select(i => (double)i)];
        var polarity = PlotStyle.Create("Polarity", "step", "polarity γ_β", logY: true)
            .AddLine("η = 0.009, below", steps[..Math.Min(60, Alive(records[0].Series))], below[..Math.Min(60, Alive(records[0].Series))])
            .AddLine("η = 0.011, past", steps[..Math.Min(60, alive)], past[..Math.Min(60, alive)])
            .AddHorizontal("γ_β = 1", 1)
            .AddVertical("peak of |Θ| at η = 0.011", peak);
        var series = records[1].Series;
        var rotation = PlotStyle.Create("Rotation of v₁, η = 0.011", "step", "rotation per step (degrees)")
            .AddPoints("measured", steps[1..], series.Array("rotation_1")[1..60])
            .AddLine("first order, (1.7)", steps[1..], series.Array("predicted_rotation_1")[1..60])
            .AddVertical("peak of |Θ|", peak);
        return new ChapterFigure(
            "polarity", [polarity, rotation], 80,
            "Left: polarity along a run below the threshold and one past it. Below, it stays above 1. Past, it starts below 1 (the eigenvector turns away), and returns above 1 where the instability resolves. Right: the measured turn of v₁ in each step, with the first-order prediction from third derivatives; they part where the angle is no longer small.");
    }

    private static ChapterFigure TurnFigure(SeriesTable sweep, IReadOnlyList<RunRecord> records)
    {
        var first = LeadingAngle(TwoParameterRuns.Network.State(TwoParameterRuns.Start));
        var rows = Enumerable.Range(0, sweep.Rows).Where(i => !double.IsNaN(sweep["sharpness"][i])).ToArray();
        var largest = records.Take(3).Select(r => r.Series["rotation_1"].Skip(1).Max()).ToArray();
        var plot = PlotStyle.Create("Turn of the leading eigenvector", "step size η", "angle (degrees)")
            .AddPoints("first to final v₁", [.. rows.Select(i => sweep["step_size"][i])], [.. rows.Select(i => Turn(sweep, i, first))])
            .AddPoints("largest turn in one step, three runs", [TwoParameterRuns.Below, TwoParameterRuns.Past, TwoParameterRuns.Far], largest, size: 4)
            .AddVertical($"threshold η = {Claim.Format(TwoParameterRuns.Threshold)}", TwoParameterRuns.Threshold);
        return new ChapterFigure(
            "rotation-step-size", [plot], 75,
            "Angle between the first and the final leading eigenvector against the step size, with the largest turn within one step for three of the runs. Below the threshold it hardly turns; just past it, the turn during the instability is undone; far past, the final direction may be the other axis altogether.");
    }
}
