using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Tests.Claims;

/// <summary>Shares of runs judged by Jeffreys' interval, whose ends are those tabulated for it.</summary>
public class ReplicatesTests
{
    // Quantiles of Beta(h + 1/2, n - h + 1/2) to four digits, by Simpson's rule on the density in
    // arcsin sqrt x and bisection, outside the project; where none or all are hits the interval ends at 0 or 1.
    [Theory]
    [InlineData(8, 10, 0.4972, 0.9559)]
    [InlineData(20, 20, 0.8834, 1)]
    [InlineData(0, 20, 0, 0.1166)]
    [InlineData(1, 1, 0.1467, 1)]
    public void JudgeShare_AnyCounts_HasJeffreysInterval(int hits, int trials, double low, double high)
    {
        var claim = new Statement("share", "Text.", "D").JudgeShare(Relation.AtLeast, 0.95, hits, trials, "runs");
        Assert.Equal((double)hits / trials, claim.Measured);
        Assert.Equal(low, claim.Low, 5e-5);
        Assert.Equal(high, claim.High, 5e-5);
    }
}
