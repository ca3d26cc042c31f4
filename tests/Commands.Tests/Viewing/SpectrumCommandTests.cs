using System.Text.Json;
using System.Xml.Linq;
using FlatBias.Commands.Tests;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Cli;
using FlatBias.Reports.Records;
using FlatBias.Testing;
using Spectre.Console;
using Columns = FlatBias.Dynamics.Observables.Columns;

namespace FlatBias.Commands.Tests.Viewing;

/// <summary>Spectra measured by the command and along a run, and a run that is watched.</summary>
[Collection("console")]
public sealed class SpectrumCommandTests : IDisposable
{
    private const string Network = "--train 30 --widths 3 --activation tanh --loss mse --threads 1";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_SpectraAtSteps_AreThoseOfTheWeightsThere()
    {
        Run(
            $"train {Network} --test 5 --steps 6 --measure-every 3 --eigenpairs 2 --spectra 0,6 --watch --step-size 0.1",
            "--save-weights",
            _folder.File("end.safetensors"),
            "--tensorboard",
            _folder.File("events"),
            "--out",
            _folder.File("run")
        );
        var (start, end) = (Read("run/spectrum-000000.json"), Read("run/spectrum-000006.json"));
        var series = RunRecord.Load(_folder.File("run")).Series;
        // The probe asks for residuals of 1e-3 |H|, and the spectrum, in float32, for as much.
        Near.Equal(series[Columns.Sharpness][0], start.Leading[0], 2e-3 * start.Leading[0], "S at the start");
        Near.Equal(series[Columns.Sharpness][^1], end.Leading[0], 2e-3 * start.Leading[0], "S at the end");
        Assert.Single(Directory.GetFiles(_folder.File("events"), "events.out.tfevents*"));

        var output = Run(
            $"spectrum {Network} --eigenpairs 2 --init {_folder.File("end.safetensors")} --output {_folder.File("end.json")}"
        );
        Assert.Contains($"{end.Dimension} eigenvalues, trace ", output, StringComparison.Ordinal);
        // The same weights, probes and starts.
        Assert.Equal(JsonSerializer.Serialize(end), JsonSerializer.Serialize(Read("end.json")));

        Run(
            "spectrum",
            _folder.File("run/spectrum-000000.json"),
            _folder.File("end.json"),
            "--output",
            _folder.File("two.svg")
        );
        string[] text =
        [
            .. XDocument
                .Load(_folder.File("two.svg"))
                .Descendants()
                .Where(e => e.Name.LocalName == "text")
                .Select(e => e.Value),
        ];
        Assert.Contains("spectrum-000000", text);
        Assert.Contains("known one by one", text);
    }

    [Theory]
    [InlineData(2, "--spectra holds 'x'", "train --spectra 0,x --out r")]
    [InlineData(
        2,
        "spectra is 3; it must be a multiple of measure-every, 4, or the last step",
        "train --spectra 3 --out r"
    )]
    [InlineData(2, "spectra is 500", "train --spectra 500 --out r")]
    [InlineData(2, "eigenpairs is 0", "spectrum --eigenpairs 0")]
    [InlineData(2, "Probes is 1", "spectrum --train 30 --widths 3 --probes 1")]
    [InlineData(2, "Depth is 0", "spectrum --train 30 --widths 3 --depth 0")]
    [InlineData(2, "must be .pdf, .svg or .png", "spectrum --output x.txt")]
    [InlineData(1, "--init nowhere does not exist", "spectrum --init nowhere")]
    [InlineData(1, "nowhere.json is not a file", "spectrum nowhere.json")]
    [InlineData(1, "--probe is not a file", "spectrum -- --probe")]
    [InlineData(2, "'--probe' is not a command or option here", "spectrum nowhere.json --probe 3")]
    [InlineData(2, "'--out' is not a command or option here", "plot nowhere --out x.svg")]
    public void WrongInput_IsOneLine(int code, string words, string command) =>
        CommandLine.Fails(code, words, command.Split(' '));

    [Theory]
    [InlineData("{", "is not a spectrum")]
    [InlineData("{ \"format\": 7 }", "is of format 7")]
    [InlineData("{ \"format\": 1 }", "is not a spectrum")]
    public void Spectrum_DamagedFile_IsOneLine(string content, string words)
    {
        File.WriteAllText(_folder.File("x.json"), content);
        CommandLine.Fails(1, words, "spectrum", _folder.File("x.json"), "--output", _folder.File("x.svg"));
    }

    [Fact]
    public void Train_TensorBoardIsAFile_IsOneLine()
    {
        File.WriteAllText(_folder.File("file"), "");
        CommandLine.Fails(
            1,
            "must be a folder",
            [.. $"train {Network} --tensorboard".Split(' '), _folder.File("file"), "--out", _folder.File("r")]
        );
    }

    [Fact]
    public void WatchView_Rows_ShowWhereTheRunStands()
    {
        var view = new WatchView("network", 40);
        var series = new SeriesTable();
        for (var step = 0; step <= 20; step += 10)
        {
            series.AddRow();
            series.Set(Columns.Step, step);
            series.Set(Columns.Loss, 1.0 / (step + 1));
            series.Set(Columns.StabilityNumber, 1 + (0.01 * step));
            if (step > 0)
                series.Set(Columns.Rotation[1], step);
        }

        Assert.Equal(
            "network: step 20 of 40: loss 0.04762, stability number 1.2, rotation 20 degrees",
            view.Line(series)
        );
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) }
        );
        console.Profile.Width = 80;
        console.Write(view.Picture(series));
        var lines = text.ToString().Split('\n');
        // Half of 48 of the way; loss falls, by its logarithm; the number 1.2 of 2 is 28 of 48, the edge at 24; the
        // first angle is not known.
        Assert.Contains(new string('█', 24) + new string('░', 24), lines[0], StringComparison.Ordinal);
        Assert.Contains("█▂▁", lines[1], StringComparison.Ordinal);
        Assert.Contains(new string('█', 24) + "┃" + new string('█', 3) + "░", lines[2], StringComparison.Ordinal);
        Assert.Contains(".▁█", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void TrainWatch_Redirected_IsALineAMeasurement()
    {
        var (code, _, error) = CommandLine.Run([
            .. $"train {Network} --test 5 --steps 6 --measure-every 3 --eigenpairs 1 --watch --out".Split(' '),
            _folder.File("run"),
        ]);
        Assert.Equal(0, code);
        Assert.Equal(3, error.Split('\n').Count(line => line.StartsWith("network: step ", StringComparison.Ordinal)));
    }

    private SpectrumFile Read(string name) => SpectrumFile.Read(_folder.File(name));

    private static string Run(string command, params string[] more)
    {
        var (code, output, error) = CommandLine.Run([.. command.Split(' '), .. more]);
        Assert.True(code == 0, error);
        return output;
    }
}
