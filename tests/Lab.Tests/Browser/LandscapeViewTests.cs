using System.Globalization;
using FlatBias.Dynamics.Observables;
using FlatBias.Lab.Addresses;
using FlatBias.Lab.Landscapes;
using FlatBias.Lab.Tests.Scripts;
using Microsoft.Playwright;

namespace FlatBias.Lab.Tests.Browser;

/// <summary>The landscape view in a real browser, held against the library outside it.</summary>
public class LandscapeViewTests(PublishedLab lab)
{
    [Fact]
    public async Task Sliders_Moved_ShowTheLibrarysNumbers()
    {
        await using var tab = await lab.Open("");
        await tab.Slide("steps-slider", 120);
        await tab.Slide("step-size-slider", 30);
        await tab.Slide("cursor", 17);

        await IsTheLibrarys(tab, 17);
    }

    [Theory]
    [InlineData("?landscape=deep-linear-network&step-size=0.3&steps=30&at=11")]
    [InlineData("?landscape=rotation-laboratory&landscape.steepening=0&step-size=1.05&steps=90&at=40")]
    [InlineData("?landscape=quartic&landscape.seed=3&step-size=0.6&steps=25&optimiser=adam&at=9&flow=off")]
    [InlineData(
        "?landscape=two-parameter-network&landscape.link=logistic&start=2,1&step-size=drop:0.5,0.2,10&steps=20&at=15"
    )]
    public async Task Link_Opened_ShowsTheLibrarysNumbers(string query)
    {
        await using var tab = await lab.Open(query);

        await IsTheLibrarys(tab, int.Parse(Address.Parse(query).Get("at")!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Start_Dragged_MovesTheRunAndTheLinkReproducesIt()
    {
        await using var tab = await lab.Open("?landscape=double-well&step-size=0.2&steps=40&map=-2,2,-1,1");
        await tab.Shows("theta_1", 0.9);
        var (x, y) = await tab.PixelOf("chart-map", 0.9, 0.1);
        var (toX, toY) = await tab.PixelOf("chart-map", -1.25, 0.5);
        await tab.Page.Mouse.MoveAsync((float)x, (float)y);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync((float)(x + toX) / 2, (float)(y + toY) / 2, new() { Steps = 4 });
        await tab.Page.Mouse.MoveAsync((float)toX, (float)toY, new() { Steps = 4 });
        await tab.Page.Mouse.UpAsync();

        // Not by the driver's wait for an address, which never ends where the address changes as it begins.
        await tab.Page.WaitForFunctionAsync("() => location.search.includes('start=-1.2')");
        var settings = await Settings(tab);
        // The pointer moves by whole pixels, of which the map has several hundred.
        var start = settings
            .Start!.Split(',')
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))
            .ToArray();
        Assert.Equal(-1.25, start[0], 0.02);
        Assert.Equal(0.5, start[1], 0.02);
        await IsTheLibrarys(tab, 0);
        await tab.Slide("cursor", 23);
        await IsTheLibrarys(tab, 23);

        await tab.Page.ReloadAsync();

        await IsTheLibrarys(tab, 23);
        Assert.Equal(settings.Start, (await Settings(tab)).Start);
    }

    [Fact]
    public async Task ArrowKeys_OnTheMap_MoveTheStart()
    {
        await using var tab = await lab.Open("?landscape=double-well&step-size=0.2&steps=10&map=-2,2,-1,1");
        await tab.Page.Locator("#chart-map").FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowRight");

        // A hundredth of the map's width of 4.
        await tab.Shows("theta_1", 0.94);
    }

    [Fact]
    public async Task Cursor_OverAChart_IsTheStepOfTheNumbers()
    {
        await using var tab = await lab.Open("?steps=60");
        await tab.Shows("step", 0);
        var (x, y) = await tab.PixelOf("chart-sharpness", 31, 180);
        await tab.Page.Mouse.MoveAsync((float)x, (float)y);

        await tab.Shows("step", 31);
        await IsTheLibrarys(tab, 31);
    }

    [Fact]
    public async Task Script_Copied_MakesTheSeriesOfThePage()
    {
        await using var tab = await lab.Open("?landscape=bending-valley&step-size=1.2&steps=35");
        await tab.Page.Locator("#script-box > summary").ClickAsync();
        var script = await tab.Page.Locator("#script").InputValueAsync();
        var download = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.Locator("#csv").ClickAsync());
        var lines = (await File.ReadAllTextAsync(await download.PathAsync())).TrimEnd('\n').Split('\n');

        var series = await LabScript.Run<SeriesTable>(script, "series");

        var names = lines[0].Split(',');
        Assert.Equal(series.Rows, lines.Length - 1);
        foreach (var name in (string[])["loss", "sharpness", "theta_1", "theta_2", "m3"])
        {
            var shown = lines.Skip(1).Select(line => line.Split(',')[Array.IndexOf(names, name)]);
            // Two compilers of the same sums: what they add in another order differs by a few roundings, which a
            // contracting run does not amplify.
            Assert.All(
                series[name].Zip(shown),
                pair =>
                    Assert.Equal(
                        pair.First,
                        double.Parse(pair.Second, CultureInfo.InvariantCulture),
                        1e-9 * Math.Max(1, Math.Abs(pair.First))
                    )
            );
        }
    }

