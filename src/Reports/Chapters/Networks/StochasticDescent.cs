using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;
using static FlatBias.Reports.Chapters.Networks.StochasticRuns;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(8.4): SGD against GD at equal step size, and against a control that has the noise and not the instabilities.</summary>
internal sealed class StochasticDescent : Chapter
{
    private const double Edge = 2 / StepSize;

    private static readonly Statement LargeBatch = new(
        "sgd-large-batch-edge",
        "With large batches the sharpness sits at 2/η as under GD, within 15 %.",
        "(8.4)"
    );
    private static readonly Statement SmallBatch = new(
        "sgd-small-batch-below",
        "With the smallest batch it sits at least a tenth below 2/η.",
        "(8.4)"
    );
    private static readonly Statement Ordered = new(
        "sgd-smaller-flatter",
        "The smaller the batch, the flatter.",
        "(8.4)"
    );
    private static readonly Statement Turns = new(
        "sgd-turns",
        "The leading frame still turns under SGD: by the criterion of (8.2), ρₖ below 0.7 for every k = 1..4.",
        "WR, for SGD"
    );
    private static readonly Statement TurnsMore = new(
        "sgd-turns-more-than-noise",
        "… and more than noise alone turns it.",
        "WR, for SGD"
    );
    private static readonly Statement Below = new(
        "sgd-control-below-edge",
        "The noise-only control is one: its stability number stays below 1.",
        "(1.2), a check"
    );
    private static readonly Statement FlattensLess = new(
        "sgd-noise-flattens-less",
        "Noise alone flattens less: the control is at least a tenth sharper than SGD.",
        "WR, for SGD"
    );
    private static readonly Statement Outweighs = new(
        "sgd-instability-outweighs",
        "Instabilities outweigh the noise: at most half of the flattening is there with noise alone.",
        "WR, for SGD"
    );

    public override string Title => "Stochastic descent of a network, and noise alone";

    protected override IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string>
        {
            ["step size"] = Claim.Format(StepSize),
            ["target"] = Claim.Format(Target),
            ["scale"] = Settings.Text(Scale),
        };

