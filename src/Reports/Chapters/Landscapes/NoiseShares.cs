using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Chapters.Landscapes;

/// <summary>(3.10), (3.12): SGD on a diagonal network with data; how much of the flattening full-batch slopes explain, and how much only the noise does.</summary>
internal sealed class NoiseShares : Chapter
{
    private const double Stable = 0.15;
    private const int Seeds = 8;

    private static readonly int[] Batches = [1, 2, 4, 8];
    private static readonly double[] Start = [1.6, 1.5, 1.4, 0.1, -0.1, 0.2];

    private static readonly Statement Identity = new(
        "sgd-identity",
        "D contracts by 1 − η²z′_B² at every minibatch step, pathwise, to rounding.",
        "(3.12) D"
    );
    private static readonly Statement NoNoise = new(
        "sgd-full-batch",
        "With the full batch nothing is left to noise.",
        "(3.12) D"
    );
    private static readonly Statement Grows = new(
        "sgd-batch-size",
        "At one step size, smaller batches contract the imbalance more.",
        "after (3.12)"
    );
    private static readonly Statement Share = new(
        "sgd-noise-share",
        "At a stable step size most of the contraction at batch size 1 is the noise's.",
        "after (3.12)"
    );

    public override string Title => "Noise and instability: SGD on a diagonal network";

    protected override IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string> { ["seeds"] = Settings.Text(Seeds) };

    public override IReadOnlyList<Statement> Statements { get; } = [Identity, NoNoise, Grows, Share];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. Batches.SelectMany(size => BySeed(size, settings))];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        // One row a batch size, one column a seed.
        var groups = Batches
            .Select(size => BySeed(size, settings).Select(spec => records[spec].Series).ToArray())
            .ToArray();
        var total = groups.Select(g => g.Select(s => -s[NoiseShareColumns.Contraction][^1]).ToArray()).ToArray();
        var noise = groups
            .Select(g =>
                g.Select(s =>
                        (s[NoiseShareColumns.Contraction][^1] - s[NoiseShareColumns.FullBatchContraction][^1])
                        / s[NoiseShareColumns.Contraction][^1]
                    )
                    .ToArray()
            )
            .ToArray();
        var sizes = Batches.SelectMany(b => Enumerable.Repeat((double)b, Seeds)).ToArray();
        return new ChapterResult(
            [
                Identity.Judge(
                    Relation.Equal,
                    0,
                    groups.SelectMany(g => g).Max(s => s[NoiseShareColumns.IdentityError][^1]),
                    64,
                    "a dozen operations a side",
                    "largest deviation in units of rounding"
                ),
                NoNoise.Judge(
                    Relation.Equal,
                    0,
                    noise[^1].Max(Math.Abs),
                    1e-9,
                    "two orders of summation",
                    "largest noise share at batch size 8"
                ),
                Grows.Judge(
                    Relation.AtMost,
                    -0.9,
                    Correlation.Spearman(sizes, total.SelectMany(t => t)),
                    0,
                    "−1 is monotone in every pair",
                    "Spearman's ρ of batch size and contraction"
                ),
                Share.Judge(
                    Relation.AtLeast,
                    0.5,
                    QuantityKind.Share.Of(noise[0]),
                    0,
                    "most",
                    $"noise share at batch size 1, mean of {Seeds} seeds with 95 % interval"
                ),
            ],
            [Figure(groups, total, noise)],
            []
        )
        {
            Tables =
            [
                ChapterTable.Of(
                    $"By batch size: the contraction over the run, and the part of it that is the noise's; means over {Seeds} seeds.",
                    "batch size",
                    Batches.Index(),
                    batch => $"{batch.Item}",
                    ("−ln ∏|1 − η²z′²|", batch => Claim.Format(total[batch.Index].Mean())),
                    ("noise, %", batch => Claim.Format(100 * noise[batch.Index].Mean()))
                ),
            ],
        };
    }

    private static IEnumerable<NoiseShareSpec> BySeed(int batch, ReportSettings settings) =>
        Enumerable
            .Range(settings.Seed, Seeds)
            .Select(seed => new NoiseShareSpec(
                LandscapeChoice.Of("diagonal-regression", ("samples", "8"), ("width", "3"), ("noise", "0.5")),
                Start,
                Stable,
                2000,
                new BatchPlan(batch, seed)
            ));

    private static ChapterFigure Figure(SeriesTable[][] groups, double[][] total, double[][] noise)
    {
        var path = PlotStyle.Create("Imbalance, first seed", Columns.Step.Label, "Σ|u² − v²|", logY: true);
        for (var b = 0; b < Batches.Length; b++)
            path.AddLine(
                $"batch size {Batches[b]}",
                groups[b][0].Array(Columns.Step),
                groups[b][0].Array(NoiseShareColumns.Imbalance)
            );
        double[] sizes = [.. Batches.Select(b => (double)b)];
        var split = PlotStyle
            .Create(
                "Contraction and its shares",
                "batch size (samples)",
                "−ln of the contraction",
                logX: true,
                logY: true
            )
            .AddLine("in all, mean over seeds", sizes, [.. total.Select(t => t.Mean())])
            .AddLine(
                "full-batch part",
                sizes,
                [.. total.Select((t, b) => t.Zip(noise[b], (x, n) => x * (1 - n)).Mean())]
            )
            .AddLine("noise's part", sizes, [.. total.Select((t, b) => t.Zip(noise[b], (x, n) => x * n).Mean())]);
        return new ChapterFigure("noise-shares", [path, split], 85);
    }
}
