using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>An update rule of (8.5).</summary>
/// <param name="Label">Its name in figures.</param>
/// <param name="Optimiser">The rule.</param>
/// <param name="StepSize">Its step size.</param>
/// <param name="Steps">Steps enough to reach the loss of the comparison on 300 images; the run ends there.</param>
/// <param name="Every">Steps between measurements, ten to forty up to that loss, and in the paper profile; both divide the step of the early frame.</param>
/// <param name="Early">The step of the early frame, past the first transient, at a loss of about a quarter.</param>
internal sealed record RuleUnderTest(
    string Label,
    OptimiserSpec Optimiser,
    double StepSize,
    int Steps,
    (int Quick, int Paper) Every,
    int Early
);

/// <summary>The runs of (8.5): the same network under each rule, from the same weights.</summary>
internal static class AdaptiveRuns
{
    /// <summary>The training loss at which rules are compared.</summary>
    public const double Target = 0.05;

    /// <summary>The step size of all rules but GD.</summary>
    public const double StepSize = 0.005;

    public static readonly RuleUnderTest Descent = new(
        "GD, η = 0.1",
        OptimiserSpec.GradientDescent,
        0.1,
        500,
        (25, 5),
        25
    );
    public static readonly RuleUnderTest RmsProp = new(
        "RMSProp",
        OptimiserSpec.Of("rmsprop"),
        StepSize,
        2500,
        (40, 20),
        80
    );
    public static readonly RuleUnderTest Adam = new("Adam", OptimiserSpec.Of("adam"), StepSize, 300, (10, 5), 50);
    public static readonly RuleUnderTest Clipped = Ceiling(0.1);
    public static readonly RuleUnderTest ClippedOne = Ceiling(1);

    /// <summary>RMSProp with a ceiling and nothing else changed, as in (7.3).</summary>
    public static readonly RuleUnderTest ClippedBare = new(
        "Clipped-Ada, c = 0.1, b₁ = 0",
        OptimiserSpec.Of("clipped-ada").With("clip", 0.1).With("momentum", 0).With("bias-correction", Parameter.Off),
        StepSize,
        2500,
        (40, 20),
        80
    );

    public static readonly RuleUnderTest Mirror = new(
        "max rule, c = 0.1",
        OptimiserSpec.Of("max-ada").With("clip", 0.1),
        StepSize,
        600,
        (30, 15),
        150
    );

    /// <summary>
    /// The rules. Those that only the paper profile has are the ceiling that is out of reach wherever 1 is, and the floor of 1, which is slow. A floor of 10 is left out: its step, at most eta/10, would take some 10^5 steps.
    /// </summary>
    public static IReadOnlyList<RuleUnderTest> Rules(ReportSettings settings) =>
        [
            Descent,
            RmsProp,
            Adam,
            Clipped,
            ClippedOne,
            ClippedBare,
            Mirror,
            .. settings.Paper
                ?
                [
                    Ceiling(10),
                    new RuleUnderTest(
                        "max rule, c = 1",
                        OptimiserSpec.Of("max-ada").With("clip", 1),
                        StepSize,
                        6000,
                        (250, 125),
                        250
                    ),
                ]
                : Array.Empty<RuleUnderTest>(),
        ];

    public static IEnumerable<RunSpec> Specs(ReportSettings settings) =>
        AllSeeds(settings).SelectMany(seed => Rules(settings).Select(rule => Run(settings, seed, rule)));

    public static IEnumerable<int> AllSeeds(ReportSettings settings) =>
        Enumerable.Range(settings.Seed, settings.Paper ? 20 : 3);

    /// <summary>The run of one rule from the weights of one seed.</summary>
    public static NetworkSpec Run(ReportSettings settings, int seed, RuleUnderTest rule) =>
        new(Training(settings, seed, rule));

    private static RuleUnderTest Ceiling(double ceiling) =>
        new(
            $"Clipped-Ada, c = {Claim.Format(ceiling)}",
            OptimiserSpec.Of("clipped-ada").With("clip", ceiling),
            StepSize,
            300,
            (10, 5),
            50
        );

    private static TrainingSpec Training(ReportSettings settings, int seed, RuleUnderTest rule) =>
        EqualLoss.Network(settings, seed) with
        {
            StepSize = rule.StepSize,
            Optimiser = rule.Optimiser,
            Steps = (settings.Paper ? 4 : 1) * rule.Steps,
            LossTarget = Target,
            MeasureEvery = settings.Paper ? rule.Every.Paper : rule.Every.Quick,
            ReferenceStep = rule.Early,
        };
}
