using FlatBias.Lab.Drawing;
using FlatBias.Lab.Landscapes;
using FlatBias.Testing;
using Microsoft.Playwright;

namespace FlatBias.Lab.Tests.Browser;

/// <summary>Every view on the screen of a phone.</summary>
public class PhoneTests(PublishedLab lab)
{
    private const int Width = 390;

    [Theory]
    [InlineData("", "#chart-map")]
    [InlineData("?theories=moment-map-4&at=4&horizon=20", "#chart-error")]
    [InlineData("?view=planes&kind=sharpness&size=6,4", "#chart-plane")]
    [InlineData("?view=planes&kind=outcome&size=6,4", "#chart-plane")]
    [InlineData("?view=planes&kind=exponent&size=6,4", "#chart-plane")]
    [InlineData("?view=planes&kind=orbits&size=6,4", "#chart-plane")]
    [InlineData("?view=planes&kind=basins&size=6,4", "#chart-plane")]
    [InlineData("?view=records", "#file")]
    public async Task View_OfEveryKind_FitsItsWidth(string query, string shown)
    {
        await using var tab = await Open(query);
        await tab.Page.WaitForSelectorAsync(shown);

        await Fits(tab);
        await tab.Page.EvaluateAsync("for (const e of document.querySelectorAll('details')) e.open = true");
        await Fits(tab);
    }

    [Fact]
    public async Task Records_OfLongNamesAndManyColumns_FitItsWidth()
    {
        using var folder = new TemporaryFolder();
        var run = LandscapeRun.Make(new() { Steps = "10" }).Series;
        string[] files =
        [
            .. new[] { 'a', 'b' }.Select(letter =>
                folder.Write(
                    $"{new string(letter, 100)}.csv",
                    System.Text.Encoding.UTF8.GetBytes(
                        Csv.Of(run).Replace("loss,", $"{new string(letter, 60)},", StringComparison.Ordinal)
                    )
                )
            ),
        ];
        await using var tab = await Open("?view=records");
        await tab.Page.SetInputFilesAsync("#file", files);
        await tab.Page.WaitForSelectorAsync("#chart-sharpness canvas");

        await Fits(tab);
    }

    [Fact]
    public async Task Plane_OfKinds_HasRoomForTheirNames()
    {
        await using var tab = await Open("?view=planes&kind=outcome&size=6,4");
        await tab.Page.WaitForSelectorAsync("#chart-plane canvas");

        var over = await tab.Page.EvaluateAsync<double>(
            """
            () => {
              const chart = echarts.getInstanceByDom(document.getElementById('chart-plane'));
              const texts = chart.getZr().storage.getDisplayList(true).filter(shape => shape.style.text === 'converged');
              if (texts.length !== 1) throw new Error(`${texts.length} of them`);
              const box = texts[0].getBoundingRect(), at = texts[0].transformCoordToGlobal(box.x + box.width, box.y);
              return at[0] - chart.getWidth();
            }
            """
        );

        Assert.InRange(over, -Width, 0);
    }

    private Task<LabTab> Open(string query) =>
        lab.Open(
            query,
            new()
            {
                ViewportSize = new() { Width = Width, Height = 844 },
                ColorScheme = ColorScheme.Dark,
            }
        );

    private static async Task Fits(LabTab tab) =>
        Assert.Equal(Width, await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
}
