using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Comparison at equal loss, and judgement by the mean over seeds.</summary>
public class EqualLossTests
{
    private static readonly SeriesTable Series = SeriesTable.From([
        ("loss", [1, 0.1, 0.4, 0.01, 0.02]),
        ("sharpness", [0, 10, 20, 30, 40]),
        (Columns.StabilityNumber, [2, 0.5, 1.5, 0.5, 3]),
        ("similarity_1", [1, 0.9, 0.1, 0.1, 0.1]),
        ("similarity_2", [1, 0.3, 0.1, 0.1, 0.1]),
        ("similarity_3", [1, 0.8, 0.1, 0.1, 0.1]),
        ("similarity_4", [1, 0.5, 0.1, 0.1, 0.1]),
    ]);

    [Fact]
    public void At_BetweenTwoRows_InterpolatesInTheLogarithmOfTheLoss()
    {
        // ln 1 to ln 0.1: the square root of 0.1 is half way. Rounding of three logarithms.
        Assert.Equal(5, EqualLoss.At(Series, Math.Sqrt(0.1), "sharpness"), 1e-13);
        Assert.Equal(10, EqualLoss.At(Series, 0.1, "sharpness"), 1e-13);
        // The first passage counts, though the loss rises again: from 0.4 to 0.01 the level 0.02 is ln 20 / ln 40 of the way.
        Assert.Equal(20 + (10 * Math.Log(20) / Math.Log(40)), EqualLoss.At(Series, 0.02, "sharpness"), 1e-12);
    }

    [Fact]
    public void At_NeverReached_IsNaN()
    {
        Assert.Null(EqualLoss.Row(Series, 0.005));
        Assert.Equal(double.NaN, EqualLoss.At(Series, 0.005, "sharpness"));
    }

    [Fact]
    public void Similarity_FourFrames_IsTheLargest() => Assert.Equal(0.9, EqualLoss.Similarity(Series, 0.1), 1e-14);

    [Fact]
    public void Instabilities_OwnEdge_CountsOnsetsBeforeTheLoss()
    {
        // Before 0.1 the one of the start; by 0.01 the one of the third row as well; that of the last row begins after it.
        Assert.Equal(1, EqualLoss.Instabilities(Series, 0.1));
        Assert.Equal(2, EqualLoss.Instabilities(Series, 0.01));
        Assert.Equal(double.NaN, EqualLoss.Instabilities(Series, 0.005));
    }

    [Fact]
    public void JudgeMean_ThreeReplicates_HasStudentsInterval()
    {
        var claim = new Statement("id", "text", "source").JudgeMean(
            Relation.AtLeast,
            0,
            [1, 2, 3],
            x => (double)x,
            "quantity"
        );
        Assert.Equal(2, claim.Measured, 1e-15);
        // t at 0.975 with two degrees of freedom, tabled to five digits, times 1/sqrt 3.
        Assert.Equal(4.30265 / Math.Sqrt(3), claim.High - claim.Measured, 1e-5);
        Assert.Equal(Verdict.Inconclusive, claim.Verdict);
    }

    [Fact]
    public void JudgeMean_ReplicatesWithoutTheMeasurement_LeavesThemOutAndSaysSo()
    {
        var statement = new Statement("id", "text", "source");
        var claim = statement.JudgeMean(Relation.Equal, 2, [1, double.NaN, 3], x => x, "quantity");
        Assert.Equal(2, claim.Measured);
        Assert.Contains("2 of 3", claim.Quantity, StringComparison.Ordinal);
        Assert.Equal(
            Verdict.NotRun,
            statement.JudgeMean(Relation.Equal, 2, [1, double.NaN], x => x, "quantity").Verdict
        );
        Assert.Equal(2, Replicates.Mean([1, double.NaN, 3], x => x));
        Assert.Equal(double.NaN, Replicates.Mean([double.NaN], x => x));
    }
}
