using System.Diagnostics;
using System.Runtime.InteropServices;
using FlatBias.Dynamics;
using FlatBias.Reports.Cli;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>A real process interrupted by a real signal, wherever it is.</summary>
[Collection("console")]
public class InterruptionTests
{
    [Fact]
    public async Task Report_Interrupted_KeepsFinishedRecordsAndSays130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a POSIX signal");
        using var folder = new TemporaryFolder();
        var output = folder.File("report");
        using var process = Processes.Start("report", "--out", output, "--threads", "1");
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!process.HasExited && Records(output).Length < 3)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(
            process.HasExited,
            $"the report ended before it could be interrupted: {(process.HasExited ? await errors : "")}"
        );
        Processes.Signal(process, "INT");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.EndsWith("goes on from there.", (await errors).TrimEnd(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(output, "report.pdf")));
        Assert.Empty(Directory.EnumerateFiles(output, "*.tmp", SearchOption.AllDirectories));
        var kept = Records(output);
        Assert.True(kept.Length >= 3);
        var store = new RecordStore(Path.Combine(output, "records"), 1);
        foreach (var record in kept)
            Assert.NotNull(store.Find(RunRecord.Load(Path.GetDirectoryName(record)!).Manifest.Specification));
    }

    // Blocked in the kernel, before or after the work: nothing looks at a token there.
    [Theory]
    [InlineData("INT", 130, "sweep PIPE --out OUT")]
    [InlineData("TERM", 143, "sweep PIPE --out OUT")]
    public async Task AnyCommand_WaitingForAPipe_IsEndedByASignal(string signal, int code, string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a POSIX signal");
        using var folder = new TemporaryFolder();
        var pipe = folder.File("pipe");
        Processes.Run("mkfifo", pipe).WaitForExit();
        using var process = Processes.Start(Words(command, pipe, folder.File("out")));
        // Who opens a pipe waits for the other end: this comes back when the command reads, and it then waits for words.
        using var end = await Task.Run(
            () => new FileStream(pipe, FileMode.Open, FileAccess.Write),
            TestContext.Current.CancellationToken
        );
        await Ends(process, signal, code);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Export_WhoReadsStopsReading_IsEndedByASignal(string signal, int code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a POSIX signal");
        using var folder = new TemporaryFolder();
        // 2000 rows are more than a pipe holds, which is 64 KiB.
        var run = folder.File("run");
        Assert.Equal(0, Simulate(2000, run));
        using var process = Processes.Start("export", run);
        var first = new char[1];
        await process.StandardOutput.ReadAsync(first, TestContext.Current.CancellationToken);
        await Ends(process, signal, code);
    }

    // Theories forecast a million steps in one go each, and look at no token while they do.
    [Fact]
    public async Task Compare_LongHorizon_IsEndedByASignal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a POSIX signal");
        using var folder = new TemporaryFolder();
        using var process = Processes.Start([
            .. "compare two-parameter-network --start -0.1,10 --step-size 0.011 --horizon 1000000 --out".Split(' '),
            folder.File("out"),
        ]);
        while (!process.HasExited && !Directory.Exists(folder.File("out")))
            await Task.Delay(5, TestContext.Current.CancellationToken);
        await Ends(process, "INT", 130);
        Assert.False(RunRecord.Exists(folder.File("out")));
    }

    [Fact]
    public async Task Receive_SecondSignal_EndsAtOnceWhileTheFirstStillWaits()
    {
        using var interruption = new Interruption(Timeout.InfiniteTimeSpan);
        PosixSignalContext first = new(PosixSignal.SIGINT),
            second = new(PosixSignal.SIGINT);
        var waiting = Task.Factory.StartNew(() => interruption.Receive(first), TaskCreationOptions.LongRunning);
        interruption.Token.WaitHandle.WaitOne();
        interruption.Receive(second);
        Assert.False(second.Cancel);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(FlatBiasCommand.Interrupted, interruption.End(FlatBiasCommand.Interrupted));
        await waiting;
        Assert.True(first.Cancel);
    }

    [Fact]
    public void Receive_NoEndInTime_EndsTheProcessAndTidiesUp()
    {
        using var folder = new TemporaryFolder();
        using var held = FolderLock.Take(folder.Path);
        using var interruption = new Interruption(TimeSpan.Zero);
        var signal = new PosixSignalContext(PosixSignal.SIGTERM);
        Assert.Throws<FileNotFoundException>(() =>
            AtomicFile.Write(
                folder.File("whole"),
                stream =>
                {
                    stream.WriteByte(1);
                    interruption.Receive(signal);
                }
            )
        );
        Assert.False(signal.Cancel);
        Assert.Empty(folder.Names);
        Assert.Equal(FlatBiasCommand.Terminated, interruption.End(FlatBiasCommand.Interrupted));
        Assert.Equal(0, interruption.End(0));
    }

    private static string[] Words(string command, string pipe, string output) =>
        [
            .. command
                .Split(' ')
                .Select(word =>
                    word.Replace("PIPE", pipe, StringComparison.Ordinal)
                        .Replace("OUT", output, StringComparison.Ordinal)
                ),
        ];

    private static int Simulate(int steps, string output) =>
        CommandLine.Run("simulate", "quadratic", "--step-size", "0.001", "--steps", $"{steps}", "--out", output).Code;

    /// <summary>Two seconds are the promise; a minute is what a hang takes longer than on any machine.</summary>
    private static async Task Ends(Process process, string signal, int code)
    {
        Assert.False(process.HasExited, "it ended before it could be interrupted");
        Processes.Signal(process, signal);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(code, process.ExitCode);
    }

    private static string[] Records(string output) =>
        Directory.Exists(output) ? Directory.GetFiles(output, "record.json", SearchOption.AllDirectories) : [];
}
