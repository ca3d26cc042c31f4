using System.Diagnostics;
using System.Globalization;
using FlatBias.Dynamics.Descent;
using FlatBias.Reports.Records;
using Spectre.Console;

namespace FlatBias.Reports.Cli;

/// <summary>One run with a progress bar, ending in one record: what train and simulate share.</summary>
internal static class RecordedRun
{
    public static int Execute(RunSpec spec, string folder, int threads, int checkpointEvery, Func<RunContext, RunOutcome> execute, CancellationToken cancellation)
    {
        OutputFolder.PrepareForRecord(folder, spec);
        var clock = Stopwatch.StartNew();
        RunOutcome? outcome = null;
        Bars.Create().Start(progress =>
        {
            var bar = progress.AddTask(spec.Label, maxValue: Math.Max(1, spec.Work));
            outcome = execute(new RunContext(null, done => bar.Value = done, cancellation, new RunJournal(folder, threads, checkpointEvery)));
            bar.Value = bar.MaxValue;
        });
        if (outcome!.Reason == StopReason.Cancelled && RunRecord.TryLoad(folder) is { Manifest.Reason: not StopReason.Cancelled })
        {
            Console.WriteLine($"Interrupted after {outcome.Steps} steps; the finished record in {folder} is kept.");
            return FlatBiasCommand.Interrupted;
        }

        var record = RunRecord.Save(folder, spec, outcome, threads, clock.Elapsed.TotalSeconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Ending(record.Manifest)} after {record.Manifest.Steps} steps{(outcome.ResumedAt is { } step ? $", taken up at step {step} from the checkpoint" : "")}; {record.Series.Rows} measurements, {record.Manifest.GradientEquivalents:F0} gradient-equivalents; record in {folder}"));
        return outcome.Reason == StopReason.Cancelled ? FlatBiasCommand.Interrupted : FlatBiasCommand.Success;
    }

    private static string Ending(RunManifest manifest) => manifest.Reason switch
    {
        StopReason.StepLimit => "Done",
        StopReason.Converged => "Converged",
        StopReason.LossReached => "Loss reached",
        StopReason.Diverged => "Diverged (an outcome, not an error)",
        _ => "Interrupted",
    };
}

/// <summary>Progress bars on standard error, plain lines where that is not a terminal.</summary>
internal static class Bars
{
    public static Progress Create() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
        .Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
}
