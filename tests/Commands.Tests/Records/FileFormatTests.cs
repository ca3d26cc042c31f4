using FlatBias.Commands.Tests;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests.Records;

/// <summary>
/// What another version wrote is named as that, by every command that comes upon it, and never overwritten unasked.
/// </summary>
[Collection("console")]
public class FileFormatTests
{
    private static readonly SimulationSpec Spec = new(LandscapeChoice.Of("quadratic"), [1, 1], 0.1) { Steps = 5 };

    /// <summary>
    /// A manifest as the first format had it: a number beside a text, and no update rule for gradient descent.
    /// </summary>
    private const string First = """
        {
          "format": 1,
          "specification": { "kind": "simulation", "landscape": { "name": "quadratic", "parameters": {} }, "start": [1, 1], "stepSize": 0.1, "steps": 5, "measureEvery": 1, "schedule": "drop:0.1,0.05,2" },
          "reason": "step-limit", "steps": 5, "versions": {}, "machine": {}
        }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    public void Load_AnotherFormat_NamesBothAndWhatToDo(int format)
    {
        using var folder = Made(format);
        foreach (var command in new[] { $"rerun {folder.Path}", $"export {folder.Path}" })
            CommandLine.Fails(
                1,
                $"record.json is of format {format}, and this version of FlatBias reads format 2: run again into another folder to make it anew",
                command.Split(' ')
            );
        Assert.Null(RunRecord.TryLoad(folder.Path));
    }

    [Theory]
    [InlineData("\"format\": 2", "\"format\": \"2\"")]
    [InlineData("\"format\": 2", "\"format\": 2.5")]
    [InlineData("\"format\": 2,", "")]
    [InlineData("\"format\": 2", "\"form\": 2")]
    public void Load_NoFormat_IsNoManifest(string text, string other)
    {
        using var folder = Made(2);
        var path = folder.File("record.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(text, other, StringComparison.Ordinal));
        Assert.Contains(
            "names no format",
            Assert.Throws<RecordException>(() => RunRecord.Load(folder.Path)).Message,
            StringComparison.Ordinal
        );
        File.WriteAllText(path, "[]");
        Assert.Contains(
            "names no format",
            Assert.Throws<RecordException>(() => RunRecord.Load(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Simulate_IntoARecordOfTheFirstFormat_LeavesIt()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("record.json", System.Text.Encoding.UTF8.GetBytes(First));
        CommandLine.Fails(
            1,
            "holds a record of format 1, and this version of FlatBias reads format 2",
            "simulate",
            "quadratic",
            "--step-size",
            "0.1",
            "--steps",
            "5",
            "--out",
            folder.Path
        );
        Assert.Equal(First, File.ReadAllText(path));
        Assert.Equal(["record.json"], folder.Names);
    }

    [Fact]
    public void Report_OverRecordsOfTheFirstFormat_SaysSoAndMakesThemAnew()
    {
        using var folder = new TemporaryFolder();
        string[] report = ["report", "--chapter", "threshold", "--out", folder.Path];
        var (code, _, error) = CommandLine.Run(report);
        Assert.Equal(0, code);
        Assert.DoesNotContain("format", error, StringComparison.Ordinal);
        var records = Directory.GetDirectories(folder.File("records"));
        // One stays where the run is looked for, another under a key that no run has any more.
        var old = Directory.CreateDirectory(Path.Combine(folder.File("records"), "quadratic-000000000000")).FullName;
        foreach (var place in new[] { records[0], old })
            File.WriteAllText(Path.Combine(place, "record.json"), First);
        (code, _, error) = CommandLine.Run(report);
        Assert.Equal(0, code);
        Assert.Contains(
            "holds 2 records of format 1, and this version reads format 2: runs are made anew",
            error,
            StringComparison.Ordinal
        );
        Assert.NotNull(RunRecord.TryLoad(records[0]));
        Assert.Equal([(1, 1)], new RecordStore(folder.File("records"), 1).OtherFormats());
    }

    [Fact]
    public void SweepManifest_AnotherFormat_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "spec.json",
            """{"landscape":"quadratic","axes":[{"parameter":"step-size","list":[0.1]}]}"""u8.ToArray()
        );
        var output = folder.File("out");
        Assert.Equal(0, CommandLine.Run("sweep", file, "--out", output).Code);
        var path = Path.Combine(output, SweepManifest.Name);
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace("\"format\": 1", "\"format\": 7", StringComparison.Ordinal)
        );
        CommandLine.Fails(
            1,
            "sweep.json is of format 7, and this version of FlatBias reads format 1: run the sweep again into another folder",
            "sweep",
            file,
            "--out",
            output
        );
    }

    /// <summary>A record that says that it is of some format.</summary>
    private static TemporaryFolder Made(int format)
    {
        var folder = new TemporaryFolder();
        RunRecord.Save(
            folder.Path,
            Spec,
            new RunOutcome(SeriesTable.From([("step", [0.0])]), StopReason.StepLimit, 0, 0),
            1,
            0
        );
        var path = folder.File("record.json");
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace("\"format\": 2", $"\"format\": {format}", StringComparison.Ordinal)
        );
        return folder;
    }
}
