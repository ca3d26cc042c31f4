using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(8.2): step sizes across the threshold, compared at equal training loss: the stable flag, rotation, flatness and test accuracy.</summary>
internal sealed class StepSizeSweep : Chapter
{
    private const double Loss = 0.05,
        EarlyTime = 5,
        BudgetTime = 60;

    private static readonly double[] Quick = [0.01, 0.015, 0.03, 0.06, 0.12, 0.24, 0.48];
    private static readonly double[] Paper = [.. Enumerable.Range(0, 8).Select(i => 0.005 * Math.Pow(2, i))];

    private static readonly Statement StableBelow = new(
        "sweep-stable-below",
        "Below the threshold runs are stable: ρₖ between the early and the final frame is above 0.7 for some k = 1..4 in nine of ten or more.",
        "(8.2) WR; the share is ours"
    );
    private static readonly Statement LostPast = new(
        "sweep-lost-past",
        "Past the threshold they are not: ρₖ is at most 0.7 for every k = 1..4 in nine of ten or more.",
        "(8.2) WR; the share is ours"
    );
    private static readonly Statement Rotates = new(
        "sweep-rotates",
        "The larger the step size, the further the frame has turned at the end.",
        "(3.5), (8.2) WR"
    );
    private static readonly Statement Flatter = new(
        "sweep-flatter",
        "Past the threshold the final sharpness falls as the step size grows.",
        "(8.2) WR"
    );
    private static readonly Statement FlatAccuracy = new(
        "sweep-accuracy-below",
        "Below the threshold the step size does not matter for test accuracy: within one percentage point of the smallest.",
        "(8.2) WR; the margin is ours"
    );
    private static readonly Statement Rises = new(
        "sweep-accuracy-past",
        "Past the threshold test accuracy is higher than at the smallest step size.",
        "(8.2) WR"
    );
    private static readonly Statement Zone = new(
        "sweep-goldilocks",
        "At the far end it falls again: the largest step size is worse than the others past the threshold.",
        "(8.2) WR"
    );
    private static readonly Statement SharpnessCounts = new(
        "sweep-sharpness-accuracy",
        "Over the runs, the flatter end by sharpness has the higher test accuracy.",
        "after (8.2) WR"
    );
    private static readonly Statement TraceCounts = new(
        "sweep-trace-accuracy",
        "… and the flatter end by the trace of the Hessian too.",
        "after (8.2) WR"
    );
    private static readonly Statement RotationCounts = new(
        "sweep-rotation-accuracy",
        "… and so has the end whose frame has turned further.",
        "after (8.2) WR"
    );
    private static readonly Statement Cifar = new(
        "sweep-cifar-accuracy",
        "On CIFAR-10 too, test accuracy past the threshold is higher than at the smallest step size.",
        "(8.2) WR"
    );
    private static readonly Statement CifarSharpness = new(
        "sweep-cifar-sharpness",
        "… and flatter ends have the higher test accuracy.",
        "after (8.2) WR"
    );

    public override string Title => "Step size, rotation and flatness";

