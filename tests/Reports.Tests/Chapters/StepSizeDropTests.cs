using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>The drop of the step size judged from made-up runs.</summary>
public class StepSizeDropTests
{
    [Fact]
    public void Evaluate_FlattensWithTheTimeOfTheDrop_ConfirmsAll()
    {
        var verdicts = StandIns.Verdicts(new StepSizeDrop(), spec => Run(spec.Training, memory: 1));
        Assert.All(verdicts, v => Assert.True(v.Value == Verdict.Confirmed, $"{v.Key} {v.Value}"));
    }

    [Fact]
    public void Evaluate_SharperTheLaterTheDrop_Refutes()
    {
        var verdicts = StandIns.Verdicts(new StepSizeDrop(), spec => Run(spec.Training, memory: -1));
        foreach (var id in new[] { "drop-next-eigenvalues", "drop-trace", "drop-tenth-flatter", "drop-accuracy" })
            Assert.True(verdicts[id] == Verdict.Refuted, $"{id} {verdicts[id]}");
        Assert.Equal(Verdict.Confirmed, verdicts["drop-same-sharpness"]);
    }

    [Fact]
    public void Evaluate_NoMemoryOfTheDrop_ConfirmsNoFlattening()
    {
        var verdicts = StandIns.Verdicts(new StepSizeDrop(), spec => Run(spec.Training, memory: 0));
        // Ranks of equal numbers say nothing; that the trace is a tenth lower is plainly wrong.
        foreach (var id in new[] { "drop-next-eigenvalues", "drop-trace", "drop-accuracy" })
            Assert.Equal(Verdict.NotRun, verdicts[id]);
        Assert.Equal(Verdict.Refuted, verdicts["drop-tenth-flatter"]);
        Assert.Equal(Verdict.Confirmed, verdicts["drop-same-sharpness"]);
    }

    [Fact]
    public void Evaluate_NotYetAtTheNewEdge_ComparesNothing()
    {
        var verdicts = StandIns.Verdicts(new StepSizeDrop(), spec => Run(spec.Training, memory: 1, sharpness: 12));
        Assert.Equal(Verdict.Refuted, verdicts["drop-reaches-edge"]);
        Assert.All(verdicts.Where(v => v.Key != "drop-reaches-edge"), v => Assert.Equal(Verdict.NotRun, v.Value));
    }

    private static (StopReason Reason, SeriesTable Series) Run(
        TrainingSpec training,
        double memory,
        double sharpness = 22
    )
    {
        var drop = training.StepSize is DroppedStepSize dropped ? dropped.DropAt : 0;
        var flattening = 1 - (memory * 0.001 * drop);
        double[] Constant(double value) => [value, value, value, value];
        return (
            StopReason.LossReached,
            SeriesTable.From([
                ("step", [0, drop, drop + 50, drop + 100]),
                ("step_size", [training.StepSize.At(0), 0.09, 0.09, 0.09]),
                ("loss", [1.3, 0.2, 0.1, 0.012]),
                ("sharpness", [160, sharpness / 2, sharpness, sharpness]),
                .. Enumerable.Range(2, 3).Select(k => ($"lambda_{k}", Constant(18 * flattening))),
                ("trace", Constant((200 + training.Seed) * flattening)),
                ("trace_error", Constant(2)),
                ("test_accuracy", Constant(0.75 / flattening)),
            ])
        );
    }
}
