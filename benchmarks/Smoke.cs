using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace FlatBias.Benchmarks;

/// <summary>Every benchmark once, in this process: whether it runs, and never how fast.</summary>
internal static class Smoke
{
    /// <summary>Runs them and names those that failed.</summary>
    /// <param name="output">Gets a line for each failure, and one with their number.</param>
    /// <returns>Whether all ran.</returns>
    public static bool Run(TextWriter output)
    {
        var results = Directory.CreateTempSubdirectory("flatbias-benchmarks-");
        try
        {
            var log = new LogCapture();
            var once = Job.Dry.WithToolchain(InProcessEmitToolchain.Instance).WithId("Once");
            var config = ManualConfig
                .CreateEmpty()
                .AddJob(once)
                // A class may ask for a job of its own, which measures.
                .AddFilter(new SimpleFilter(benchmark => benchmark.Job.Id == once.Id))
                .AddLogger(log)
                .WithArtifactsPath(results.FullName);
            var reports = BenchmarkSwitcher
                .FromAssembly(typeof(Smoke).Assembly)
                .RunAll(config)
                .SelectMany(summary => summary.Reports)
                .ToArray();
            string[] failed = [.. reports.Where(r => !r.Success).Select(r => r.BenchmarkCase.DisplayInfo)];
            if (reports.Length == 0 || failed.Length > 0)
                output.WriteLine(string.Concat(log.CapturedOutput.Select(piece => piece.Text)));
            foreach (var name in failed)
                output.WriteLine($"failed: {name}");
            output.WriteLine($"{reports.Length} benchmarks, {failed.Length} failed");
            return reports.Length > 0 && failed.Length == 0;
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }
}
