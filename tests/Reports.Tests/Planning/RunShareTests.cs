using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Planning;

public class RunShareTests
{
    private static readonly RunSpec[] Runs =
    [
        .. ChapterCatalogue
            .All.SelectMany(chapter => chapter.Runs(new ReportSettings("quick", 1, "cpu", null)))
            .DistinctBy(spec => spec.Key()),
    ];

    [Property(Arbitrary = [typeof(Generators)], MaxTest = 100)]
    public void Deal_AnyCosts_NoShareExceedsTheMeanByMoreThanOneCost(Seed seed)
    {
        var random = seed.Random();
        double[] costs =
        [
            .. Enumerable.Range(0, random.Next(1, 300)).Select(_ => Math.Pow(10, (24 * random.NextDouble()) - 12)),
        ];
        var shares = random.Next(1, 40);
        var owners = RunShare.Deal(costs, shares);
        Assert.Equal(costs.Length, owners.Length);
        Assert.All(owners, owner => Assert.InRange(owner, 0, shares - 1));
        var loads = Enumerable
            .Range(0, shares)
            .Select(share => costs.Where((_, i) => owners[i] == share).Sum())
            .ToArray();
        // The last cost of the largest share went to what was then the least, which is at most the mean; sums of 300 terms round.
        Assert.InRange(loads.Max(), 0, ((costs.Sum() / shares) + costs.Max()) * (1 + 1e-13));
    }

    [Fact]
    public void Deal_NoCosts_GivesNothing() => Assert.Empty(RunShare.Deal([], 3));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void Of_AllShardsOfAReport_HaveEveryRunOnceInItsOrder(int count)
    {
        var inputs = new RunInputs();
        var shares = Enumerable
            .Range(1, count)
            .Select(i => RunShare.Of(Runs, new Shard(i, count), inputs).Select(spec => spec.Key()).ToArray())
            .ToArray();
        Assert.Equal(
            Runs.Select(spec => spec.Key()).Order(StringComparer.Ordinal),
            shares.SelectMany(share => share).Order(StringComparer.Ordinal)
        );
        Assert.All(shares, share => Assert.Equal(Runs.Select(spec => spec.Key()).Where(share.Contains), share));
        Assert.All(shares, Assert.NotEmpty);
    }

    /// <summary>Runs of the kinds that take most of a report's time.</summary>
    public static TheoryData<string> Trainings => ["plain", "traced", "layered", "stochastic"];

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Expected_ATraining_IsWithinAFactorOfTwoOfWhatItCosts(string kind)
    {
        var plain = new TrainingSpec
        {
            Train = 100,
            Test = 20,
            Steps = 120,
            MeasureEvery = 10,
            Eigenpairs = 4,
            TrailingEvery = int.MaxValue,
            Network = NetworkChoice.FullyConnected([16, 16], Activation.Tanh),
            Loss = NetworkLoss.MeanSquaredError,
        };
        var spec = new NetworkSpec(
            kind switch
            {
                "traced" => plain with { TraceProbes = 8 },
                "layered" => plain with
                {
                    LayersEvery = 6,
                    Network = NetworkChoice.Of("cnn").With("channels", "2,2").With("strides", "2,2"),
                },
                "stochastic" => plain with { Batch = new(10) },
                _ => plain,
            }
        );
        var run = MadeRun.Of(spec, new RunContext(new RunInputs(), TestContext.Current.CancellationToken));
        var (steps, products) = spec.Expected;
        // The price of a product is that of the ledger.
        var expected = (steps * (spec.Training.Batch is null ? 1 : 0.1)) + (products * 4 / 3);
        Assert.InRange(run.Outcome.GradientEquivalents / expected, 0.5, 2);
    }

    [Fact]
    public void Seconds_EveryRunOfAReport_IsANumberAboveZero()
    {
        // One network of each kind is timed; the times themselves are the machine's.
        RunSpec[] ones = [.. Runs.DistinctBy(spec => (spec.GetType(), spec.Network?.Network.Name, spec.Network?.Data))];
        var times = RunTimes.Of(ones, new RunInputs(), TestContext.Current.CancellationToken);
        Assert.All(ones, spec => Assert.True(times.Seconds(spec) is > 0 and < double.PositiveInfinity));
        // Two runs at a time take no longer than one after the other and no less than half of that.
        var (one, two) = (times.Wall(ones, 1), times.Wall(ones, 2));
        Assert.InRange(two / one, 0.5 - 1e-12, 1);
    }
}
