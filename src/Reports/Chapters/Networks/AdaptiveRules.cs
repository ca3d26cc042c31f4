using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using MathNet.Numerics.Statistics;
using static FlatBias.Reports.Chapters.Networks.AdaptiveRuns;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(8.5): adaptive rules on a network: do they damp instabilities away, and with them the flattening, and does Clipped-Ada restore both?</summary>
internal sealed class AdaptiveRules : Chapter
{
    private static readonly Statement Fewer = new(
        "adaptive-fewer-instabilities",
        "Adam and RMSProp go through fewer instabilities than GD on the way to the same loss.",
        "after (7.2) WR"
    );
    private static readonly Statement RmsPropEdge = new(
        "rmsprop-own-edge",
        "RMSProp sits at an edge of its own: its preconditioned sharpness is 2/η within 25 %.",
        "(7.1), Cohen et al. 2022"
    );
    private static readonly Statement AdamEdge = new(
        "adam-own-edge",
        "… and Adam at its own, (2 + 2b₁)/((1 − b₁)η) = 38/η.",
        "(7.1), Cohen et al. 2022"
    );
    private static readonly Statement RmsPropSharper = new(
        "rmsprop-sharper",
        "At equal loss RMSProp is at least a tenth sharper than GD.",
        "after (7.2) WR"
    );
    private static readonly Statement AdamSharper = new(
        "adam-sharper",
        "At equal loss Adam is at least a tenth sharper than GD.",
        "after (7.2) WR"
    );
    private static readonly Statement TurnsLess = new(
        "adaptive-turns-less",
        "With the instabilities goes the rotation: the leading frame turns less under Adam and RMSProp than under GD.",
        "after (3.5) WR"
    );
    private static readonly Statement Restores = new(
        "clipped-ada-more-instabilities",
        "Clipped-Ada restores instabilities: more than under Adam.",
        "after (7.2) WR"
    );
    private static readonly Statement Flatter = new(
        "clipped-ada-network-flatter",
        "… and the flattening: at equal loss it is at least a tenth flatter than Adam.",
        "after (7.2) WR"
    );
    private static readonly Statement BareFlatter = new(
        "clipped-rmsprop-flatter",
        "Without momentum, where 2c/η = 40 bounds the sharpness that a ceiling that binds leaves stable, it is at least a tenth flatter than RMSProp.",
        "(7.1), (7.2)"
    );
    private static readonly Statement Generalises = new(
        "clipped-ada-accuracy",
        "Restoring instabilities improves generalisation: at equal loss Clipped-Ada's test accuracy is not below Adam's.",
        "WR, for Adam"
    );
    private static readonly Statement Control = new(
        "max-rule-network-control",
        "The mirror rule, a floor, does not flatten: at equal loss it is no flatter than Adam.",
        "after (7.2) WR"
    );

    public override string Title => "Adaptive rules on a network";

    protected override IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string> { ["step size"] = Claim.Format(StepSize), ["target"] = Claim.Format(Target) };

