using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Adaptive rules judged from made-up runs.</summary>
public class AdaptiveRulesTests
{
    [Theory]
    [InlineData("quick")]
    [InlineData("paper")]
    public void Runs_BothProfiles_AreValid(string profile)
    {
        foreach (var run in new AdaptiveRules().Runs(StandIns.Settings with { Profile = profile }))
            ((NetworkSpec)run).Training.Validate(new LabelledSamples(new float[784], [0], 784, 10));
    }

    [Fact]
    public void Evaluate_AsThePaperReads_ConfirmsAll()
    {
        // Two instabilities of GD and of what is clipped without a floor, one of neither; adaptive rules at their edge and sharper.
        var verdicts = StandIns.Verdicts(
            new AdaptiveRules(),
            spec =>
                spec.Training.Optimiser.Name switch
                {
                    "gd" or "clipped-ada" => Run(20, 2, 0.3),
                    _ => Run(40, 0, 0.8),
                }
        );
        Assert.All(verdicts, v => Assert.True(v.Value == Verdict.Confirmed, $"{v.Key} {v.Value}"));
    }

    [Fact]
    public void Evaluate_AllRulesAlike_RefutesEveryDifference()
    {
        var verdicts = StandIns.Verdicts(new AdaptiveRules(), _ => Run(20, 1, 0.5));
        string[] differences =
        [
            "adaptive-fewer-instabilities",
            "rmsprop-sharper",
            "adam-sharper",
            "clipped-ada-more-instabilities",
            "clipped-ada-network-flatter",
            "clipped-rmsprop-flatter",
        ];
        foreach (var id in differences)
            Assert.True(verdicts[id] == Verdict.Refuted, $"{id} {verdicts[id]}");
    }

    [Fact]
    public void Evaluate_LossNeverReached_ComparesNothing() =>
        Assert.All(
            StandIns.Verdicts(new AdaptiveRules(), _ => Run(20, 1, 0.5, end: 0.06)),
            v => Assert.Equal(Verdict.NotRun, v.Value)
        );

    private static (StopReason Reason, SeriesTable Series) Run(
        double sharpness,
        int instabilities,
        double similarity,
        double end = 0.05
    )
    {
        // Each instability is one row beyond the edge, resolved in the next.
        double[] number = [.. Enumerable.Range(0, 9).Select(i => i % 2 == 1 && i < 2 * instabilities ? 1.1 : 0.99)];
        double[] Constant(double value) => [.. Enumerable.Repeat(value, number.Length)];
        double[] steps = [.. Enumerable.Range(0, number.Length).Select(i => 10.0 * i)];
        return (
            StopReason.LossReached,
            SeriesTable.From([
                ("step", steps),
                ("loss", [.. steps.Select(s => Math.Pow(end, s / 80))]),
                ("sharpness", Constant(sharpness)),
                (Columns.StabilityNumber, number),
                .. Enumerable.Range(1, 4).Select(k => ($"similarity_{k}", Constant(similarity))),
                ("test_accuracy", Constant(0.75)),
            ])
        );
    }
}
