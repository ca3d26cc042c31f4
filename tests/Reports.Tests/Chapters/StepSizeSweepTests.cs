using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>The sweep of step sizes judged from made-up runs whose truth is known: a threshold at 0.02, sharpness 2/eta and a turned frame past it.</summary>
public class StepSizeSweepTests
{
    private const double Threshold = 0.02;

    private static readonly string[] OnFashion =
    [
        "sweep-stable-below",
        "sweep-lost-past",
        "sweep-rotates",
        "sweep-flatter",
        "sweep-accuracy-below",
        "sweep-accuracy-past",
        "sweep-goldilocks",
        "sweep-sharpness-accuracy",
        "sweep-trace-accuracy",
        "sweep-rotation-accuracy",
        "sweep-test-loss",
    ];

    [Fact]
    public void Evaluate_RunsAsTheTheorySays_ConfirmsAllThatWasRun()
    {
        var verdicts = StandIns.Verdicts(
            new StepSizeSweep(),
            spec => Run(spec.Training.StepSize.Constant, spec.Training.Seed)
        );
        Assert.All(OnFashion, id => Assert.True(verdicts[id] == Verdict.Confirmed, $"{id} {verdicts[id]}"));
        Assert.Equal(Verdict.NotRun, verdicts["sweep-cifar-accuracy"]);
        Assert.Equal(Verdict.NotRun, verdicts["sweep-cifar-sharpness"]);
        Assert.Equal(Verdict.NotRun, verdicts["sweep-noisy-more"]);
    }

    [Fact]
    public void Evaluate_AccuracyFallsPastTheThreshold_RefutesWhatSaysThatItRises()
    {
        var verdicts = StandIns.Verdicts(
            new StepSizeSweep(),
            spec => Run(spec.Training.StepSize.Constant, spec.Training.Seed, benefit: -1)
        );
        foreach (
            var id in new[]
            {
                "sweep-accuracy-past",
                "sweep-sharpness-accuracy",
                "sweep-trace-accuracy",
                "sweep-rotation-accuracy",
                "sweep-test-loss",
            }
        )
            Assert.True(verdicts[id] == Verdict.Refuted, $"{id} {verdicts[id]}");
        Assert.Equal(Verdict.Confirmed, verdicts["sweep-flatter"]);
    }

    [Fact]
    public void Evaluate_FrameThatNeverTurns_RefutesTheFlagAndDoesNotRankIt()
    {
        var verdicts = StandIns.Verdicts(
            new StepSizeSweep(),
            spec => Run(spec.Training.StepSize.Constant, spec.Training.Seed, similarity: 0.95)
        );
        Assert.Equal(Verdict.Confirmed, verdicts["sweep-stable-below"]);
        Assert.Equal(Verdict.Refuted, verdicts["sweep-lost-past"]);
        Assert.Equal(Verdict.NotRun, verdicts["sweep-rotates"]); // constant: there is nothing to rank
    }

    [Fact]
    public void Evaluate_NoRunReachesTheLoss_ComparesNothing()
    {
        var verdicts = StandIns.Verdicts(
            new StepSizeSweep(),
            spec => (StopReason.StepLimit, Run(spec.Training.StepSize.Constant, spec.Training.Seed).Series)
        );
        Assert.All(
            verdicts.Where(v => v.Key != "sweep-goldilocks"),
            v => Assert.True(v.Value == Verdict.NotRun, $"{v.Key} {v.Value}")
        );
    }

    /// <summary>Redrawn labels are judged by the difference of the gains, seed by seed.</summary>
    [Theory]
    [InlineData(3, Verdict.Confirmed)]
    [InlineData(0.3, Verdict.Refuted)]
    public void Evaluate_RedrawnLabels_AreHeldAgainstTheLabelsAsTheyAre(double benefit, Verdict more)
    {
        var verdicts = StandIns.Verdicts(
            new StepSizeSweep(),
            spec =>
                Run(
                    spec.Training.StepSize.Constant,
                    spec.Training.Seed,
                    benefit: spec.Training.LabelNoise > 0 ? benefit + (0.01 * (spec.Training.Seed % 3)) : 1
                ),
            StandIns.Settings with
            {
                Profile = "paper",
            }
        );
        Assert.Equal(Verdict.Confirmed, verdicts["sweep-noisy-accuracy"]);
        Assert.Equal(Verdict.Confirmed, verdicts["sweep-noisy-sharpness"]);
        Assert.Equal(more, verdicts["sweep-noisy-more"]);
    }

    private static (StopReason Reason, SeriesTable Series) Run(
        double stepSize,
        int seed,
        double benefit = 1,
        double? similarity = null
    )
    {
        var past = Math.Max(0, Math.Log2(stepSize / Threshold));
        var reason = stepSize > 0.4 ? StopReason.Diverged : StopReason.LossReached;
        var sharpness = Math.Min(65, 2 / stepSize) * (1 + (0.01 * (seed % 3)));
        var accuracy = 0.77 + (0.001 * (seed % 2)) + (0.004 * benefit * past);
        var rho = similarity ?? (past > 0 ? 0.5 / (1 + past) : 0.9 - stepSize);
        double[] Last(double early, double late) => [early, early, late];
        return (
            reason,
            SeriesTable.From([
                ("step", [0, 10, 20]),
                ("step_size", [stepSize, stepSize, stepSize]),
                ("loss", [2.3, 0.5, 0.05]),
                ("test_accuracy", Last(0.1, accuracy)),
                ("test_loss", Last(2.3, 1.5 - accuracy)),
                ("trace", Last(50, 3 * sharpness)),
                ("sharpness", [10, Math.Min(2 / Threshold, 2 / stepSize), sharpness]),
                .. Enumerable.Range(1, 4).Select(k => ($"similarity_{k}", Last(double.NaN, rho - (0.01 * (k - 1))))),
            ])
        );
    }
}
