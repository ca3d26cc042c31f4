using System.Globalization;
using FlatBias.Dynamics.Observables;
using FlatBias.Lab.Drawing;
using FlatBias.Lab.Landscapes;
using FlatBias.Lab.Planes;
using FlatBias.Testing;
using Microsoft.Playwright;

namespace FlatBias.Lab.Tests.Browser;

/// <summary>Planes, theories and records in a real browser.</summary>
public class OtherViewsTests(PublishedLab lab)
{
    private const int Patience = 120_000;

    [Fact]
    public async Task Plane_ComputedByTheWorker_HasTheLibrarysValues()
    {
        await using var tab = await lab.Open("?view=planes&kind=sharpness&size=6,4");
        await IsDone(tab);
        var lines = (await Saved(tab)).TrimEnd('\n').Split('\n').Skip(1).Select(line => line.Split(',')).ToArray();

        var job = PlaneJob.Of(await Settings(tab));
        for (var row = 0; row < job.Rows; row++)
        {
            var values = job.Row(row);
            for (var i = 0; i < values.Length; i++)
            {
                var shown = double.Parse(lines[(row * values.Length) + i][2], CultureInfo.InvariantCulture);
                Assert.Equal(double.IsNaN(values[i]), double.IsNaN(shown));
                // A long run ends at a minimum, where what other roundings do to it has died out.
                if (!double.IsNaN(shown))
                    Assert.Equal(values[i], shown, 1e-9 * values[i]);
            }
        }
    }

