using System.Diagnostics;
using FlatBias.Lab.Records;
using FlatBias.Lab.Tests.Browser;
using FlatBias.Reports.Records;
using FlatBias.Testing;
using Microsoft.Playwright;

namespace FlatBias.Lab.Tests.Records;

/// <summary>What flatbias export writes of records of every kind is what the view of records reads.</summary>
public sealed class ExportedRecordTests(PublishedLab lab) : IDisposable
{
    private const string Network = "--train 30 --widths 3 --activation tanh --threads 1";
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Commands =>
        [
            "simulate scalar-product --step-size 0.3 --steps 12",
            $"train {Network} --test 10 --steps 6 --measure-every 2 --eigenpairs 2",
            $"forecast {Network} --loss mse --approach 20 --horizon 5 --krylov 2",
            // Diverges: what is not finite is nan or inf in one format and null in the other.
            "compare scalar-product --start=3,3,3 --step-size 2 --steps 4",
        ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Read_ExportedRecord_HasItsNumbers(string command)
    {
        await Export(command);
        var series = RunRecord.Load(_folder.File("run")).Series;

        var (csv, json) = (Read("run.csv"), Read("run.json"));

        Assert.Equal(series.Names, csv.Names);
        Assert.Equal(series.Names, json.Names);
        foreach (var name in series.Names)
        {
            Assert.Equal(series[name], csv[name]);
            Assert.Equal(series[name].Select(value => double.IsFinite(value) ? value : double.NaN), json[name]);
        }
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Read_ExportedSweep_SaysThatItIsOne(string format)
    {
        File.WriteAllText(
            _folder.File("sweep.json"),
            """{ "landscape": "scalar-product", "axes": [ { "parameter": "optimiser", "list": ["gd", "momentum"] } ] }"""
        );
        await Command($"sweep {_folder.File("sweep.json")} --out {_folder.File("run")}");
        await Command($"export {_folder.File("run")} --format {format} --output {_folder.File($"run.{format}")}");

        var error = Assert.Throws<FormatException>(() => Read($"run.{format}"));

        Assert.StartsWith($"run.{format} is the table of a sweep", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_ForecastDropped_DrawsChosenTheoriesOverTheRun()
    {
        await Export($"forecast {Network} --loss mse --approach 20 --horizon 5 --krylov 2");
        await using var tab = await lab.Open("?view=records");
        await tab.Page.SetInputFilesAsync("#file", [_folder.File("run.csv")]);
        await tab.Page.Locator("#theory-memory-map-4").CheckAsync();
        await Assertions.Expect(tab.Page.Locator("#numbers")).ToContainTextAsync("sharpness by memory-map-4");
        // Out of sight of the box that was checked, the chart is drawn when the page rests.
        await tab.Page.WaitForFunctionAsync(
            "() => echarts.getInstanceByDom(document.getElementById('chart-sharpness')).getOption().series.some(s => s.name === 'memory-map-4')"
        );

        var shown = await tab.Page.EvaluateAsync<double?[]>(
            "() => echarts.getInstanceByDom(document.getElementById('chart-sharpness')).getOption().series.find(s => s.name === 'memory-map-4').data.map(p => p[1])"
        );

        Assert.Equal(
            RunRecord.Load(_folder.File("run")).Series["memory-map-4_sharpness"],
            shown.Select(value => value ?? double.NaN)
        );
    }

    [Fact]
    public async Task Records_DroppedBesideTheField_AreTakenAllTheSame()
    {
        await Export("simulate scalar-product --step-size 0.3 --steps 12");
        await using var tab = await lab.Open("?view=records");
        await tab.Page.EvaluateAsync(
            """
            text => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([text], 'run.csv'));
              for (const type of ['dragover', 'drop'])
                if (document.querySelector('footer').dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true })))
                  throw new Error(`${type} is left to the browser, which would open the file`);
            }
            """,
            await File.ReadAllTextAsync(_folder.File("run.csv"), TestContext.Current.CancellationToken)
        );

        await tab.Page.WaitForSelectorAsync("#chart-sharpness canvas");
    }

    private async Task Export(string command)
    {
        await Command($"{command} --out {_folder.File("run")}");
        foreach (var format in (string[])["csv", "json"])
            await Command($"export {_folder.File("run")} --format {format} --output {_folder.File($"run.{format}")}");
    }

    private Dynamics.Observables.SeriesTable Read(string name) =>
        RecordText.Read(name, File.ReadAllText(_folder.File(name)));

    private static async Task Command(string command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "flatbias.dll"), .. command.Split(' ')]
            )
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command}: {await output}{error}");
    }
}
