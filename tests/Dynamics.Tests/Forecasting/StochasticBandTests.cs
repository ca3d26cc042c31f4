using FlatBias.Dynamics.Forecasting;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>Bands of draws, and how much of some runs lies in them.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class StochasticBandTests
{
    [Theory]
    [InlineData(19, 0.9)]
    [InlineData(20, 0.9)]
    [InlineData(39, 0.9)]
    [InlineData(5, 4 / 6.0)]
    [InlineData(2, 1 / 3.0)]
    public void Of_UniformDraws_HoldsTheShareOfFurtherDraws(int draws, double share)
    {
        // The k-th of n uniform draws is at k / (n + 1) in expectation, and so is what lies between two at the
        // difference: a width of 0.9 where the places are within the sample, of (n - 1) / (n + 1) where they are not.
        var random = new Random(draws);
        const int steps = 20_000;
        double[][] series =
        [
            .. Enumerable
                .Range(0, draws)
                .Select(_ => Enumerable.Range(0, steps).Select(_ => random.NextDouble()).ToArray()),
        ];
        var band = StochasticBand.Of(series);
        var width = band.Upper.Zip(band.Lower, (upper, lower) => upper - lower).Average();
        // A width is between 0 and 1: its deviation is at most a half; five standard errors.
        Near.Equal(share, width, 5 * 0.5 / Math.Sqrt(steps), "width");
        Near.Equal(0.5, band.Mean.Average(), 5 * 0.3 / Math.Sqrt(steps * draws), "mean");
    }

    [Property]
    public void Of_AnyDraws_IsBetweenThemAndMovesWithThem(Seed seed, Size size, Real shift, LogUniform factor)
    {
        var random = seed.Random();
        double[][] series = [.. Enumerable.Range(0, size.Value + 1).Select(_ => Draw.Vector(random, 3))];
        double scale = factor.In(1e-12, 1e12),
            by = shift.In(-10, 10);
        var band = StochasticBand.Of(series);
        var moved = StochasticBand.Of([.. series.Select(s => s.Select(x => (scale * x) + by).ToArray())]);
        for (var t = 0; t < 3; t++)
        {
            Assert.InRange(band.Lower[t], series.Min(s => s[t]), band.Upper[t]);
            Assert.True(band.Upper[t] <= series.Max(s => s[t]));
            // Half a dozen operations with numbers up to scale and by.
            var tolerance = 20 * size.Value * Near.Roundoff * (scale + Math.Abs(by));
            Near.Equal((scale * band.Lower[t]) + by, moved.Lower[t], tolerance, "lower");
            Near.Equal((scale * band.Upper[t]) + by, moved.Upper[t], tolerance, "upper");
            Near.Equal((scale * band.Mean[t]) + by, moved.Mean[t], tolerance, "mean");
        }
    }

    [Fact]
    public void Of_DrawsThatEnd_IsOfThoseThatAreLeft()
    {
        var band = StochasticBand.Of([
            [1, 1, 1, double.NaN],
            [2, 3, double.NaN, double.NaN],
            [3, double.PositiveInfinity, double.NaN, double.NaN],
        ]);
        Assert.Equal([2, 2, 1, double.NaN], band.Mean);
        Assert.Equal([1, 1, double.NaN, double.NaN], band.Lower);
        Assert.Equal([3, 3, double.NaN, double.NaN], band.Upper);
    }

    [Fact]
    public void Coverage_OfRuns_IsTheMeanOverThemWithTheirInterval()
    {
        StochasticBand band = new([0, 0, 0, 0, 0], [-1, -1, -1, -1, double.NaN], [1, 1, 1, 1, double.NaN]);
        // The first step is common to all and does not count; a step without a band, or that a run did not come to, is outside.
        double[][] runs =
        [
            [9, 0, 1, -1, 0],
            [0, 2, 0.5, double.NaN, double.NaN],
        ];
        var coverage = band.Coverage(runs);
        Assert.Equal(0.5, coverage.Share);
        // Shares 3/4 and 1/4: deviation 0.3536, standard error 1/4, and t = 12.7 with one degree of freedom.
        Assert.Equal((0.0, 1.0), (coverage.Lower, coverage.Upper));
        var many = band.Coverage([.. Enumerable.Repeat(runs[0], 3), .. Enumerable.Repeat(runs[1], 3)]);
        // Six runs: deviation 0.25 sqrt(6/5), t = 2.5706 with five degrees of freedom.
        Near.Equal(0.5 - (2.570582 * 0.25 / Math.Sqrt(5)), many.Lower, 1e-6, "lower");
        Near.Equal(0.5 + (2.570582 * 0.25 / Math.Sqrt(5)), many.Upper, 1e-6, "upper");
        Assert.True(double.IsNaN(band.Coverage([runs[0]]).Lower));
    }
}
