using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(7.1)-(7.3): adaptive rules damp an instability away, Clipped-Ada restores it.</summary>
internal sealed class OptimisersOnLandscapes : Chapter
{
    private const double StepSize = 0.011;

    private static readonly Rule Descent = new(OptimiserSpec.GradientDescent, "SGD (no noise)", 0.54, 9.83);
    private static readonly Rule RmsProp = new(
        OptimiserSpec.Of("rmsprop").With("second-decay", 0.9),
        "RMSProp",
        0.00,
        9.94
    );
    private static readonly Rule Floor = new(RmsPropWithin("max-ada"), "max rule, c = 1", 0.00, 10.00);
    private static readonly Rule Ceiling = new(RmsPropWithin("clipped-ada"), "Clipped-Ada, c = 1", 0.39, 9.74);
    private static readonly Rule[] Rules = [Descent, RmsProp, Floor, Ceiling];

    private static readonly Statement Published = new(
        "optimisers-published",
        "After 10 steps on z = Θ² the four rules stand where published.",
        "(7.3) WR"
    );
    private static readonly Statement Damped = new(
        "rmsprop-damps",
        "RMSProp damps the instability away: in the first 60 steps the loss never exceeds its first value.",
        "after (7.2) WR"
    );
    private static readonly Statement Restored = new(
        "clipped-ada-restores",
        "Clipped-Ada restores it: the loss rises by a factor of ten or more.",
        "after (7.2) WR"
    );
    private static readonly Statement Flatter = new(
        "clipped-ada-flattens",
        "With the instability comes the flattening: after 60 steps Clipped-Ada is at least a tenth flatter than RMSProp.",
        "after (7.2) WR"
    );
    private static readonly Statement Mirror = new(
        "max-rule-control",
        "The mirror rule, a floor instead of a ceiling, does not flatten: after 60 steps it is no flatter than RMSProp.",
        "after (7.2) WR"
    );
    private static readonly Statement LongRun = new(
        "clipped-ada-long-run",
        "The difference lasts: after 400 steps Clipped-Ada is still at least a tenth flatter than RMSProp.",
        "our extrapolation"
    );

    public override string Title => "Adaptive rules: damped and restored instabilities";

    public override IReadOnlyList<Statement> Statements { get; } =
    [Published, Damped, Restored, Flatter, Mirror, LongRun];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) => [.. Rules.Select(rule => rule.Run)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var worst = 0.0;
        foreach (var rule in Rules)
        {
            var series = Series(rule);
            worst = Math.Max(
                worst,
                Math.Max(
                    Math.Abs(Math.Abs(series[Columns.Coordinate[1]][10]) - rule.First),
                    Math.Abs(series[Columns.Coordinate[2]][10] - rule.Second)
                )
            );
        }

        SeriesTable Series(Rule rule) => records[rule.Run].Series;
        double Sharpness(Rule rule, int step) => Series(rule)[Columns.Sharpness][Math.Min(step, Series(rule).Rows - 1)];
        double Peak(Rule rule) => Series(rule)[Columns.Loss].Take(61).Max() / Series(rule)[Columns.Loss][0];
        double Over(Rule rule, int step) => Sharpness(rule, step) / Sharpness(RmsProp, step);
        return new ChapterResult(
            [
                Published.Judge(
                    Relation.Equal,
                    0,
                    worst,
                    5.1e-3,
                    "the decimals published",
                    "largest deviation of a coordinate"
                ),
                Damped.Judge(Relation.AtMost, 1, Peak(RmsProp), 0, "exact", "largest over first loss, RMSProp"),
                Restored.Judge(
                    Relation.AtLeast,
                    10,
                    Peak(Ceiling),
                    0,
                    "our reading of: restored",
                    "largest over first loss, Clipped-Ada"
                ),
                Flatter.Judge(
                    Relation.AtMost,
                    0.9,
                    Over(Ceiling, 60),
                    0,
                    "as stated",
                    "S of Clipped-Ada over S of RMSProp, step 60"
                ),
                Mirror.Judge(
                    Relation.AtLeast,
                    1,
                    Over(Floor, 60),
                    1e-3,
                    "rounding of equal values",
                    "S of the max rule over S of RMSProp, step 60"
                ),
                LongRun.Judge(
                    Relation.AtMost,
                    0.9,
                    Over(Ceiling, 400),
                    0,
                    "as stated",
                    "S of Clipped-Ada over S of RMSProp, step 400"
                ),
            ],
            [Figure(records)],
            [
                "The published contrast holds through the first instability. It does not last: once the loss is near zero the running size of the gradient shrinks with it, the effective step of RMSProp and of Clipped-Ada alike grows without bound (no clip limits a divisor from below), and both fall into the same small sustained oscillation at their own edge, which flattens steadily from then on. Only the floor of the max rule prevents it.",
            ]
        )
        {
            Tables =
            [
                ChapterTable.Of(
                    "Sharpness by rule.",
                    "rule",
                    Rules,
                    rule => rule.Label,
                    ("after 60 steps", rule => Claim.Format(Sharpness(rule, 60))),
                    ("after 400 steps", rule => Claim.Format(Sharpness(rule, 400)))
                ),
            ],
        };
    }

    private static ChapterFigure Figure(RunRecords records)
    {
        const int shown = 300;
        var sharpness = PlotStyle.Create("Sharpness", Columns.Step.Label, Columns.Sharpness.Label);
        var effective = PlotStyle.Create("Stability number", Columns.Step.Label, "ηS_eff / edge", logY: true);
        foreach (var rule in Rules)
        {
            var series = records[rule.Run].Series;
            var steps = series.Array(Columns.Step)[..Math.Min(shown, series.Rows)];
            sharpness.AddLine(rule.Label, steps, series.Array(Columns.Sharpness)[..steps.Length]);
            effective.AddLine(rule.Label, steps, series.Array(Columns.StabilityNumber)[..steps.Length]);
        }

        sharpness.AddHorizontal("2/η", 2 / StepSize);
        effective.AddHorizontal("edge", 1);
        return new ChapterFigure("optimisers", [sharpness, effective], 70);
    }

    /// <summary>A clamped rule that is RMSProp but for its clamp at 1.</summary>
    private static OptimiserSpec RmsPropWithin(string clamped) =>
        OptimiserSpec
            .Of(clamped)
            .With("momentum", 0)
            .With("second-decay", 0.9)
            .With("clip", 1)
            .With("bias-correction", Parameter.Off);

    /// <summary>A rule, its label, and where it stands after ten steps as published: |theta_1| and theta_2.</summary>
    private sealed record Rule(OptimiserSpec Optimiser, string Label, double First, double Second)
    {
        public SimulationSpec Run { get; } =
            new(TwoParameterRuns.Landscape, [0.1, 10], StepSize) { Steps = 400, Optimiser = Optimiser };
    }
}
