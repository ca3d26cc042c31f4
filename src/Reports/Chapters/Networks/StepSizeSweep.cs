using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>(8.2): step sizes across the threshold, compared at equal training loss: the stable flag, rotation, flatness and test accuracy.</summary>
internal sealed class StepSizeSweep : Chapter
{
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
    private static readonly Statement LowerLoss = new(
        "sweep-test-loss",
        "Past the threshold the test loss is lower than at the smallest step size.",
        "(8.2); the loss is ours"
    );
    private static readonly Statement Noisy = new(
        "sweep-noisy-accuracy",
        "With a fifth of the training labels redrawn too, test accuracy past the threshold is higher than at the smallest step size.",
        "(8.2); the redrawn labels are ours"
    );
    private static readonly Statement NoisyMore = new(
        "sweep-noisy-more",
        "… and by more than with the labels as they are: where the training set misleads, flatness matters more.",
        "(8.2); the redrawn labels are ours"
    );
    private static readonly Statement NoisySharpness = new(
        "sweep-noisy-sharpness",
        "… and the flatter end has the higher test accuracy.",
        "after (8.2); the redrawn labels are ours"
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
        LowerLoss,
        Noisy,
        NoisyMore,
        NoisySharpness,
        Cifar,
        CifarSharpness,
    ];

    public override IReadOnlyList<RunSpec> Runs(ReportSettings settings) =>
        [
            .. new[] { SweptSamples.Fashion(settings), SweptSamples.Noisy(settings), SweptSamples.Cifar(settings) }
                .OfType<SweptSamples>()
                .SelectMany(samples => samples.Runs(settings))
                .SelectMany(seed => seed),
        ];

    public override ChapterResult Evaluate(ReportSettings settings, RunRecords records)
    {
        var sweep = SweepComparison.Of(SweptSamples.Fashion(settings), settings, records);
        var (noisy, cifar) = (Compared(SweptSamples.Noisy(settings)), Compared(SweptSamples.Cifar(settings)));
        const string paperOnly = "only in the paper profile";
        var absent = settings.Paper ? "CIFAR-10 is not on this machine; see flatbias data list" : paperOnly;
        SweepComparison? Compared(SweptSamples? samples) =>
            samples is null ? null : SweepComparison.Of(samples, settings, records);
        SweepComparison[] all = [.. new[] { sweep, noisy, cifar }.OfType<SweepComparison>()];
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
                sweep.LossGain(LowerLoss),
                noisy?.Gain(Noisy, Relation.AtLeast, 0, "as stated", run => run.Past) ?? Noisy.NotRun(paperOnly),
                noisy?.GainsMore(NoisyMore, sweep) ?? NoisyMore.NotRun(paperOnly),
                noisy?.Rank(
                    NoisySharpness,
                    Relation.AtMost,
                    _ => true,
                    run => run.Sharpness,
                    run => run.Accuracy,
                    "S and test accuracy"
                ) ?? NoisySharpness.NotRun(paperOnly),
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
            [.. all.SelectMany(SweepFigures.Of)],
            [.. all.SelectMany(one => one.Findings())]
        )
        {
            Tables = [.. all.Select(one => one.Table())],
        };
    }
}
