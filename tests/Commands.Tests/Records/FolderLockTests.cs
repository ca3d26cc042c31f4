using FlatBias.Commands.Tests;
using FlatBias.Reports.Cli;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests.Records;

/// <summary>One writer a folder.</summary>
[Collection("console")]
public sealed class FolderLockTests
{
    private const string Sweep =
        """{ "landscape": "quadratic", "axes": [ { "parameter": "step-size", "list": [0.1, 0.2] } ] }""";

    [Fact]
    public void Take_Held_SaysByWhom()
    {
        using var folder = new TemporaryFolder();
        using (FolderLock.Take(folder.Path))
        {
            var refused = Assert.Throws<FolderHeldException>(() => FolderLock.Take(folder.Path));
            Assert.Contains($"process {Environment.ProcessId} on ", refused.Message, StringComparison.Ordinal);
            // Event files of a run may lie beside its record.
            using (FolderLock.TakeShare(folder.Path, "tensorboard", besideTheWhole: true)) { }
        }

        Assert.Empty(folder.Names);
        using (FolderLock.Take(folder.Path)) { }
    }

    [Fact]
    public void Take_ShareHeld_IsRefusedAndTheOtherWayRound()
    {
        using var folder = new TemporaryFolder();
        using (FolderLock.TakeShare(folder.Path, "shard-1-of-2", besideTheWhole: false))
        {
            using (FolderLock.TakeShare(folder.Path, "shard-2-of-2", besideTheWhole: false)) { }
            var refused = Assert.Throws<FolderHeldException>(() => FolderLock.Take(folder.Path, Shard.Folders));
            Assert.Contains($"process {Environment.ProcessId} on ", refused.Message, StringComparison.Ordinal);
        }

        // A killed share leaves its files, which the whole sweeps up.
        folder.Write(".shard-1-of-2.lock", []);
        folder.Write(".shard-1-of-2.lock.holder", []);
        using (FolderLock.Take(folder.Path, Shard.Folders))
        {
            Assert.DoesNotContain(folder.Names, name => name.Contains("shard", StringComparison.Ordinal));
            Assert.Throws<FolderHeldException>(() =>
                FolderLock.TakeShare(folder.Path, "shard-1-of-2", besideTheWhole: false)
            );
        }

        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Report_WhileAShardIsMade_LeavesItAlone()
    {
        using var folder = new TemporaryFolder();
        using (FolderLock.TakeShare(folder.Path, new Shard(1, 3).Folder, besideTheWhole: false))
            CommandLine.Fails(1, "is being written to by process", "report", "--out", folder.Path);
        using (FolderLock.Take(folder.Path))
            CommandLine.Fails(1, "is being written to by process", "report", "--shard", "1/3", "--out", folder.Path);
    }

    [Theory]
    [InlineData("simulate quadratic --step-size 0.1 --steps 2")]
    [InlineData("train --train 20 --test 5 --widths 2 --steps 1")]
    [InlineData("compare quadratic --step-size 0.1 --steps 2")]
    [InlineData("report")]
    [InlineData("sweep SPEC")]
    public void AnyCommand_FolderHeldByAnother_LeavesItAlone(string command)
    {
        using var folder = new TemporaryFolder();
        var spec = folder.Write("spec.json", System.Text.Encoding.UTF8.GetBytes(Sweep));
        var output = folder.File("out");
        Directory.CreateDirectory(output);
        using var held = FolderLock.Take(output);
        string[] before = [.. Directory.EnumerateFileSystemEntries(output)];
        string[] words = [.. command.Split(' ').Select(word => word == "SPEC" ? spec : word), "--out", output];
        CommandLine.Fails(1, $"{output} is being written to by process {Environment.ProcessId}", words);
        Assert.Equal(before.Order(), Directory.EnumerateFileSystemEntries(output).Order());
    }

    [Theory]
    [InlineData("plot RUN --output FILE")]
    [InlineData("export RUN --output FILE")]
    [InlineData("spectrum --widths 2 --train 20 --output FILE")]
    [InlineData("train --train 20 --test 5 --widths 2 --steps 1 --save-weights FILE --out OUT")]
    public void AnyCommand_FileHeldByAnother_LeavesItAlone(string command)
    {
        using var folder = new TemporaryFolder();
        var (run, file) = (folder.File("run"), folder.Write("file.svg", [1]));
        Assert.Equal(0, CommandLine.Run([.. "simulate quadratic --step-size 0.1 --out".Split(' '), run]).Code);
        string[] words =
        [
            .. command
                .Split(' ')
                .Select(word =>
                    word switch
                    {
                        "RUN" => run,
                        "FILE" => file,
                        "OUT" => folder.File("out"),
                        _ => word,
                    }
                ),
        ];
        using (FolderLock.TakeFile(file))
            CommandLine.Fails(1, $"{file} is being written to by process {Environment.ProcessId}", words);
        Assert.Equal([1], File.ReadAllBytes(file));
        // Another file of the folder is nobody else's, and what a killed process left of this one is swept up.
        folder.Write($".file.svg.{new string('0', 32)}.tmp", [2]);
        folder.Write(".file.svg.lock", []);
        using (FolderLock.TakeFile(folder.File("other")))
            Assert.Equal(0, CommandLine.Run(words).Code);
        Assert.DoesNotContain(folder.Names, name => Path.GetFileName(name).StartsWith('.'));
    }

    [Fact]
    public void Report_OverWhatAKilledOneLeft_SweepsItUp()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "claims.json", "report.pdf" })
            folder.Write($".{name}.{new string('a', 32)}.tmp", [1]);
        // What another process writes to the same folder stays: its lock is there.
        folder.Write($".plot.svg.{new string('b', 32)}.tmp", [1]);
        folder.Write(".plot.svg.lock", []);
        using (var held = OutputFolder.Prepare(folder.Path)) { }
        Assert.Equal(
            [".plot.svg.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.tmp", ".plot.svg.lock"],
            folder.Names.Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/fd/1")]
    public void Plot_OntoADevice_LeavesNothingBesideIt(string device)
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "needs devices");
        using var folder = new TemporaryFolder();
        using var held = OutputFile.Prepare("--output", device);
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(device)!, $".{Path.GetFileName(device)}.lock")));
    }

    [Fact]
    public void Sweep_OverWhatAKilledOneLeft_RunsAndSweepsItUp()
    {
        using var folder = new TemporaryFolder();
        var spec = folder.Write("spec.json", System.Text.Encoding.UTF8.GetBytes(Sweep));
        var output = folder.File("out");
        Directory.CreateDirectory(output);
        foreach (
            var left in new[] { ".flatbias.lock", ".flatbias.lock.holder", $".sweep.json.{new string('0', 32)}.tmp" }
        )
            File.WriteAllText(Path.Combine(output, left), "");
        var (code, _, error) = CommandLine.Run("sweep", spec, "--out", output);
        Assert.True(code == 0, error);
        Assert.Equal(
            ["sweep.json", "sweep.parquet"],
            Directory.EnumerateFileSystemEntries(output).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("\"rows\": 3", "\"rows\": 4", "speaks of 4 rows")]
    [InlineData("\"steps\": 2,", "\"steps\": -2,", "after -2 steps")]
    [InlineData("\"reason\": \"step-limit\"", "\"reason\": 77", "ended by 77")]
    [InlineData("\"format\": 2", "\"format\": 9", "is of format 9")]
    public void Load_ManifestThatDoesNotFit_IsRefused(string from, string to, string words)
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("out");
        Assert.Equal(
            0,
            CommandLine.Run([.. "simulate quadratic --step-size 0.1 --steps 2 --out".Split(' '), output]).Code
        );
        var path = Path.Combine(output, "record.json");
        var text = File.ReadAllText(path);
        var at = text.LastIndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, text);
        File.WriteAllText(path, text[..at] + to + text[(at + from.Length)..]);
        CommandLine.Fails(1, words, "export", output);
    }

    [Theory]
    [InlineData("\"points\": 2", "\"points\": 3", "speaks of points 0 to 2")]
    [InlineData("\"count\": 1", "\"count\": 2", "speaks of points 0 to 0")]
    [InlineData("\"count\": 1", "\"count\": 5", "it has 2 points for 5 shards")]
    [InlineData("\"format\": 1", "\"format\": 2", "is of format 2")]
    public void Load_SweepManifestThatDoesNotFit_IsRefused(string from, string to, string words)
    {
        using var folder = new TemporaryFolder();
        var spec = folder.Write("spec.json", System.Text.Encoding.UTF8.GetBytes(Sweep));
        var output = folder.File("out");
        Assert.Equal(0, CommandLine.Run("sweep", spec, "--out", output).Code);
        var path = Path.Combine(output, "sweep.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        CommandLine.Fails(1, words, "export", output);
    }
}