    public override IReadOnlyList<Statement> Statements { get; } =
    [
        Fewer,
        RmsPropEdge,
        AdamEdge,
        RmsPropSharper,
        AdamSharper,
        TurnsLess,
        Restores,
        Flatter,
        BareFlatter,
        Generalises,
        Control,
    ];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) => [.. Specs(settings)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var rules = Rules(settings);
        Dictionary<RuleUnderTest, RunRecord>[] seeds =
        [
            .. AllSeeds(settings)
                .Select(seed => rules.ToDictionary(rule => rule, rule => records[Run(settings, seed, rule)])),
        ];
        return new ChapterResult(
            Judge(seeds),
            [PathFigure(rules, seeds[0]), EqualLossFigure(rules, seeds)],
            Findings(rules, seeds)
        )
        {
            Tables = [Table(rules, seeds)],
        };
    }

    private static IReadOnlyList<Claim> Judge(Dictionary<RuleUnderTest, RunRecord>[] seeds)
    {
        static double Ratio(Dictionary<RuleUnderTest, RunRecord> s, RuleUnderTest a, RuleUnderTest b) =>
            At(s[a], Columns.Sharpness) / At(s[b], Columns.Sharpness);
        return
        [
            Fewer.JudgeMean(
                Relation.AtLeast,
                1,
                seeds,
                s => Count(s[Descent]) - ((Count(s[Adam]) + Count(s[RmsProp])) / 2),
                "instabilities of GD less the mean of Adam's and RMSProp's"
            ),
            RmsPropEdge.JudgeMean(
                Relation.Equal,
                1,
                seeds,
                s => OwnEdge(s[RmsProp]),
                "median stability number, second half of the way",
                0.25,
                kind: QuantityKind.Size
            ),
            AdamEdge.JudgeMean(
                Relation.Equal,
                1,
                seeds,
                s => OwnEdge(s[Adam]),
                "median stability number, second half of the way",
                0.25,
                kind: QuantityKind.Size
            ),
            RmsPropSharper.JudgeMean(
                Relation.AtLeast,
                1.1,
                seeds,
                s => Ratio(s, RmsProp, Descent),
                "S of RMSProp over S of GD",
                kind: QuantityKind.Size
            ),
            AdamSharper.JudgeMean(
                Relation.AtLeast,
                1.1,
                seeds,
                s => Ratio(s, Adam, Descent),
                "S of Adam over S of GD",
                kind: QuantityKind.Size
            ),
            TurnsLess.JudgeMean(
                Relation.AtLeast,
                0,
                seeds,
                s => ((Turn(s[Adam]) + Turn(s[RmsProp])) / 2) - Turn(s[Descent]),
                "largest ρₖ, mean of Adam's and RMSProp's, less GD's",
                kind: QuantityKind.Correlation
            ),
            Restores.JudgeMean(
                Relation.AtLeast,
                1,
                seeds,
                s => Count(s[Clipped]) - Count(s[Adam]),
                "instabilities of Clipped-Ada, c = 0.1, less Adam's"
            ),
            Flatter.JudgeMean(
                Relation.AtMost,
                0.9,
                seeds,
                s => Ratio(s, Clipped, Adam),
                "S of Clipped-Ada, c = 0.1, over S of Adam",
                kind: QuantityKind.Size
            ),
            BareFlatter.JudgeMean(
                Relation.AtMost,
                0.9,
                seeds,
                s => Ratio(s, ClippedBare, RmsProp),
                "S of Clipped-Ada, c = 0.1, b₁ = 0, over S of RMSProp",
                kind: QuantityKind.Size
            ),
            Generalises.JudgeMean(
                Relation.AtLeast,
                0,
                seeds,
                s => 100 * (At(s[Clipped], NetworkColumns.TestAccuracy) - At(s[Adam], NetworkColumns.TestAccuracy)),
                "test accuracy of Clipped-Ada, c = 0.1, less Adam's",
                unit: "%",
                kind: QuantityKind.Points
            ),
            Control.JudgeMean(
                Relation.AtLeast,
                1,
                seeds,
                s => Ratio(s, Mirror, Adam),
                "S of the max rule over S of Adam",
                kind: QuantityKind.Size
            ),
        ];
    }

    private static double At(RunRecord run, string column) => EqualLoss.At(run.Series, Target, column);

    private static double Count(RunRecord run) => EqualLoss.Instabilities(run.Series, Target);

    private static double Turn(RunRecord run) => EqualLoss.Similarity(run.Series, Target);

    /// <summary>The median stability number over the second half of the measurements up to the loss of the comparison; NaN when it is never reached.</summary>
    private static double OwnEdge(RunRecord run)
    {
        if (EqualLoss.Row(run.Series, Target) is not { } last)
            return double.NaN;
        var end = last + 1;
        return run.Series.Array(Columns.StabilityNumber)[(end / 2)..end].Median();
    }

    private static IReadOnlyList<string> Findings(
        IReadOnlyList<RuleUnderTest> rules,
        Dictionary<RuleUnderTest, RunRecord>[] seeds
    )
    {
        var idle = rules
            .Select(rule => (rule.Optimiser, Seeds: seeds.Count(s => Same(s[rule], s[Adam]))))
            .Where(r => r.Optimiser.Name == "clipped-ada" && r.Optimiser.Values.Number("momentum") > 0)
            .ToArray();
        return
        [
            $"{seeds.Sum(s => s.Values.Count(r => EqualLoss.Row(r.Series, Target) is null))} of {seeds.Sum(s => s.Count)} runs did not reach loss {Claim.Format(Target)} and are left out of all means.",
            $"How much of the sharpness there is the start's: it goes from {Claim.Format(Replicates.Mean(seeds, s => s[Adam].Series[Columns.Sharpness][0]))} at the initial weights, the same for all rules, to its value at the next measurement, the last column of the table, already. What happens between the two is not in the counts of instabilities.",
            "A ceiling that no running root of a gradient's component reaches leaves Adam as it is, bit for bit. Seeds where that is so: "
                + string.Join(
                    ", ",
                    idle.Select(r =>
                        $"{r.Seeds} of {seeds.Length} at c = {Claim.Format(r.Optimiser.Values.Number("clip"))}"
                    )
                )
                + ".",
        ];
    }

    private static ChapterTable Table(IReadOnlyList<RuleUnderTest> rules, Dictionary<RuleUnderTest, RunRecord>[] seeds)
    {
        return ChapterTable.Of(
            $"By rule, where the loss reaches {Claim.Format(Target)}, means over {seeds.Length} seeds; the stability number is by the rule's own edge, its median over the second half of the way there.",
            "rule",
            rules,
            rule => rule.Label,
            ("S", Mean(r => At(r, Columns.Sharpness))),
            ("stability number", Mean(OwnEdge)),
            ("instabilities", Mean(Count)),
            ("largest ρₖ", Mean(Turn)),
            ("test accuracy, %", Mean(r => 100 * At(r, NetworkColumns.TestAccuracy))),
            ("steps", Mean(r => At(r, Columns.Step))),
            ("S, second row", Mean(r => r.Series[Columns.Sharpness][1]))
        );

        Func<RuleUnderTest, string> Mean(Func<RunRecord, double> measure) =>
            rule => ChapterTable.Number(Replicates.Mean(seeds, s => measure(s[rule])));
    }

    private static bool Same(RunRecord a, RunRecord b) =>
        a.Series.Array(Columns.Loss).AsSpan().SequenceEqual(b.Series.Array(Columns.Loss));

    private static ChapterFigure PathFigure(
        IReadOnlyList<RuleUnderTest> rules,
        Dictionary<RuleUnderTest, RunRecord> first
    )
    {
        var sharpness = PlotStyle.Create(
            "Sharpness against loss",
            "training loss (half squared error)",
            Columns.Sharpness.Label,
            logX: true,
            logY: true
        );
        var number = PlotStyle.Create(
            "Stability number against loss",
            "training loss (half squared error)",
            "ηS_{eff} / edge",
            logX: true,
            logY: true
        );
        foreach (var rule in rules)
        {
            var series = first[rule].Series;
            int[] rows = [.. Enumerable.Range(0, series.Rows).Where(i => series[Columns.Loss][i] < 0.5)];
            double[] loss = [.. rows.Select(i => series[Columns.Loss][i])];
            sharpness.AddLine(rule.Label, loss, [.. rows.Select(i => series[Columns.Sharpness][i])]);
            number.AddLine(rule.Label, loss, [.. rows.Select(i => series[Columns.StabilityNumber][i])]);
        }

        sharpness.AddVertical($"loss {Claim.Format(Target)}", Target);
        number.AddHorizontal("edge", 1).AddVertical($"loss {Claim.Format(Target)}", Target);
        return new ChapterFigure("adaptive-paths", [sharpness, number], 105);
    }

    private static ChapterFigure EqualLossFigure(
        IReadOnlyList<RuleUnderTest> rules,
        Dictionary<RuleUnderTest, RunRecord>[] seeds
    )
    {
        var accuracy = PlotStyle.Create(
            "Test accuracy at equal loss",
            Columns.Sharpness.Label,
            "test accuracy (%)",
            logX: true
        );
        var turn = PlotStyle.Create(
            "Turn at equal loss",
            Columns.Sharpness.Label,
            "largest similarity ρₖ, k = 1..4",
            logX: true
        );
        foreach (var rule in rules)
        {
            double[] sharpness = [.. seeds.Select(s => At(s[rule], Columns.Sharpness))];
            accuracy.AddPoints(
                rule.Label,
                sharpness,
                [.. seeds.Select(s => 100 * At(s[rule], NetworkColumns.TestAccuracy))]
            );
            turn.AddPoints(rule.Label, sharpness, [.. seeds.Select(s => Turn(s[rule]))]);
        }

        turn.AddHorizontal("0.7", 0.7);
        return new ChapterFigure("adaptive-equal-loss", [accuracy, turn], 105);
    }
}
