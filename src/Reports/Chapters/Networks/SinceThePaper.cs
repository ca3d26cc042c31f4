using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using MathNet.Numerics.Statistics;
using static FlatBias.Reports.Chapters.Networks.SinceThePaperRuns;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>
/// Quantities of later papers (section 9) on a network: the realised edge by step size and rule, critical against
/// leading sharpness, the plateaus of batch sharpness, weight decay and sign descent at their edges.
/// </summary>
internal sealed class SinceThePaper : Chapter
{
    // Of medians that hover: that of the claims of hovering in other chapters.
    private const double Hovering = 0.25;

    private static readonly Statement EdgeGd = new(
        "since-edge-gd",
        "At the edge the loss neither rises nor falls at half of the steps: the median realised edge of GD is 1 within 25 %.",
        "(9.1)"
    );
    private static readonly Statement EdgeMomentum = new(
        "since-edge-momentum",
        "… and so is that of descent with momentum, at an edge of its own.",
        "(9.1)"
    );
    private static readonly Statement EdgeSign = new("since-edge-sign", "… and that of sign descent.", "(9.1), (7.9)");
    private static readonly Statement EdgeGrows = new(
        "since-edge-grows",
        "The realised edge of GD grows with the step size: at η = 0.1 it is at least that at η = 0.05.",
        "(9.1), as reported in 2026"
    );
    private static readonly Statement CriticalAtEdge = new(
        "since-critical-at-edge",
        "At the edge the critical sharpness is the sharpness within 25 %.",
        "(9.3), R: Kalra et al. 2026"
    );
    private static readonly Statement CriticalBefore = new(
        "since-critical-before",
        "Below the edge, where the gradient does not lie along v₁, it is at most half of it.",
        "(9.3)"
    );
    private static readonly Statement BatchPlateau = new(
        "since-batch-plateau",
        "Stochastic descent in batches of 8 holds its batch sharpness at 2/η within 25 %.",
        "(9.4), R: Andreyev and Beneventano"
    );
    private static readonly Statement BatchMomentumSmall = new(
        "since-batch-momentum-small",
        "With momentum b, batches of 8 hold it at 2(1 − b)/η within 25 %.",
        "(9.4), R: Andreyev et al. 2026"
    );
    private static readonly Statement BatchMomentumLarge = new(
        "since-batch-momentum-large",
        "… and batches of 128 at 2(1 + b)/η within 25 %.",
        "(9.4), R: Andreyev et al. 2026"
    );
    private static readonly Statement DecayEdge = new(
        "since-decay-edge",
        "Weight decay w holds the sharpness of GD below 2/η − w: its stability number, decay included, is at most 1.1.",
        "(7.5)"
    );
    private static readonly Statement SignEdge = new(
        "since-sign-edge",
        "Sign descent sits at or above an edge of its own: its preconditioned stability number is at least 0.9.",
        "(7.9)"
    );

    public override string Title => "Since the paper";

    protected override IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string>
        {
            ["momentum"] = Claim.Format(Momentum),
            ["first seed"] = Claim.Format(FirstSeed + 1),
        };

