using System.Globalization;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias report --plan: what a report would have to make, and how long that is expected to take here; nothing is made.</summary>
internal static class ReportPlan
{
    // Names of chapters are shorter.
    private const int Width = 52;

    /// <summary>Prints the plan.</summary>
    /// <param name="chapters">The chapters with all runs that each asks for.</param>
    /// <param name="specs">The runs to be made or found, in the order in which they are handed out.</param>
    /// <param name="store">Where records are looked for.</param>
    /// <param name="context">What runs read.</param>
    /// <param name="atOnce">How many run at a time.</param>
    public static void Print(
        IEnumerable<(Chapter Chapter, IReadOnlyList<RunSpec> Runs)> chapters,
        IReadOnlyList<RunSpec> specs,
        RecordStore store,
        RunContext context,
        int atOnce
    )
    {
        var missing = specs.Where(spec => store.Find(spec) is null).ToArray();
        if (missing.Length == 0)
        {
            Console.WriteLine(
                specs.Count == 0
                    ? "Nothing is planned: these chapters have no runs."
                    : $"Nothing is left to make: {Counted(specs.Count)} of {specs.Count} finished in {store.Root}."
            );
            return;
        }

        var times = RunTimes.Of(missing, context.Inputs, context.Cancellation);
        var (left, own) = (
            missing.Select(spec => spec.Key()).ToHashSet(),
            specs.Select(spec => spec.Key()).ToHashSet()
        );
        Columns("chapter", "runs", "finished", "each", "left");
        foreach (var (chapter, runs) in chapters)
        {
            // A run that several chapters read counts for the first.
            RunSpec[] of = [.. runs.Where(spec => own.Remove(spec.Key())).DistinctBy(spec => spec.Key())];
            RunSpec[] open = [.. of.Where(spec => left.Contains(spec.Key()))];
            if (of.Length > 0)
                Row(chapter.Title, of.Length, open);
        }

        Row("all", specs.Count, missing);
        Console.WriteLine();
        Console.WriteLine(
            $"About {Duration(times.Wall(missing, atOnce))} on this machine, {Counted(atOnce)} at a time: were nobody else to use it: expected counts of gradients and Hessian products by the times of one each, measured just now. "
                + $"Runs that end at a loss are taken to do so after {Printed.Text(RunCost.ReachedAt, "P0")} of their steps; a total may be wrong by half, a single run by more."
        );

        void Row(string name, int runs, RunSpec[] open) =>
            Columns(
                name,
                $"{runs}",
                $"{runs - open.Length}",
                open.Length == 0 ? "–" : Duration(open.Average(times.Seconds)),
                open.Length == 0 ? "–" : Duration(open.Sum(times.Seconds))
            );
    }

    /// <summary>A number of runs in words.</summary>
    internal static string Counted(int runs) => runs == 1 ? "1 run" : $"{runs} runs";

    private static void Columns(string name, string runs, string finished, string each, string left) =>
        Console.WriteLine($"{name.PadRight(Width)}{runs, 6}{finished, 10}{each, 12}{left, 12}");

    /// <summary>A time in its two largest units.</summary>
    internal static string Duration(double seconds)
    {
        var (time, culture) = (TimeSpan.FromSeconds(seconds), CultureInfo.InvariantCulture);
        return time.TotalHours >= 1 ? string.Create(culture, $"{(int)time.TotalHours} h {time.Minutes:00} min")
            : time.TotalMinutes >= 1 ? string.Create(culture, $"{time.Minutes} min {time.Seconds:00} s")
            : time.TotalSeconds >= 1 ? string.Create(culture, $"{time.TotalSeconds:0.0} s")
            : string.Create(culture, $"{time.TotalMilliseconds:0} ms");
    }
}
