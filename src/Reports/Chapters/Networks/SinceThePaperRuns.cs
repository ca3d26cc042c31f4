using FlatBias.Dynamics.Descent;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>A run of the chapter on later papers.</summary>
/// <param name="Label">Its name in figures.</param>
/// <param name="StepSize">Its step size.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Rule">Its update rule.</param>
/// <param name="Batch">Samples a batch; null for all.</param>
internal sealed record LaterRun(string Label, double StepSize, int Steps, OptimiserSpec Rule, int? Batch = null);

/// <summary>The runs of the chapter on later papers: one network under rules, step sizes and batch sizes.</summary>
internal static class SinceThePaperRuns
{
    public const double StepSize = 0.1;

    /// <summary>b.</summary>
    public const double Momentum = 0.5;

    /// <summary>Added to the report's seed: seeds that no other chapter has.</summary>
    public const int FirstSeed = 300;

    // Rows of a run; medians are over half of them.
    private const int Rows = 16;

    public static readonly LaterRun Fine = Plain(0.05, 800),
        Descent = Plain(StepSize, 400),
        Below = Plain(0.0125, 1600);

    public static readonly LaterRun WithMomentum = new($"momentum {Momentum}, all", StepSize, 400, Polyak),
        Decayed = new("GD, w = 0.05", StepSize, 400, OptimiserSpec.GradientDescent.With("weight-decay", 0.05)),
        Sign = new("sign, η = 0.001", 0.001, 400, OptimiserSpec.Of("sign"));

    public static readonly LaterRun SmallBatch = new("SGD, B = 8", StepSize, 800, OptimiserSpec.GradientDescent, 8),
        SmallBatchMomentum = new($"momentum {Momentum}, B = 8", StepSize, 800, Polyak, 8),
        LargeBatchMomentum = new($"momentum {Momentum}, B = 128", StepSize, 800, Polyak, 128);

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<LaterRun> All { get; } =
    [Below, Fine, Descent, WithMomentum, Decayed, Sign, SmallBatch, SmallBatchMomentum, LargeBatchMomentum];

    private static OptimiserSpec Polyak => OptimiserSpec.Of("momentum").With("momentum", Momentum);

    public static IEnumerable<int> Seeds(ReportSettings settings) =>
        Enumerable.Range(settings.Seed + FirstSeed, settings.Paper ? 12 : 3);

    /// <summary>The run from the weights of one seed.</summary>
    public static NetworkSpec Spec(ReportSettings settings, int seed, LaterRun run)
    {
        var steps = (settings.Paper ? 2 : 1) * run.Steps;
        return new(
            EqualLoss.Network(settings, seed) with
            {
                Test = 0,
                Eigenpairs = 1,
                StepSize = run.StepSize,
                Optimiser = run.Rule,
                Batch = run.Batch is { } size ? new BatchPlan(size, seed) : null,
                Steps = steps,
                MeasureEvery = steps / (settings.Paper ? 4 * Rows : Rows),
                Observables = run.Batch is null
                    ? ["realised-edge", "critical-sharpness", "gradient-alignment"]
                    : ["realised-edge", "batch-sharpness"],
            }
        );
    }

    private static LaterRun Plain(double stepSize, int steps) =>
        new(FormattableString.Invariant($"GD, η = {stepSize}"), stepSize, steps, OptimiserSpec.GradientDescent);
}
