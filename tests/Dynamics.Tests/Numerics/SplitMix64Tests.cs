using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Tests.Numerics;

public class SplitMix64Tests
{
    [Fact]
    public void Next_StateZero_IsThePublishedSequence()
    {
        // The first outputs of the reference implementation (S. Vigna, splitmix64.c, public domain) from state 0.
        var random = default(SplitMix64);
        Assert.Equal(
            [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F],
            new[] { random.Next(), random.Next(), random.Next() }
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void Next_Bound_StaysBelowAndReachesBothHalves(int bound)
    {
        var random = new SplitMix64(7, 0);
        var draws = Enumerable.Range(0, 1000).Select(_ => random.Next(bound)).ToArray();
        Assert.All(draws, d => Assert.InRange(d, 0, bound - 1));
        // Each half of a range of at least 2 is missed with probability (2/3)^1000 at most.
        if (bound > 1)
            Assert.True(draws.Min() < bound / 2.0 && draws.Max() >= bound / 2);
    }
}
