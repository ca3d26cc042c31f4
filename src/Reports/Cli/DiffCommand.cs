using System.CommandLine;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias diff: what differs between two runs, and where each arrived.</summary>
internal static class DiffCommand
{
    public const string Name = "diff",
        Summary =
            "Lists the settings in which two runs differ, and their last rows side by side, column by column; each run may still be going.";

    public static Command Create()
    {
        var first = new Argument<string>("a")
        {
            Description = "the folder of a record, or of a run that is still going",
        };
        var second = new Argument<string>("b") { Description = "the other one" };
        var command = new Command(Name, Summary) { first, second };
        command.SetAction(parsed =>
            Print(KnownRun.Load(parsed.GetValue(first)!), KnownRun.Load(parsed.GetValue(second)!))
        );
        return command;
    }

    private static void Print(KnownRun a, KnownRun b)
    {
        SortedDictionary<string, string> there = Settings.Of(a.Specification),
            here = Settings.Of(b.Specification);
        var differing = Settings.Differing(there, here);
        Console.WriteLine(differing.Count == 0 ? "The settings are the same." : "Settings that differ:");
        Table(
            [
                .. differing.Select(name =>
                    (
                        name,
                        there.GetValueOrDefault(name, Settings.NotSet),
                        here.GetValueOrDefault(name, Settings.NotSet)
                    )
                ),
            ],
            a,
            b
        );
        Console.WriteLine();
        Console.WriteLine("Last rows:");
        Table(
            [
                ("end", End(a), End(b)),
                .. a.Series.Names.Union(b.Series.Names).Select(name => (name, Last(a, name), Last(b, name))),
            ],
            a,
            b
        );
    }

    // A diverged run's last numbers are no result.
    private static string End(KnownRun run) =>
        run.Manifest is { } manifest
            ? $"{RunText.Ending(manifest.Reason).Split(" (")[0].ToLowerInvariant()} after {manifest.Steps} steps"
            : "not finished";

    private static string Last(KnownRun run, string column) =>
        !run.Series.Has(column) || run.Series.Rows == 0 ? "-" : Printed.Text(run.Series[column][^1], "G6");

    private static void Table(IReadOnlyList<(string Name, string A, string B)> rows, KnownRun a, KnownRun b)
    {
        if (rows.Count == 0)
            return;
        var (names, firsts) = (
            rows.Max(row => row.Name.Length),
            Math.Max(a.Folder.Length, rows.Max(row => row.A.Length))
        );
        Console.WriteLine($"  {"".PadRight(names)}  {a.Folder.PadRight(firsts)}  {b.Folder}");
        foreach (var (name, first, second) in rows)
            Console.WriteLine($"  {name.PadRight(names)}  {first.PadRight(firsts)}  {second}");
    }
}
