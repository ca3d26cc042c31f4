using FlatBias.Reports.Chapters;

namespace FlatBias.Reports.Tests.Chapters;

public class ChapterTableTests
{
    [Fact]
    public void Of_Things_HasARowForEachAndAColumnForEachMeasure()
    {
        var table = ChapterTable.Of(
            "Squares.",
            "n",
            [2, 3],
            n => $"{n}",
            ("square", n => ChapterTable.Number(n * n)),
            ("root of −n", n => ChapterTable.Number(Math.Sqrt(-n)))
        );

        Assert.Equal(["n", "square", "root of −n"], table.Heads);
        Assert.Equal(
            [
                ["2", "4", "–"],
                ["3", "9", "–"],
            ],
            table.Rows
        );
    }

    [Theory]
    [InlineData(new double[] { }, "–")]
    [InlineData(new[] { double.NaN, double.NaN }, "–")]
    [InlineData(new[] { 0.123456, double.NaN }, "0.1235")]
    [InlineData(new[] { 0.123456, 0.2, 3.14159 }, "0.2\n(0.12–3.1)")]
    [InlineData(new[] { -3.14159, 0, 1234.5 }, "0\n(−3.1 to 1200)")]
    [InlineData(new[] { 1, double.PositiveInfinity }, "∞\n(1–∞)")]
    [InlineData(new[] { double.PositiveInfinity, double.PositiveInfinity }, "∞\n(∞–∞)")]
    [InlineData(new[] { 9.96, 9.99 }, "10\n(10–10)")]
    public void Spread_Values_AreTheirMedianAndRange(double[] values, string text) =>
        Assert.Equal(text, ChapterTable.Spread(values));
}