    public override IReadOnlyList<Statement> Statements { get; } =
    [
        EdgeGd,
        EdgeMomentum,
        EdgeSign,
        EdgeGrows,
        CriticalAtEdge,
        CriticalBefore,
        BatchPlateau,
        BatchMomentumSmall,
        BatchMomentumLarge,
        DecayEdge,
        SignEdge,
    ];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. Seeds(settings).SelectMany(seed => All.Select(run => Spec(settings, seed, run)))];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        Dictionary<LaterRun, SeriesTable>[] seeds =
        [
            .. Seeds(settings)
                .Select(seed => All.ToDictionary(run => run, run => records[Spec(settings, seed, run)].Series)),
        ];
        return new ChapterResult(Judge(seeds), [Figure(seeds[0])], Findings(seeds)) { Tables = [Table(seeds)] };
    }

    private static IReadOnlyList<Claim> Judge(Dictionary<LaterRun, SeriesTable>[] seeds)
    {
        Claim Hovers(Statement statement, LaterRun run, string column, string quantity, double unit = 1) =>
            statement.JudgeMean(
                Relation.Equal,
                1,
                seeds,
                s => SecondHalf.Median(s[run], column) / unit,
                $"median {quantity}, second half of the run",
                Hovering,
                "as for hovering at 2/η",
                kind: QuantityKind.Size
            );
        return
        [
            Hovers(EdgeGd, Descent, Columns.RealisedEdge, "ζ"),
            Hovers(EdgeMomentum, WithMomentum, Columns.RealisedEdge, "ζ"),
            Hovers(EdgeSign, Sign, Columns.RealisedEdge, "ζ"),
            EdgeGrows.JudgeMean(
                Relation.AtLeast,
                1,
                seeds,
                s =>
                    SecondHalf.Median(s[Descent], Columns.RealisedEdge)
                    / SecondHalf.Median(s[Fine], Columns.RealisedEdge),
                "median ζ at η = 0.1 over that at η = 0.05",
                kind: QuantityKind.Size
            ),
            Hovers(CriticalAtEdge, Descent, Columns.CriticalRatio, "λ_c / S"),
            CriticalBefore.JudgeMean(
                Relation.AtMost,
                0.5,
                seeds,
                s => SecondHalf.Median(s[Below], Columns.CriticalRatio),
                "median λ_c / S, second half of the run",
                kind: QuantityKind.Size
            ),
            Hovers(BatchPlateau, SmallBatch, Columns.BatchSharpness, "batch sharpness over 2/η", 2 / StepSize),
            Hovers(
                BatchMomentumSmall,
                SmallBatchMomentum,
                Columns.BatchSharpness,
                "batch sharpness over 2(1 − b)/η",
                2 * (1 - Momentum) / StepSize
            ),
            Hovers(
                BatchMomentumLarge,
                LargeBatchMomentum,
                Columns.BatchSharpness,
                "batch sharpness over 2(1 + b)/η",
                2 * (1 + Momentum) / StepSize
            ),
            DecayEdge.JudgeMean(
                Relation.AtMost,
                1.1,
                seeds,
                s => SecondHalf.Median(s[Decayed], Columns.StabilityNumber),
                "median stability number, second half of the run",
                kind: QuantityKind.Size
            ),
            SignEdge.JudgeMean(
                Relation.AtLeast,
                0.9,
                seeds,
                s => SecondHalf.Median(s[Sign], Columns.StabilityNumber),
                "median stability number, second half of the run",
                kind: QuantityKind.Size
            ),
        ];
    }

    private static IReadOnlyList<string> Findings(Dictionary<LaterRun, SeriesTable>[] seeds)
    {
        var passes = seeds.SelectMany(s => s[Descent].Array(Columns.CriticalPasses)).Average();
        var products = seeds.SelectMany(s => s[Descent].Array(Columns.MeasurementProducts)).Average();
        return
        [
            $"Critical sharpness took {Claim.Format(passes)} forward passes a row of GD at η = 0.1 in the mean, "
                + $"{Claim.Format(passes / 3)} gradient-equivalents, where the row's eigenpairs took "
                + $"{Claim.Format(products)} Hessian products, {Claim.Format(products * 4 / 3)}.",
        ];
    }

    private static ChapterTable Table(Dictionary<LaterRun, SeriesTable>[] seeds)
    {
        (string Head, string Column)[] columns =
        [
            ("stability number", Columns.StabilityNumber),
            ("ζ", Columns.RealisedEdge),
            ("ηSΓ/2", Columns.RealisedEdgeAlongLeading),
            ("λ_c / S", Columns.CriticalRatio),
            ("|g·v₁| / |g|", Columns.GradientAlignment),
            ("batch sharpness", Columns.BatchSharpness),
            ("loss", Columns.Loss),
        ];
        return new(
            $"Medians over the second half of each run, means over {seeds.Length} seeds; the stability number is by the rule's own edge.",
            ["run", .. columns.Select(column => column.Head)],
            [
                .. All.Select(run =>
                    (string[])
                        [
                            run.Label,
                            .. columns.Select(column =>
                                ChapterTable.Number(
                                    Replicates.Mean(seeds, s => SecondHalf.Median(s[run], column.Column))
                                )
                            ),
                        ]
                ),
            ]
        );
    }

    private static ChapterFigure Figure(Dictionary<LaterRun, SeriesTable> first)
    {
        var edge = PlotStyle.Create("Realised edge", "time ηt", Columns.RealisedEdge.Label);
        foreach (var run in new[] { Fine, Descent, WithMomentum })
            edge.AddLine(run.Label, Time(first[run], run), first[run].Array(Columns.RealisedEdge));
        edge.AddHorizontal("1", 1);
        var batch = PlotStyle.Create("Batch sharpness", "time ηt", "batch sharpness over 2/η", logY: true);
        foreach (var run in new[] { SmallBatch, SmallBatchMomentum, LargeBatchMomentum })
            batch.AddLine(
                run.Label,
                Time(first[run], run),
                [.. first[run].Array(Columns.BatchSharpness).Select(v => v * StepSize / 2)]
            );
        batch.AddHorizontal("1", 1).AddHorizontal("1 − b", 1 - Momentum).AddHorizontal("1 + b", 1 + Momentum);
        return new ChapterFigure("since-edges", [edge, batch], 105);
    }

    private static double[] Time(SeriesTable series, LaterRun run) =>
        [.. series.Array(Columns.Step).Select(step => step * run.StepSize)];
}
