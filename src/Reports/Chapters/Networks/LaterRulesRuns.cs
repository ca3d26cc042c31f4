using FlatBias.Dynamics.Descent;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>A run of the chapter on rules at their own edges.</summary>
/// <param name="Label">Its name in figures.</param>
/// <param name="StepSize">Its step size.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Every">Steps between rows, odd: an oscillation of period 2 is then not always met in the same
/// phase.</param>
/// <param name="Rule">Its update rule.</param>
/// <param name="Observables">What is measured beside the realised edge.</param>
internal sealed record RuleRun(
    string Label,
    StepSizeSchedule StepSize,
    int Steps,
    int Every,
    OptimiserSpec Rule,
    params IReadOnlyList<string> Observables
);

/// <summary>
/// The runs of the chapter on rules at their own edges: the network of <see cref="SinceThePaperRuns"/> under each of
/// them.
/// </summary>
internal static class LaterRulesRuns
{
    /// <summary>b1 and b2 of Adam.</summary>
    public const double FirstDecay = 0.9,
        SecondDecay = 0.99;

    public const double AdamStepSize = 0.003,
        SignStepSize = 0.001;

    public static readonly RuleRun HeavyBall = new(
        $"heavy ball, b = {FirstDecay}",
        new WarmedUpStepSize(0.2, 40),
        400,
        9,
        OptimiserSpec.Of("momentum").With("momentum", FirstDecay)
    );

    public static readonly RuleRun Adam = new("Adam", AdamStepSize, 600, 5, Moments, "divisor-norm"),
        AdamW = new("AdamW, w = 0.1", AdamStepSize, 600, 17, Moments.With("weight-decay", 0.1));

    public static readonly RuleRun Muon =
            new("Muon, b = 0", 0.01, 150, 11, OptimiserSpec.Of("muon").With("momentum", 0)),
        Sign = new("sign", SignStepSize, 300, 19, OptimiserSpec.Of("sign"), "max-norm-sharpness");

    public static readonly RuleRun Sam = Descending("SAM, ρ = 0.05", "sam-radius", 0.05),
        SmallDecay = Descending("GD, w = 0.01", "weight-decay", 0.01);

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<RuleRun> All { get; } = [HeavyBall, Adam, AdamW, Muon, Sign, Sam, SmallDecay];

    private static OptimiserSpec Moments =>
        OptimiserSpec.Of("adam").With("momentum", FirstDecay).With("second-decay", SecondDecay);

    /// <summary>
    /// Those of the chapter on later papers, and more in the paper profile: what its quick one would have needed to
    /// decide, as far as that is a few tens.
    /// </summary>
    public static IEnumerable<int> Seeds(ReportSettings settings) =>
        Enumerable.Range(settings.Seed + SinceThePaperRuns.FirstSeed, settings.Paper ? 16 : 3);

    /// <summary>
    /// The run from the weights of one seed; twice as long in the paper profile, and measured about twice as often.
    /// </summary>
    public static NetworkSpec Spec(ReportSettings settings, int seed, RuleRun run) =>
        new(
            EqualLoss.Network(settings, seed) with
            {
                Test = 0,
                Eigenpairs = 1,
                StepSize = run.StepSize,
                Optimiser = run.Rule,
                Steps = (settings.Paper ? 2 : 1) * run.Steps,
                MeasureEvery = settings.Paper ? (run.Every / 2) | 1 : run.Every,
                Observables = ["realised-edge", .. run.Observables],
            }
        );

    /// <summary>Gradient descent with something else, at the step size of that chapter's and as long.</summary>
    private static RuleRun Descending(string label, string parameter, double value) =>
        new(
            label,
            SinceThePaperRuns.StepSize,
            SinceThePaperRuns.Descent.Steps,
            25,
            OptimiserSpec.GradientDescent.With(parameter, value)
        );
}
