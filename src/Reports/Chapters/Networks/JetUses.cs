using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(4.17), (4.19)-(4.21): what else a jet over the swing forecasts: minibatches, many step sizes, long runs by several jets.</summary>
internal sealed partial class JetUses : Chapter
{
    /// <summary>The forecast of S by the jet in use.</summary>
    private static readonly string ByJets = Columns.Forecast(Columns.JetForecast, Columns.Sharpness);

    private static readonly Statement CoversSharpness = new(
        "batch-covers-sharpness",
        "Of descent with minibatches, over a decade of sizes, the 90 % band forecast from one jet holds the sharpness at least 80 % of the time.",
        "(4.19) D"
    );
    private static readonly Statement CoversDisplacement = new(
        "batch-covers-displacement",
        "… the displacement along v₁ as well,",
        "(4.19) D"
    );
    private static readonly Statement CoversLoss = new(
        "batch-covers-loss",
        "… and the loss on the full batch.",
        "(4.19) D"
    );
    private static readonly Statement MeanSharpness = new(
        "batch-mean-sharpness",
        "For every size the mean sharpness of the runs is forecast to 2.5 % on average over the steps.",
        "(4.19) D"
    );
    private static readonly Statement Gap = new(
        "batch-gap",
        "How far from 2/η minibatches hold the sharpness, over steps 75 to 150, is forecast to 3 % of 2/η for every size.",
        "(4.19), (4.20) D"
    );
    private static readonly Statement Settles = new(
        "batch-gap-settled",
        "… and where long runs settle, to 5 % of 2/η.",
        "(4.19), (4.20) D"
    );
    private static readonly Statement Published = new(
        "batch-gap-published",
        "With the jet's numbers the published gap −ηβs²/(4α), the first term of (4.20), is where long runs settle, to 5 % of 2/η for every size.",
        "(4.20) R: arXiv 2604.21016"
    );
    private static readonly Statement Lower = new(
        "batch-gap-lower",
        "Smaller batches settle lower: the smallest below the largest, from every jet.",
        "(4.20) R: arXiv 2604.21016"
    );
    private static readonly Statement PeakLoss = new(
        "scan-peak-loss",
        "One jet below the edge forecasts the peak of the loss for step sizes to ηS = 2.6 within 5 % in at least half of the runs,",
        "(4.21) D"
    );
    private static readonly Statement LowestSharpness = new(
        "scan-lowest-sharpness",
        "… the lowest sharpness within 2 % in at least half,",
        "(4.21) D"
    );
    private static readonly Statement NearerThanEdge = new(
        "scan-edge",
        "… and with at most half of the error that 2/η has, in at least half.",
        "(4.21) D"
    );
    private static readonly Statement Carries = new(
        "scan-carries",
        "Its model carries so far: at least 80 % of these runs have a forecast.",
        "(4.21) D"
    );
    private static readonly Statement ScanCost = new(
        "scan-cost",
        "Such a jet costs at most 300 gradient-equivalents for all step sizes together, its eigenpair included.",
        "(4.21), our own"
    );
    private static readonly Statement Anchored = new(
        "anchor-sharpness",
        "Over 450 steps and more, with a new jet at the latest every 150, the sharpness is forecast to 0.5 % on average in every run,",
        "(4.17) D"
    );
    private static readonly Statement Cheaper = new(
        "anchor-cost",
        "… for at most a quarter of what measuring it at every step costs.",
        "(4.17), our own"
    );
    private static readonly Statement Needed = new(
        "anchor-needed",
        "New jets are needed: the first one carried on over the same steps errs by at least three times as much, in every run.",
        "(4.17) D"
    );

    public override string Title => "Minibatches, many step sizes and long runs from a jet";

    public override IReadOnlyList<Statement> Statements { get; } =
    [
        CoversSharpness,
        CoversDisplacement,
        CoversLoss,
        MeanSharpness,
        Gap,
        Settles,
        Published,
        Lower,
        PeakLoss,
        LowestSharpness,
        NearerThanEdge,
        Carries,
        ScanCost,
        Anchored,
        Cheaper,
        Needed,
    ];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [.. JetUsesRuns.Batches(settings), .. JetUsesRuns.Scans(settings), .. JetUsesRuns.Anchored(settings)];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        BatchSet[] all =

            [
                .. JetUsesRuns
                    .Batches(settings)
                    .Where(spec => Reached(records[spec]))
                    .SelectMany(spec => BatchSet.Of(spec, records[spec])),
            ],
            sets = [.. all.Where(set => set.Trust <= PathTrust.Refused)];
        ScannedRun[] scanned =
        [
            .. JetUsesRuns
                .Scans(settings)
                .SelectMany(spec =>
                    Enumerable
                        .Range(0, records[spec].Series.Rows)
                        .Select(row => new ScannedRun(
                            Name(spec.Plan.Training),
                            spec.Plan.Training.Seed,
                            records[spec].Series,
                            row
                        ))
                ),
        ];
        AnchoredRun[] anchored =
        [
            .. JetUsesRuns
                .Anchored(settings)
                .Where(spec => Reached(records[spec]))
                .Select(spec => new AnchoredRun(
                    Name(spec.Plan.Forecast.Training),
                    spec.Plan.Forecast.Training.Seed,
                    records[spec].Series
                )),
        ];
        return new ChapterResult(
            [.. OfBatches(sets), .. OfScans(scanned), .. OfAnchors(anchored)],
            Figures(sets.Length > 0 ? sets : all, scanned, anchored),
            [
                "A row is a network, with the medians over its jets, each from a seed of its own, and where there are several with the smallest and the largest.",
            ]
        )
        {
            Tables = [.. Tables(all, scanned, anchored)],
        };
    }

    /// <summary>What a network is called.</summary>
    public static string Name(TrainingSpec training) => training.Network.Values.All["activation"];

    private static bool Reached(RunRecord record) =>
        record.Manifest.Notes?.ContainsKey(InstabilitySpec.RunNote) != true;
}
