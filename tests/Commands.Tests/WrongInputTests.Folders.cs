using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <content>Folders and records that stand in the way.</content>
public partial class WrongInputTests
{
    [Theory]
    [InlineData("train --steps 1")]
    [InlineData("simulate quadratic --step-size 0.1")]
    [InlineData("report")]
    public void AnyCommand_FileInPlaceOfTheOutputFolder_SaysSoAndLeavesIt(string command)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("out", [1, 2, 3]);
        string[] args = [.. command.Split(' '), "--out", file];
        CommandLine.Fails(1, "is a file; it must be a folder", args);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(file));
    }

    [Fact]
    public void Simulate_OutputFolderNotWritable_SaysSo()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux(),
            "needs a file system that refuses new folders even to the superuser"
        );
        CommandLine.Fails(
            1,
            "cannot be written to",
            "simulate",
            "quadratic",
            "--step-size",
            "0.1",
            "--out",
            "/proc/flatbias"
        );
    }

    [Fact]
    public void Simulate_RecordOfAnotherRunInTheFolder_IsKept()
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("out");
        Assert.Equal(0, CommandLine.Run("simulate", "quadratic", "--step-size", "0.1", "--out", output).Code);
        var before = File.ReadAllBytes(Path.Combine(output, "record.json"));
        CommandLine.Fails(
            1,
            "holds the record of a run with other settings",
            "simulate",
            "quadratic",
            "--step-size",
            "0.2",
            "--out",
            output
        );
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(output, "record.json")));
    }

    [Fact]
    public void Simulate_InterruptedOverAFinishedRecord_KeepsIt()
    {
        using var folder = new TemporaryFolder();
        string[] args = ["simulate", "quadratic", "--step-size", "0.1", "--out", folder.File("out")];
        Assert.Equal(0, CommandLine.Run(args).Code);
        var before = File.ReadAllBytes(folder.File("out/record.json"));
        Assert.Equal(130, Reports.Cli.FlatBiasCommand.Run(args, new CancellationToken(canceled: true)));
        Assert.Equal(before, File.ReadAllBytes(folder.File("out/record.json")));
    }

    [Fact]
    public void Simulate_DamagedRecordInTheFolder_IsMadeAnew()
    {
        using var folder = new TemporaryFolder();
        string[] args = ["simulate", "quadratic", "--step-size", "0.1", "--out", folder.File("out")];
        CommandLine.Run(args);
        File.WriteAllText(folder.File("out/record.json"), "{");
        Assert.Equal(0, CommandLine.Run(args).Code);
        Assert.Equal(0, CommandLine.Run("export", folder.File("out"), "--output", folder.File("x.csv")).Code);
    }

    [Fact]
    public void Train_WeightsCannotBeSaved_SaysSoBeforeTheWork()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Fails(
            1,
            "--save-weights",
            "train",
            "--steps",
            "1",
            "--save-weights",
            folder.Path,
            "--out",
            folder.File("out")
        );
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public void Export_NoRecordOrADamagedOne_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Fails(1, "is not a folder", "export", folder.File("nowhere"));
        CommandLine.Fails(1, "record.json is missing", "export", folder.Path);
        var output = folder.File("out");
        CommandLine.Run("simulate", "quadratic", "--step-size", "0.1", "--out", output);
        var series = Path.Combine(output, "series.parquet");
        File.WriteAllBytes(series, File.ReadAllBytes(series)[..^10]);
        CommandLine.Fails(1, "truncated or edited", "export", output);
        File.WriteAllText(Path.Combine(output, "record.json"), "{ \"kind\": 1");
        CommandLine.Fails(1, "is not a record's manifest", "export", output);
    }
}
