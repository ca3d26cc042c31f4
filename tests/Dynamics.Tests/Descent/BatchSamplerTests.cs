using FlatBias.Dynamics.Descent;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Descent;

/// <summary>Minibatches follow from seed and step alone, and are drawn as stated.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class BatchSamplerTests
{
    [Property]
    public void At_WithoutReplacement_VisitsEverySampleOnceAnEpoch(Size samples, Size batch, Seed seed)
    {
        var n = 8 * samples.Value;
        var size = Math.Min(batch.Value, n);
        var sampler = new BatchSampler(n, size, seed.Value);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var seen = new List<int>();
            for (var i = 0; i < n / size; i++)
                seen.AddRange(sampler.At((epoch * (n / size)) + i));
            Assert.Equal(n / size * size, seen.Count);
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.All(seen, i => Assert.InRange(i, 0, n - 1));
        }
    }

    [Property]
    public void At_AnyOrderOfSteps_SameBatches(Seed seed, Size batch)
    {
        // A run that is taken up asks for a step without having asked for those before it.
        var random = seed.Random();
        foreach (var replacement in new[] { true, false })
        {
            BatchSampler inOrder = new(20, batch.Value, seed.Value, replacement),
                anyOrder = new BatchPlan(batch.Value, seed.Value, replacement).Sampler(20);
            var batches = Enumerable.Range(0, 30).Select(t => inOrder.At(t).ToArray()).ToArray();
            for (var i = 0; i < 30; i++)
            {
                var step = random.Next(30);
                Assert.Equal(batches[step], anyOrder.At(step).ToArray());
            }
        }
    }

    [Fact]
    public void At_WithReplacement_DrawsEachSampleEquallyOften()
    {
        var sampler = new BatchSampler(10, 5, 3, replacement: true);
        var counts = new int[10];
        for (var step = 0; step < 20_000; step++)
            foreach (var index in sampler.At(step))
                counts[index]++;
        // 10^5 draws with probability 1/10: standard deviation sqrt(1e5 * 0.09) = 95; five of them.
        Assert.All(counts, c => Assert.InRange(c, 10_000 - 475, 10_000 + 475));
    }

    [Fact]
    public void At_WithoutReplacement_EveryOrderIsEquallyLikely()
    {
        // 24 orders of 4 samples over 24,000 epochs: 1,000 each with standard deviation sqrt(1000 * 23/24) = 31; five of them.
        var sampler = new BatchSampler(4, 4, 5);
        var orders = Enumerable
            .Range(0, 24_000)
            .Select(epoch => string.Join(',', sampler.At(epoch).ToArray()))
            .CountBy(order => order)
            .ToArray();
        Assert.Equal(24, orders.Length);
        Assert.All(orders, order => Assert.InRange(order.Value, 1000 - 155, 1000 + 155));
    }

    [Fact]
    public void At_NeighbouringSeedsAndSteps_ShareNoBatches()
    {
        // 400 batches of 8 out of 1000 with replacement: two agree with probability 1e-24.
        var batches = Enumerable
            .Range(0, 20)
            .SelectMany(seed =>
                Enumerable
                    .Range(0, 20)
                    .Select(step => string.Join(',', new BatchSampler(1000, 8, seed - 10, true).At(step).ToArray()))
            );
        Assert.Equal(400, batches.Distinct().Count());
    }

    [Fact]
    public void At_ManySteps_AllocatesNothing()
    {
        foreach (var replacement in new[] { true, false })
        {
            var sampler = new BatchSampler(50, 10, 1, replacement);
            Draws(sampler);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Draws(sampler);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        static void Draws(BatchSampler sampler)
        {
            for (var step = 0; step < 2000; step++)
                sampler.At(step);
        }
    }

    [Fact]
    public void Constructor_BatchLargerThanTheData_NamesBoth() =>
        Assert.Contains(
            "batch-size is 30; it must be a whole number from 1 to 20",
            Assert.Throws<ArgumentOutOfRangeException>(() => new BatchSampler(20, 30, 1)).Message,
            StringComparison.Ordinal
        );
}