    public override IReadOnlyList<Statement> Statements { get; } =
    [LargeBatch, SmallBatch, Ordered, Turns, TurnsMore, Below, FlattensLess, Outweighs];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) => [.. Specs(settings)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var seeds = Of(settings, records);
        return new ChapterResult(
            Judge(settings, seeds),
            [
                StochasticFigures.Sharpness(seeds[0]),
                StochasticFigures.BySize(settings, seeds),
                StochasticFigures.NoiseAndAccuracy(settings, seeds),
            ],
            Findings(seeds)
        )
        {
            Tables = [Table(settings, seeds)],
        };
    }

    private static IReadOnlyList<Claim> Judge(ReportSettings settings, StochasticRuns[] seeds)
    {
        var sizes = Batches(settings);
        return
        [
            LargeBatch.JudgeMean(
                Relation.Equal,
                Edge,
                seeds,
                s => At(s.Sgd[^2], Columns.Sharpness),
                $"S at batch size {sizes[^2]}",
                0.15 * Edge,
                "15 %",
                kind: QuantityKind.Size
            ),
            SmallBatch.JudgeMean(
                Relation.AtMost,
                0.9 * Edge,
                seeds,
                s => At(s.Sgd[0], Columns.Sharpness),
                $"S at batch size {sizes[0]}",
                kind: QuantityKind.Size
            ),
            Ordered.JudgeMean(
                Relation.AtLeast,
                0.8,
                seeds,
                s => Replicates.Rank(sizes.Zip(s.Sgd, (b, r) => ((double)b, At(r, Columns.Sharpness)))),
                "Spearman's ρ of batch size and S",
                kind: QuantityKind.Correlation
            ),
            Turns.JudgeMean(
                Relation.AtMost,
                0.7,
                seeds,
                s => s.Sgd[..^1].Average(Similarity),
                "largest ρₖ, over minibatch sizes",
                0,
                "the paper's criterion",
                kind: QuantityKind.Share
            ),
            TurnsMore.JudgeMean(
                Relation.AtLeast,
                0,
                seeds,
                s => s.Pairs.Average(p => Similarity(p.Control) - Similarity(p.Sgd)),
                "largest ρₖ of the control less SGD's, over minibatch sizes",
                kind: QuantityKind.Correlation
            ),
            Below.Judge(
                Relation.AtMost,
                1,
                seeds.Max(s => s.Controls.Max(r => r.Series[Columns.StabilityNumber].Max())),
                0,
                "as stated",
                "largest ηS/2 measured on a control"
            ),
            FlattensLess.JudgeMean(
                Relation.AtLeast,
                1.1,
                seeds,
                s => s.Pairs.Average(p => At(p.Control, Columns.Sharpness) / At(p.Sgd, Columns.Sharpness)),
                "S of the control over SGD's, over minibatch sizes",
                kind: QuantityKind.Size
            ),
            Outweighs.JudgeMean(
                Relation.AtMost,
                0.5,
                seeds,
                s => s.Pairs.Average(s.NoiseShare),
                "ln(S₀/S) of the control over SGD's, over minibatch sizes"
            ),
        ];
    }

    private static IReadOnlyList<string> Findings(StochasticRuns[] seeds) =>
        [
            $"{seeds.Sum(s => s.Sgd.Concat(s.Controls).Count(r => EqualLoss.Row(r.Series, Target) is null))} runs did not reach loss {Claim.Format(Target)} and leave their seed out of the means that need them.",
            "Two cautions. The loss of an iterate includes what its own noise costs, so a small batch is compared later in training than a large one; its control shares that. And the noise is in the curvature too: under batches of a few images single samples can be beyond an edge of their own. The control has that as SGD has, and it counts as noise here.",
        ];

    private static ChapterTable Table(ReportSettings settings, StochasticRuns[] seeds)
    {
        var sizes = Batches(settings);
        var controlled = Controlled(settings);
        return ChapterTable.Of(
            $"By batch size of SGD, where the loss reaches {Claim.Format(Target)}, means over {seeds.Length} seeds: SGD, and the control with its noise alone. Instabilities (1.8) are those before, seen at one measurement in {Claim.Format(Cadence / StepSize)} steps; the variance is that of the gradient along v₁ over the samples.",
            "batch size",
            sizes,
            size => size == sizes[^1] ? $"{size}, full" : $"{size}",
            ("S", Sgd(r => At(r, Columns.Sharpness))),
            ("S, noise alone", Control(r => At(r, Columns.Sharpness))),
            (
                "flattening by noise alone, %",
                Mean((s, size) => Pair(s, size) is { } pair ? 100 * s.NoiseShare(pair) : double.NaN)
            ),
            ("test accuracy, %", Sgd(r => 100 * At(r, NetworkColumns.TestAccuracy))),
            ("test accuracy, noise alone, %", Control(r => 100 * At(r, NetworkColumns.TestAccuracy))),
            ("instabilities", Sgd(r => EqualLoss.Instabilities(r.Series, Target))),
            ("gradient variance", Sgd(r => At(r, NetworkColumns.GradientNoise[1])))
        );

        Func<int, string> Mean(Func<StochasticRuns, int, double> measure) =>
            size => ChapterTable.Number(Replicates.Mean(seeds, s => measure(s, size)));

        Func<int, string> Sgd(Func<RunRecord, double> measure) =>
            Mean((s, size) => measure(s.Sgd[Array.IndexOf(sizes, size)]));

        Func<int, string> Control(Func<RunRecord, double> measure) =>
            Mean((s, size) => Array.IndexOf(controlled, size) is >= 0 and var i ? measure(s.Controls[i]) : double.NaN);

        // The full batch has no noise, and no share of it.
        (RunRecord Sgd, RunRecord Control)? Pair(StochasticRuns s, int size) =>
            Array.IndexOf(controlled[..^1], size) is >= 0 and var i ? s.Pairs.ElementAt(i) : null;
    }
}
