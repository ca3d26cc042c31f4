using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Cli;

/// <summary>A real process interrupted by a real signal.</summary>
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
        Assert.False(process.HasExited, "the report ended before it could be interrupted");
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

    private static string[] Records(string output) =>
        Directory.Exists(output) ? Directory.GetFiles(output, "record.json", SearchOption.AllDirectories) : [];
}
