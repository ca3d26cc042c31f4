using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;
using Spectre.Console;

namespace FlatBias.Reports.Cli;

/// <summary>Runs with a progress bar, as every command that makes one makes it.</summary>
internal static class RecordedRun
{
    /// <summary>Makes a run.</summary>
    public static MadeRun Make(RunSpec spec, RunContext context)
    {
        MadeRun? run = null;
        Bars.Create()
            .Start(progress =>
            {
                var bar = progress.AddTask(spec.Label, maxValue: Math.Max(1, spec.Work));
                run = MadeRun.Of(spec, context with { Progress = done => bar.Value = done });
                bar.Value = bar.MaxValue;
            });
        return run!;
    }

    /// <summary>Makes a run whose record is kept only where a folder is given.</summary>
    public static RunOutcome MakeAndMayKeep(RunSpec spec, string? folder, int threads, RunContext context)
    {
        using var held = folder is null ? null : OutputFolder.PrepareForRecord(folder, spec);
        var run = Make(spec, context);
        if (folder is null)
            return run.Outcome;
        run.Save(folder, threads);
        Console.WriteLine($"Record in {folder}.");
        return run.Outcome;
    }

    /// <summary>Makes a run that ends in one record, checkpoints on the way; says how it ended and returns the exit code.</summary>
    /// <param name="spec">What to run.</param>
    /// <param name="journal">Where it is kept.</param>
    /// <param name="context">Its surroundings.</param>
    /// <param name="make">Makes it and shows how far it is; null for a progress bar.</param>
    public static (int Code, RunOutcome Outcome) MakeAndKeep(
        RunSpec spec,
        RunJournal journal,
        RunContext context,
        Func<RunSpec, RunContext, MadeRun>? make = null
    )
    {
        using var held = OutputFolder.PrepareForRecord(journal.Folder, spec);
        // The last step of a finished run is there to be gone on from, not to stand in the way of the same command.
        var finished = RunRecord.TryLoad(journal.Folder) is { Manifest.Reason: not StopReason.Cancelled };
        var run = (make ?? Make)(spec, context with { Journal = journal with { ReplacesOthers = finished } });
        var outcome = run.Outcome;
        if (
            outcome.Reason == StopReason.Cancelled
            && RunRecord.TryLoad(journal.Folder) is { Manifest.Reason: not StopReason.Cancelled }
        )
        {
            Console.WriteLine(
                $"Interrupted after {outcome.Steps} steps; the finished record in {journal.Folder} is kept."
            );
            return (FlatBiasCommand.Interrupted, outcome);
        }

        var record = run.Save(journal.Folder, journal.Threads, keepsEnd: true);
        var resumed = outcome.ResumedAt is { } step ? $", taken up at step {step} from the checkpoint" : "";
        Console.WriteLine(
            string.Create(
                Printed.Numbers,
                $"{RunText.Ending(record.Manifest.Reason)} after {record.Manifest.Steps} steps{resumed}; {record.Series.Rows} measurements, "
                    + $"{record.Manifest.GradientEquivalents:F0} gradient-equivalents; record in {journal.Folder}"
            )
        );
        TellResult(spec, record.Series);
        return (
            outcome.Reason == StopReason.Cancelled ? FlatBiasCommand.Interrupted : FlatBiasCommand.Success,
            outcome
        );
    }

    /// <summary>Says what came of a run.</summary>
    public static void TellResult(RunSpec spec, SeriesTable series)
    {
        foreach (var line in RunText.Result(spec, series))
            Console.WriteLine(line);
    }
}

/// <summary>Progress bars on standard error, plain lines where that is not a terminal.</summary>
internal static class Bars
{
    public static Progress Create() =>
        AnsiConsole
            .Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            );
}
