using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Tests.Claims;

/// <summary>Shares of runs with the exact binomial interval: Clopper and Pearson's own, from tables.</summary>
public class ReplicatesTests
{
    [Theory]
    [InlineData(8, 10, 0.9, 0.9748)]
    [InlineData(8, 10, 0.2, 0.4439)]
    [InlineData(20, 20, 0.95, 0.8316)]
    [InlineData(0, 20, 0.05, 0.1684)]
    [InlineData(1, 1, 0.5, 0.025)]
    public void JudgeShare_TabulatedCounts_HaveTheTabulatedEndTowardsThePrediction(
        int hits,
        int trials,
        double predicted,
        double end
    )
    {
        var claim = new Statement("share", "Text.", "D").JudgeShare(Relation.AtLeast, predicted, hits, trials, "runs");
        var share = (double)hits / trials;
        Assert.Equal(share, claim.Measured);
        // The tables have four digits.
        Assert.Equal(end, share < predicted ? claim.High : claim.Low, 5e-5);
        Assert.InRange(claim.Low, 0, claim.Measured);
        Assert.InRange(claim.High, claim.Measured, 1);
    }
}