    public override IReadOnlyList<Statement> Statements { get; } =
    [
        StableBelow,
        LostPast,
        Rotates,
        Flatter,
        FlatAccuracy,
        Rises,
        Zone,
        SharpnessCounts,
        TraceCounts,
        RotationCounts,
        Cifar,
        CifarSharpness,
    ];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [
            .. Sweep(settings, OnFashion(settings)).SelectMany(seed => seed),
            .. WithCifar(settings) ? Sweep(settings, OnCifar(settings)).SelectMany(seed => seed) : [],
        ];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        SweepComparison Compare((string Data, string? Hash) images) =>
            new(
                [
                    .. Sweep(settings, images)
                        .Select(seed => ComparedRun.OfSeed([.. seed.Select(spec => records[spec])])),
                ],
                settings.Seed
            );
        var sweep = Compare(OnFashion(settings));
        var cifar = WithCifar(settings) ? Compare(OnCifar(settings)) : null;
        var absent = settings.Paper
            ? "CIFAR-10 is not on this machine; see flatbias data list"
            : "only in the paper profile";
        return new ChapterResult(
            [
                sweep.ShareOf(StableBelow, run => run.Below, run => run.Similarity > ComparedRun.StableSimilarity),
                sweep.ShareOf(LostPast, run => run.Past, run => run.Similarity <= ComparedRun.StableSimilarity),
                sweep.Rank(
                    Rotates,
                    Relation.AtLeast,
                    _ => true,
                    run => run.StepSize,
                    run => run.Turn,
                    "η and the angle between the frames"
                ),
                sweep.Rank(
                    Flatter,
                    Relation.AtMost,
                    run => run.Past,
                    run => run.StepSize,
                    run => run.Sharpness,
                    "η and S at equal loss, past the threshold"
                ),
                sweep.Gain(FlatAccuracy, Relation.Equal, 1, "the margin stated", run => run.Below),
                sweep.Gain(Rises, Relation.AtLeast, 0, "as stated", run => run.Past),
                sweep.Largest(Zone),
                sweep.Rank(
                    SharpnessCounts,
                    Relation.AtMost,
                    _ => true,
                    run => run.Sharpness,
                    run => run.Accuracy,
                    "S and test accuracy"
                ),
                sweep.Rank(
                    TraceCounts,
                    Relation.AtMost,
                    _ => true,
                    run => run.Trace,
                    run => run.Accuracy,
                    "tr H and test accuracy"
                ),
                sweep.Rank(
                    RotationCounts,
                    Relation.AtLeast,
                    _ => true,
                    run => run.Turn,
                    run => run.Accuracy,
                    "angle between the frames and test accuracy"
                ),
                cifar?.Gain(Cifar, Relation.AtLeast, 0, "as stated", run => run.Past) ?? Cifar.NotRun(absent),
                cifar?.Rank(
                    CifarSharpness,
                    Relation.AtMost,
                    _ => true,
                    run => run.Sharpness,
                    run => run.Accuracy,
                    "S and test accuracy"
                ) ?? CifarSharpness.NotRun(absent),
            ],
            [
                .. SweepFigures.Of(sweep, "sweep", "Fashion-MNIST"),
                .. cifar is null ? [] : SweepFigures.Of(cifar, "sweep-cifar", "CIFAR-10"),
            ],
            [.. sweep.Findings("Fashion-MNIST"), .. cifar?.Findings("CIFAR-10") ?? []]
        )
        {
            Tables = [sweep.Table("Fashion-MNIST"), .. cifar is null ? [] : new[] { cifar.Table("CIFAR-10") }],
        };
    }

    private static bool WithCifar(ReportSettings settings) => settings.Paper && settings.CifarHash is not null;

    private static double[] Grid(ReportSettings settings) => settings.Paper ? Paper : Quick;

    /// <summary>CIFAR-10, whose runs take several times as long, has fewer.</summary>
    private static IEnumerable<int> Seeds(ReportSettings settings, string data) =>
        Enumerable.Range(
            settings.Seed,
            (settings.Paper, data) switch
            {
                (true, RunInputs.Cifar) => 8,
                (true, _) => 21,
                _ => 5,
            }
        );

    private static (string Data, string? Hash) OnFashion(ReportSettings settings) =>
        (new TrainingSpec().Data, settings.DataHash);

    private static (string Data, string? Hash) OnCifar(ReportSettings settings) =>
        (RunInputs.Cifar, settings.CifarHash);

    /// <summary>The runs on some images: for each seed one at each step size, the smallest first.</summary>
    private static IEnumerable<NetworkSpec[]> Sweep(ReportSettings settings, (string Data, string? Hash) images) =>
        Seeds(settings, images.Data)
            .Select(seed =>
                Grid(settings)
                    .Select(stepSize => new NetworkSpec(
                        Training(settings, stepSize, seed) with
                        {
                            Data = images.Data,
                            Test =
                                images.Data == RunInputs.Cifar ? ReportSettings.CommonTestImages : settings.TestImages,
                            DataHash = images.Hash,
                        }
                    ))
                    .ToArray()
            );

    private static TrainingSpec Training(ReportSettings settings, double stepSize, int seed)
    {
        var every = (int)Math.Round(EarlyTime / 2 / stepSize);
        return new TrainingSpec
        {
            Train = settings.Paper ? 2000 : 400,
            StepSize = stepSize,
            Steps = (int)Math.Round(BudgetTime / stepSize),
            LossTarget = Loss,
            MeasureEvery = every,
            ReferenceStep = 2 * every,
            Eigenpairs = 4,
            TrailingEvery = int.MaxValue,
            TraceProbes = 8,
            Seed = seed,
            Device = settings.Device,
        };
    }
}