    [Theory]
    [InlineData("outcome")]
    [InlineData("exponent")]
    [InlineData("orbits")]
    [InlineData("basins")]
    public async Task Plane_OfEveryKind_IsDone(string kind)
    {
        await using var tab = await lab.Open($"?view=planes&kind={kind}&size=8,6");
        await IsDone(tab);
        var shown = await Saved(tab);

        var job = PlaneJob.Of(await Settings(tab));
        Assert.Equal(1 + Enumerable.Range(0, job.Rows).Sum(row => job.Row(row).Length), shown.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Plane_Dragged_ZoomsAndAClickTakesThePointAlong()
    {
        await using var tab = await lab.Open("?view=planes&kind=sharpness&size=8,6&steps=50");
        await IsDone(tab);
        var (x, y) = await tab.PixelOf("chart-plane", 0.008, 8);
        var (toX, toY) = await tab.PixelOf("chart-plane", 0.012, 10);
        await tab.Page.Mouse.MoveAsync((float)x, (float)y);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync((float)toX, (float)toY, new() { Steps = 4 });
        await tab.Page.Mouse.UpAsync();
        await Assertions.Expect(tab.Page.Locator("#out")).ToBeEnabledAsync();
        await IsDone(tab);
        var (left, right) = PlaneSettings.Range("x-range", (await Settings(tab)).XRange);
        // A pixel is 0.02 / 750.
        Assert.Equal(0.008, left, 1e-4);
        Assert.Equal(0.012, right, 1e-4);

        var (atX, atY) = await tab.PixelOf("chart-plane", 0.011, 9);
        await tab.Page.Mouse.ClickAsync((float)atX, (float)atY);

        await tab.Page.WaitForSelectorAsync("#ending");
        var view = LandscapeSettings.From(await tab.State());
        Assert.Equal(0.011, double.Parse(view.StepSize, CultureInfo.InvariantCulture), 2e-5);
        await tab.Shows("theta_2", LandscapeRun.Make(view).Start[1]);

        await tab.Page.GoBackAsync();
        await IsDone(tab);
    }

    [Fact]
    public async Task Plane_ThatTakesLong_IsStoppedByItsButtonAndByAChangedField()
    {
        // A row is 20 million steps.
        await using var tab = await Counted("?view=planes&kind=exponent&size=200,160&steps=100000");
        var (stop, progress) = (tab.Page.Locator("#stop"), tab.Page.Locator("#progress"));
        await Works(tab, 1);
        await Assertions.Expect(progress).ToContainTextAsync("of 160 rows computed");

        await stop.ClickAsync();
        await Assertions.Expect(progress).ToContainTextAsync("Stopped: ");
        await Assertions.Expect(stop).ToHaveTextAsync("Compute again");
        await ComputesNoMore(tab);
        await Assertions.Expect(progress).ToHaveAttributeAsync("data-done", "False");

        await stop.ClickAsync();
        await Works(tab, 1);
        await Assertions.Expect(stop).ToHaveTextAsync("Stop");
        await tab.Write("steps", "20");
        await tab.Write("size", "6,4");
        await IsDone(tab);
        await Assertions.Expect(stop).ToBeDisabledAsync();

        var (job, lines) = (PlaneJob.Of(await Settings(tab)), await Saved(tab));
        Assert.Equal(1 + Enumerable.Range(0, job.Rows).Sum(row => job.Row(row).Length), lines.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Plane_ViewLeft_ComputesNoMore()
    {
        await using var tab = await Counted("?view=planes&kind=exponent&size=200,160&steps=100000");
        await Works(tab, 1);
        await tab.Page.Locator("#view-landscape").ClickAsync();
        await tab.Page.WaitForSelectorAsync("#ending");
        await ComputesNoMore(tab);
    }

    /// <summary>Opens the page with a count of the rows that workers send.</summary>
    private async Task<LabTab> Counted(string query)
    {
        var tab = await lab.Open(query);
        await tab.Page.AddInitScriptAsync(
            """
            window.rows = 0;
            const Plain = window.Worker;
            window.Worker = class extends Plain {
              constructor(...given) {
                super(...given);
                this.addEventListener('message', e => { if (e.data.row >= 0) window.rows++; });
              }
            };
            """
        );
        await tab.Page.ReloadAsync();
        return tab;
    }

    /// <summary>A worker that is within a row is ended, and one between two rows hears and rests: either way no row comes any more.</summary>
    private static async Task ComputesNoMore(LabTab tab)
    {
        await Turn(tab);
        var rows = await tab.Page.EvaluateAsync<int>("() => window.rows");
        await Turn(tab);
        Assert.Equal(rows, await tab.Page.EvaluateAsync<int>("() => window.rows"));
    }

    /// <summary>Waits until what a worker had planned for now is done: a row, where it computes.</summary>
    private static async Task Turn(LabTab tab)
    {
        foreach (var worker in tab.Page.Workers.ToArray())
            try
            {
                await worker.EvaluateAsync<object?>("() => new Promise(go => setTimeout(() => setTimeout(go)))");
            }
            catch (PlaywrightException)
            {
                // It was ended.
            }
    }

    /// <summary>Waits until so many workers are there.</summary>
    private static async Task Works(LabTab tab, int count)
    {
        const int pause = 50;
        for (var waited = 0; tab.Page.Workers.Count != count; waited += pause)
        {
            Assert.True(waited < Patience, $"There are {tab.Page.Workers.Count} workers.");
            await Task.Delay(pause, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Plane_ThatCannotBe_SaysSoAtItsField()
    {
        await using var tab = await lab.Open("?view=planes&kind=sharpness&size=8,6&steps=50");
        await tab.Write("size", "1000,1000");

        await Assertions.Expect(tab.Page.Locator("#size-error")).ToContainTextAsync("200");
    }

    [Fact]
    public async Task Theories_Chosen_AreDrawnFromTheStepUnderTheCursor()
    {
        await using var tab = await lab.Open("?at=4&horizon=20");
        await tab.Page.Locator("#theory-moment-map-4").CheckAsync();
        await tab.Page.WaitForSelectorAsync("#chart-error canvas");

        var shown = await tab.Page.EvaluateAsync<double[]>(
            "() => echarts.getInstanceByDom(document.getElementById('chart-sharpness')).getOption().series.find(s => s.name === 'moment-map-4').data.flat()"
        );

        var settings = LandscapeSettings.From(await tab.State());
        Assert.Equal(["moment-map-4"], settings.Theories);
        var curve = LandscapeForecasts
            .Of(LandscapeRun.Make(settings), 4)!
            .Over(new Figure("", "", ""), Columns.Sharpness)
            .Curves[0];
        Assert.Equal(curve.X, shown.Where((_, i) => i % 2 == 0));
        // The same sums by another compiler.
        Assert.All(
            curve.Y.Zip(shown.Where((_, i) => i % 2 == 1)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-9 * Math.Abs(pair.First))
        );
    }

    [Fact]
    public async Task Records_Dropped_AreShownAndWhatIsNoneIsRefused()
    {
        using var folder = new TemporaryFolder();
        var run = LandscapeRun.Make(new() { Steps = "30" }).Series;
        var csv = folder.Write("first.csv", System.Text.Encoding.UTF8.GetBytes(Csv.Of(run)));
        var json = folder.Write(
            "second.json",
            """[{"step":0,"sharpness":150},{"step":20,"sharpness":140}]"""u8.ToArray()
        );
        var none = folder.Write("none.csv", "half a file"u8.ToArray());
        await using var tab = await lab.Open("?view=records");

        await tab.Page.SetInputFilesAsync("#file", [none]);
        await Assertions.Expect(tab.Page.Locator("#file-error")).ToContainTextAsync("none.csv has no column 'step'");

        await tab.Page.SetInputFilesAsync("#file", [csv, json]);
        await tab.Page.WaitForSelectorAsync("#chart-sharpness canvas");
        await Assertions.Expect(tab.Page.Locator(".error")).ToHaveCountAsync(0);
        var (x, y) = await tab.PixelOf("chart-sharpness", 25, 170);
        await tab.Page.Mouse.MoveAsync((float)x, (float)y);
        await tab.Shows("step", 25);
        var numbers = tab.Page.Locator("#numbers");
        await Assertions
            .Expect(numbers)
            .ToContainTextAsync(run["sharpness"][25].ToString("G8", CultureInfo.InvariantCulture));
        await Assertions.Expect(numbers).ToContainTextAsync("140");
    }

    private static async Task<PlaneSettings> Settings(LabTab tab) => PlaneSettings.From(await tab.State());

    private static Task IsDone(LabTab tab) =>
        Assertions
            .Expect(tab.Page.Locator("#progress"))
            .ToHaveAttributeAsync("data-done", "True", new() { Timeout = Patience });

    private static async Task<string> Saved(LabTab tab)
    {
        var download = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.Locator("#csv").ClickAsync());
        return await File.ReadAllTextAsync(await download.PathAsync());
    }
}