    [Fact]
    public async Task Field_WhatCannotBeUsed_IsSaidThereAndMended()
    {
        await using var tab = await lab.Open("");
        await tab.Write("landscape.exponent", "65");
        await Assertions
            .Expect(tab.Page.Locator("[id='landscape.exponent-error'], #landscape-error"))
            .ToContainTextAsync("64");
        await tab.Write("landscape.exponent", "3");
        await Assertions.Expect(tab.Page.Locator(".error")).ToHaveCountAsync(0);

        await tab.Write("step-size", "abc");
        await Assertions.Expect(tab.Page.Locator("#step-size-error")).ToContainTextAsync("step-size is 'abc'");
    }

    [Fact]
    public async Task Run_ThatDiverges_SaysSo()
    {
        await using var tab = await lab.Open("?step-size=0.03&steps=300");

        await Assertions.Expect(tab.Page.Locator("#ending")).ToContainTextAsync("diverged after");
    }

    [Theory]
    [InlineData("svg", "<svg")]
    [InlineData("png", "\u0089PNG")]
    public async Task Chart_Saved_IsAPicture(string format, string begins)
    {
        await using var tab = await lab.Open("");
        foreach (var figure in (string[])["map", "sharpness"])
        {
            var box = tab.Page.Locator("figure", new() { Has = tab.Page.Locator($"#chart-{figure}") });
            var download = await tab.Page.RunAndWaitForDownloadAsync(() =>
                box.GetByRole(AriaRole.Button, new() { Name = format.ToUpperInvariant() }).ClickAsync()
            );
            var bytes = await File.ReadAllBytesAsync(await download.PathAsync());
            Assert.StartsWith(begins, string.Concat(bytes.Take(64).Select(b => (char)b)), StringComparison.Ordinal);
            Assert.True(bytes.Length > 2000);
        }
    }

    /// <summary>The settings that the address says.</summary>
    private static async Task<LandscapeSettings> Settings(LabTab tab) => LandscapeSettings.From(await tab.State());

    /// <summary>
    /// Every number that the page shows is, to its last digit, that of a run made here from the same address.
    /// </summary>
    private static async Task IsTheLibrarys(LabTab tab, int row)
    {
        await tab.Shows("step", row);
        var run = LandscapeRun.Make(await Settings(tab));
        foreach (var name in run.Series.Names)
            if (await tab.Page.Locator($"#number-{name}").CountAsync() > 0)
                await tab.Shows(name, run.Series[name][row]);
    }
}
