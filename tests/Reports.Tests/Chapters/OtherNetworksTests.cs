using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Networks beyond fully connected ones judged from made-up runs.</summary>
public class OtherNetworksTests
{
    [Fact]
    public void Evaluate_AsTheSourcesSay_ConfirmsAll()
    {
        var verdicts = StandIns.Verdicts(new OtherNetworks(), spec => Run(spec.Training, new Made()));
        Assert.All(verdicts, v => Assert.True(v.Value == Verdict.Confirmed, $"{v.Key} {v.Value}"));
    }

    [Theory]
    [InlineData("hovers")]
    [InlineData("flatter")]
    [InlineData("turns")]
    [InlineData("turns-further")]
    [InlineData("layers-together")]
    [InlineData("layers-move")]
    public void Evaluate_OneThingOtherwise_RefutesItAlone(string what)
    {
        var made = what switch
        {
            "hovers" => new Made { Number = 1.3 },
            "flatter" => new Made { Flattening = 0.95 },
            "turns" => new Made { Similarity = 0.75, SmallSimilarity = 0.9 },
            "turns-further" => new Made { SmallSimilarity = 0.3 },
            "layers-together" => new Made { Block = 0.95 },
            _ => new Made { Share = 0.55 },
        };
        var verdicts = StandIns.Verdicts(new OtherNetworks(), spec => Run(spec.Training, made));
        Assert.All(
            verdicts,
            v =>
                Assert.True(
                    v.Value == (v.Key.EndsWith(what, StringComparison.Ordinal) ? Verdict.Refuted : Verdict.Confirmed),
                    $"{v.Key} {v.Value}"
                )
        );
    }

    [Fact]
    public void Evaluate_NoRunPastItsEdge_LeavesTheMovedShareOut()
    {
        var verdicts = StandIns.Verdicts(new OtherNetworks(), spec => Run(spec.Training, new Made { Number = 0.9 }));
        Assert.Equal(Verdict.NotRun, verdicts["beyond-layers-move"]);
        Assert.Equal(Verdict.Confirmed, verdicts["beyond-cnn-hovers"]);
    }

    [Fact]
    public void Evaluate_RunsThatDiverge_AreLeftOut()
    {
        var verdicts = StandIns.Verdicts(
            new OtherNetworks(),
            spec =>
                Run(spec.Training, new Made()) with
                {
                    Reason = spec.Training.Network.Name == "cnn" ? StopReason.Diverged : StopReason.StepLimit,
                }
        );
        foreach (var id in new[] { "beyond-cnn-hovers", "beyond-cnn-flatter", "beyond-cnn-turns" })
            Assert.Equal(Verdict.NotRun, verdicts[id]);
        Assert.Equal(Verdict.Confirmed, verdicts["beyond-resnet-flatter"]);
    }

    [Theory]
    [InlineData("quick")]
    [InlineData("paper")]
    public void Runs_BothProfiles_AreValidAndOfTheSameTime(string profile)
    {
        var runs = new OtherNetworks()
            .Runs(StandIns.Settings with { Profile = profile })
            .Select(run => ((NetworkSpec)run).Training)
            .ToArray();
        Assert.All(
            runs,
            run => run.Validate(NeuralValidation.Data.DataCatalogue.Load(run.Data, Math.Min(run.Train, 20), 0).Train)
        );
        foreach (var same in runs.GroupBy(run => (run.Network, run.Seed)))
            Assert.Single(same.Select(run => Math.Round(run.StepSize.At(run.Steps) * run.Steps, 6)).Distinct());
    }

    private static (StopReason Reason, SeriesTable Series) Run(TrainingSpec training, Made made)
    {
        var large = training.LayersEvery is not null;
        double[] step = [0, training.Steps / 4, training.Steps / 2, training.Steps];
        double[] Constant(double value) => [value, value, value, value];
        // Above the edge for a row, and where it hovers after that; a little scatter over the seeds.
        var number = made.Number + (0.001 * training.Seed);
        double[] layers = large ? [0.5, 0.5, 0.5, made.Share] : [];
        return (
            StopReason.StepLimit,
            SeriesTable.From([
                ("step", step),
                ("step_size", [.. step.Select(t => training.StepSize.At((int)t))]),
                ("loss", [1, 0.5, 0.3, 0.2]),
                ("sharpness", Constant(large ? 10 * (made.Flattening + (0.001 * training.Seed)) : 10)),
                ("stability_number", Constant(number)),
                .. Enumerable
                    .Range(1, 4)
                    .Select(k => ($"similarity_{k}", Constant(large ? made.Similarity : made.SmallSimilarity))),
                .. !large
                    ? []
                    : new[]
                    {
                        ("share_conv1", layers),
                        ("share_out", [.. layers.Select(share => 1 - share)]),
                        ("sharpness_conv1", Constant(10 * made.Flattening * made.Block)),
                        ("sharpness_out", Constant(1)),
                    },
            ])
        );
    }

    private sealed record Made
    {
        public double Number { get; init; } = 1.1;

        public double Flattening { get; init; } = 0.5;

        public double Similarity { get; init; } = 0.4;

        public double SmallSimilarity { get; init; } = 0.6;

        public double Block { get; init; } = 0.7;

        public double Share { get; init; } = 0.8;
    }
}
