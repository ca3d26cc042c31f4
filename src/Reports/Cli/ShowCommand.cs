using System.CommandLine;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias show: what was run, how it ended, what came of it, what it cost and where it lies.</summary>
internal static class ShowCommand
{
    public const string Name = "show",
        Summary =
            "Shows a record in one screen: what was run, how it ended, the sharpness from start to end beside the edge, instabilities with onset, peak and end, the columns that there are, cost, versions and files. Of a run that is still going it shows the rows so far.";

    public static Command Create()
    {
        var folder = new Argument<string>("record")
        {
            Description = "the folder of a record, of a run that is still going, or of a sweep",
        };
        var command = new Command(Name, Summary) { folder };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(folder)!;
            if (KnownSweep.IsThere(path))
                Show(KnownSweep.Load(path, TrainCommand.Read));
            else
                Show(KnownRun.Load(path));
        });
        return command;
    }

    private static void Show(KnownRun run)
    {
        Console.WriteLine(Ending(run));
        Result(run);
        Section("What was run");
        foreach (var (name, value) in Settings.Of(run.Specification))
            Console.WriteLine($"  {name}: {value.Trim('"')}");
        Section("Columns");
        Console.WriteLine($"  {string.Join(", ", run.Series.Names)}");
        if (run.Manifest is { } manifest)
        {
            Section("Made by");
            foreach (var (name, value) in manifest.Versions.Concat(manifest.Machine))
                Console.WriteLine($"  {name}: {value}");
        }

        Files(run.Folder);
    }

    private static string Ending(KnownRun run)
    {
        var rows = run.Series.Rows;
        if (run.Manifest is not { } manifest)
            return string.Create(
                Printed.Numbers,
                $"{run.Specification.Label}: not finished; {rows} measurements so far{(rows > 0 && run.Series.Has("step") ? $", the last at step {run.Series["step"][^1]} of {run.Specification.Work}" : "")}. It is going on, or the command that began it goes on from its last checkpoint."
            );
        return string.Create(
            Printed.Numbers,
            $"{run.Specification.Label}: {RunText.Ending(manifest.Reason)} after {manifest.Steps} steps; {rows} measurements; {manifest.GradientEquivalents:F0} gradient-equivalents, {manifest.Seconds:F1} s."
        );
    }

    /// <summary>What the command that made it says at its end.</summary>
    private static void Result(KnownRun run)
    {
        if (run.Series.Rows == 0)
            return;
        if (run.Manifest is not { } manifest)
        {
            RecordedRun.TellResult(run.Specification, run.Series);
            return;
        }

        var outcome = new RunOutcome(
            run.Series,
            manifest.Reason,
            manifest.Steps,
            manifest.GradientEquivalents,
            manifest.Notes
        );
        switch (run.Specification)
        {
            case CompareSpec compare:
                CompareCommand.Print(compare, outcome);
                break;
            case InstabilitySpec instability:
                InstabilityLines.Print(instability, outcome);
                break;
            case StepScanSpec scan:
                StepScanTable.Print(run.Series, scan.Plan.Horizon);
                break;
            case ReanchorSpec when manifest.Notes?.ContainsKey(InstabilitySpec.RunNote) != true:
                ReanchorTable.Print(run.Series);
                break;
            default:
                RecordedRun.TellResult(run.Specification, run.Series);
                break;
        }
    }

    private static void Show(KnownSweep sweep)
    {
        var plan = sweep.Specification.Plan;
        var statuses = sweep
            .Rows.GroupBy(row => row.Row.Status)
            .OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}");
        Console.WriteLine(
            $"sweep of {sweep.Specification.Study.Subject}: {sweep.Progress()}{string.Concat(statuses.Select(status => $", {status}"))}."
        );
        double[] sharpness = [.. sweep.Numbers.GetValueOrDefault(Columns.Sharpness, []).Where(double.IsFinite)];
        if (sharpness.Length > 0)
            Console.WriteLine(
                $"S at the end from {RunText.Number(sharpness.Min())} to {RunText.Number(sharpness.Max())} over the points that did not diverge."
            );
        Section("Axes");
        foreach (var axis in plan.Axes)
            Console.WriteLine($"  {axis.Name}: {axis.Count} values, {axis.Text(0)} to {axis.Text(axis.Count - 1)}");
        Section("Columns");
        Console.WriteLine(
            $"  {string.Join(", ", SweepFile.ColumnsOf(plan, sweep.Specification.Study.Values, sweep.Rows).Select(column => column.Name))}"
        );
        Files(sweep.Folder);
    }

    private static void Files(string folder)
    {
        Section("Files");
        foreach (
            var file in new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
        )
            Console.WriteLine(
                string.Create(Printed.Numbers, $"  {Path.Combine(folder, file.Name)} ({file.Length:N0} bytes)")
            );
    }

    private static void Section(string heading)
    {
        Console.WriteLine();
        Console.WriteLine($"{heading}:");
    }
}
