using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>Real training processes that are killed, interrupted or run out of disk, and taken up by the same command.</summary>
[Collection("console")]
public class KilledRunTests
{
    // Adam with minibatches: state of every kind. Enough steps that a process cannot finish between two looks at its folder.
    private static readonly string[] Settings =
    [
        .. "train --train 60 --test 20 --widths 4 --activation tanh --loss mse --measure-every 3 --eigenpairs 2 --threads 1 --optimiser adam --step-size 0.003 --batch-size 20 --batch-seed 5 --steps 90 --checkpoint-every 10".Split(
            ' '
        ),
    ];

    [Theory]
    [InlineData("KILL", 137)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Train_StoppedAndGivenAgain_EndsWithTheBitsOfAnUninterruptedRun(string signal, int code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a POSIX signal");
        using var folder = new TemporaryFolder();
        var (whole, stopped) = (folder.File("whole"), folder.File("stopped"));
        using (var process = Processes.Start([.. Settings, "--out", stopped]))
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            while (!process.HasExited && !File.Exists(Path.Combine(stopped, "checkpoint.safetensors")))
                await Task.Delay(5, TestContext.Current.CancellationToken);
            Assert.False(process.HasExited, "the run ended before it could be stopped");
            Processes.Signal(process, signal);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(code, process.ExitCode);
            await errors;
        }

        Assert.Equal(signal != "KILL", RunRecord.Exists(stopped));
        var (again, output, error) = CommandLine.Run([
            .. Settings,
            "--out",
            stopped,
            "--save-weights",
            folder.File("stopped.safetensors"),
        ]);
        Assert.True(again == 0, error);
        Assert.Contains("from the checkpoint", output, StringComparison.Ordinal);
        Assert.Equal(
            0,
            CommandLine.Run([.. Settings, "--out", whole, "--save-weights", folder.File("whole.safetensors")]).Code
        );
        Assert.Equal(
            ["checkpoint.safetensors", "record.json", "series.parquet", "series.rows"],
            Directory.EnumerateFiles(stopped).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            File.ReadAllBytes(folder.File("whole.safetensors")),
            File.ReadAllBytes(folder.File("stopped.safetensors"))
        );
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole, "series.parquet")),
            File.ReadAllBytes(Path.Combine(stopped, "series.parquet"))
        );
        var (expected, actual) = (RunRecord.Load(whole).Manifest, RunRecord.Load(stopped).Manifest);
        Assert.Equal(
            (expected.Reason, expected.Steps, expected.Rows, expected.GradientEquivalents),
            (actual.Reason, actual.Steps, actual.Rows, actual.GradientEquivalents)
        );
    }

    [Fact]
    public async Task Train_NoRoomWhileStreaming_SaysSoInOneLineAndGoesOnFromTheCheckpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a limit on the size of files");
        using var folder = new TemporaryFolder();
        var output = folder.File("run");
        const string settings =
            "train --train 20 --test 5 --widths 1 --activation tanh --loss mse --measure-every 1 --eigenpairs 1 --threads 1 --steps 400 --checkpoint-every 20";
        // 401 rows of more than 22 columns need over 70 kB; files may have 64, and a checkpoint of 805 parameters in float32 has less than 50. The signal that comes with this limit is ignored, as on a full disk, where there is none;
        // the runtime's double mapping would need a large file of its own.
        using (
            var process = Processes.Run(
                "bash",
                "-c",
                $"trap '' XFSZ; ulimit -f 64; export DOTNET_EnableWriteXorExecute=0; exec dotnet '{Processes.Program}' {settings} --out '{output}'"
            )
        )
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var line = Assert.Single(
                (await errors).Split('\n'),
                l => l.StartsWith("flatbias: ", StringComparison.Ordinal)
            );
            Assert.True(process.ExitCode == 1, line);
            Assert.Contains("series.rows", line, StringComparison.Ordinal);
            Assert.Contains("the same command goes on", line, StringComparison.Ordinal);
        }

        Assert.Equal(
            ["checkpoint.safetensors", "run.json", "series.rows"],
            Directory.EnumerateFiles(output).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
        );
        var (code, words, error) = CommandLine.Run([.. settings.Split(' '), "--out", output]);
        Assert.True(code == 0, error);
        Assert.Contains("from the checkpoint", words, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 401).Select(t => (double)t), RunRecord.Load(output).Series["step"]);
    }

    [Fact]
    public void Train_DiskFull_IsOneLine()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs a device that is always full");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("run"));
        File.CreateSymbolicLink(folder.File("run/series.rows"), "/dev/full");
        var (code, _, error) = CommandLine.Run([.. Settings, "--out", folder.File("run")]);
        Assert.Equal(1, code);
        Assert.Contains(
            "cannot be written to: No space left on device",
            error.Split('\n').Single(l => l.StartsWith("flatbias: ", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.False(RunRecord.Exists(folder.File("run")));
    }

    [Fact]
    public void Train_CheckpointOfOtherSettings_IsKeptAndNamed()
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("run");
        Assert.Equal(
            130,
            Reports.Cli.FlatBiasCommand.Run([.. Settings, "--out", output], new CancellationToken(canceled: true))
        );
        File.Delete(Path.Combine(output, "record.json"));
        var checkpoint = File.ReadAllBytes(Path.Combine(output, "checkpoint.safetensors"));
        CommandLine.Fails(1, "training.seed is 1 there and 2 here", [.. Settings, "--seed", "2", "--out", output]);
        CommandLine.Fails(
            1,
            "training.network.widths is \"4\" there and \"5\" here",
            [.. Settings.Select(s => s == "4" ? "5" : s), "--out", output]
        );
        CommandLine.Fails(
            1,
            "threads is 1 there and 2 here",
            [.. Settings.Select((s, i) => i > 0 && Settings[i - 1] == "--threads" ? "2" : s), "--out", output]
        );
        Assert.Equal(checkpoint, File.ReadAllBytes(Path.Combine(output, "checkpoint.safetensors")));
        File.WriteAllBytes(Path.Combine(output, "checkpoint.safetensors"), checkpoint[..^5]);
        CommandLine.Fails(1, "checkpoint.safetensors", [.. Settings, "--out", output]);
    }
}
