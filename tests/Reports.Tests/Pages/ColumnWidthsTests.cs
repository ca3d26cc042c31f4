using FlatBias.Reports.Pages;
using FsCheck;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Pages;

public class ColumnWidthsTests
{
    [Property(MaxTest = 200)]
    public void Fit_AnyColumns_FillsTheTableAndSparesTheWordsWherePossible(
        NonEmptyArray<(PositiveInt Share, PositiveInt Need)> columns
    )
    {
        float[] shares = [.. columns.Get.Select(column => (float)column.Share.Get)];
        float[] needed = [.. columns.Get.Select(column => (float)(column.Need.Get % 80))];

        var widths = ColumnWidths.Fit(shares, needed, 480);

        Assert.Equal(480, widths.Sum(), 0.05f);
        Assert.All(widths, width => Assert.True(width >= 0));
        if (needed.Sum() <= 480)
            Assert.All(widths.Zip(needed), pair => Assert.True(pair.First >= pair.Second - 0.01f));
    }

    [Fact]
    public void Fit_EnoughRoom_KeepsTheShares() => Assert.Equal([100f, 300f], ColumnWidths.Fit([1, 3], [50, 50], 400));
}
