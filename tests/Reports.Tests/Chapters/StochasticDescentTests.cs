using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Stochastic descent judged from made-up runs.</summary>
public class StochasticDescentTests
{
    [Theory]
    [InlineData("quick")]
    [InlineData("paper")]
    public void Runs_Controls_HaveTheNoiseOfSgdPerUnitOfTime(string profile)
    {
        var settings = StandIns.Settings with { Profile = profile };
        TrainingSpec[] runs =
        [
            .. new StochasticDescent().Runs(settings).Select(r => ((NetworkSpec)r).Training).Where(t => t.Seed == 1),
        ];
        foreach (var run in runs)
            run.Validate(new LabelledSamples(new float[784], [0], 784, 10));
        double[] Noise(bool control) =>
            [
                .. runs.Where(t => IsControl(t) == control && t.Batch is not null)
                    .Select(t => t.StepSize.At(t.Steps) / t.Batch!.Size),
            ];
        // Each control has the eta/B of a run; batches smaller than the scale have none.
        Assert.Equal(Noise(false)[^Noise(true).Length..], Noise(true));
        Assert.All(runs, t => Assert.Equal(5, t.StepSize.At(t.Steps) * t.ReferenceStep!.Value, 1e-12));
    }

    [Fact]
    public void Evaluate_Figures_NameTheStepSizeAfterTheWarmUp()
    {
        var result = StandIns.Result(new StochasticDescent(), spec => Run(spec.Training, 40, 0.9));
        var titles = result.Figures.SelectMany(figure => figure.Plots).Select(plot => plot.Title).ToArray();
        Assert.Contains("SGD, η = 0.1", titles);
        Assert.Contains("Noise alone, η = 0.0125", titles);
    }

    [Fact]
    public void Evaluate_InstabilitiesFlatten_ConfirmsAll()
    {
        var verdicts = StandIns.Verdicts(new StochasticDescent(), spec => Run(spec.Training, 40, 0.9));
        Assert.All(verdicts, v => Assert.True(v.Value == Verdict.Confirmed, $"{v.Key} {v.Value}"));
    }

    [Fact]
    public void Evaluate_NoiseDoesItAll_RefutesWhatIsSaidOfInstabilities()
    {
        var verdicts = StandIns.Verdicts(new StochasticDescent(), spec => Run(spec.Training, 15, 0.2));
        foreach (
            var id in new[] { "sgd-turns-more-than-noise", "sgd-noise-flattens-less", "sgd-instability-outweighs" }
        )
            Assert.True(verdicts[id] == Verdict.Refuted, $"{id} {verdicts[id]}");
        Assert.Equal(Verdict.Confirmed, verdicts["sgd-smaller-flatter"]);
    }

    [Fact]
    public void Evaluate_ControlBeyondItsEdge_IsNoControl() =>
        Assert.Equal(
            Verdict.Refuted,
            StandIns.Verdicts(new StochasticDescent(), spec => Run(spec.Training, 170, 0.9))["sgd-control-below-edge"]
        );

    [Fact]
    public void Evaluate_LossNeverReached_ComparesNothing()
    {
        var verdicts = StandIns.Verdicts(new StochasticDescent(), spec => Run(spec.Training, 40, 0.9, end: 0.06));
        Assert.All(
            verdicts.Where(v => v.Key != "sgd-control-below-edge"),
            v => Assert.True(v.Value == Verdict.NotRun, $"{v.Key} {v.Value}")
        );
    }

    private static bool IsControl(TrainingSpec training) => training.StepSize is WarmedUpStepSize;

    /// <summary>SGD at 2/eta, lower for small batches; a control at the sharpness and similarity given; 80 without noise and instabilities.</summary>
    private static (StopReason Reason, SeriesTable Series) Run(
        TrainingSpec training,
        double controlled,
        double similarity,
        double end = 0.01
    )
    {
        var control = IsControl(training);
        var size = training.Batch?.Size ?? training.Train;
        var sharpness = (control, training.Batch) switch
        {
            (true, null) => 80,
            (true, _) => controlled,
            (false, _) => (20 - (40.0 / size)) * (1 + (0.001 * training.Seed)),
        };
        double[] Constant(double value) => [value, value];
        return (
            StopReason.StepLimit,
            SeriesTable.From([
                ("step", [0, 100]),
                ("loss", [1, end]),
                ("sharpness", Constant(sharpness)),
                (Columns.StabilityNumber, Constant(training.StepSize.At(training.Steps) * sharpness / 2)),
                .. Enumerable.Range(1, 4).Select(k => ($"similarity_{k}", Constant(control ? similarity : 0.5))),
                ("test_accuracy", Constant(0.75)),
                ("gradient_noise_1", Constant(0.3)),
            ])
        );
    }
}
