using System.CommandLine;
using System.Globalization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias rerun: repeats the run of a record and compares every bit.</summary>
internal sealed class RerunCommand
{
    public const string Name = "rerun",
        Summary =
            "Repeats the run of a record and compares its series bit by bit; where they differ, says which columns and rows, and what else is not as it was (build, versions, machine, threads). The record stays as it is.";

    private readonly Argument<string> _folder = new("record") { Description = "the folder of a record" };
    private readonly Option<string?> _data = new("--data")
    {
        Description = "the folder of the data set, where it is not the one that the record names",
    };
    private readonly Option<int?> _threads = Options.Threads("the record's own");

    public static Command Create(CancellationToken cancellation)
    {
        var options = new RerunCommand();
        var command = new Command(Name, Summary) { options._folder, options._data, options._threads };
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = parsed.GetValue(_folder)!;
        if (!Directory.Exists(folder))
            throw new RecordException($"{folder} is not a folder.");
        var (manifest, there) = RunRecord.Load(folder);
        if (manifest.Reason == StopReason.Cancelled)
            throw new RecordException(
                $"{folder} holds the record of a run that was interrupted after {manifest.Steps} steps; finish it first, with the command that began it."
            );
        var threads = Devices.UseThreads(parsed.GetValue(_threads) ?? ThreadsOf(manifest, folder));
        var spec = manifest.Specification;
        var inputs = Inputs(spec, folder, parsed.GetValue(_data));
        var outcome = Again(spec, folder, new RunContext(inputs, cancellation));
        if (outcome.Reason == StopReason.Cancelled)
            throw new OperationCanceledException(cancellation);
        return Report(folder, manifest, new SeriesComparison(there, outcome.Series), threads, there.Names.Count);
    }

    private static int ThreadsOf(RunManifest manifest, string folder) =>
        manifest.Machine.GetValueOrDefault("threads", "1") is var text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var threads)
        && threads is >= 1 and <= Options.MostThreads
            ? threads
            : throw new RecordException(
                $"{folder} speaks of '{text}' threads; it was edited: say how many by --threads."
            );

    private static RunOutcome Again(RunSpec spec, string folder, RunContext context)
    {
        try
        {
            return RecordedRun.Make(spec, context).Outcome;
        }
        catch (ArgumentException e)
        {
            throw new RecordException(
                $"{folder} holds the settings of no run, and was edited: {e.Message.Split(" (Parameter '")[0]}",
                e
            );
        }
    }

    private static int Report(
        string folder,
        RunManifest manifest,
        SeriesComparison comparison,
        int threads,
        int columns
    )
    {
        string[] surroundings =
        [
            .. Settings.Differences(manifest.Versions, Software.Versions()),
            .. Settings.Differences(manifest.Machine, Software.Machine(threads)),
        ];
        foreach (var line in surroundings)
            Console.WriteLine(line);
        if (!comparison.Same)
        {
            throw new RecordException(
                $"{folder} is not reproduced: {comparison.Describe()}; {(surroundings.Length == 0 ? "build, versions, threads and system are the same, so the record was edited or the hardware differs" : $"not as it was: {string.Join(", ", surroundings.Select(s => s.Split(' ')[0]))}")}."
            );
        }

        Console.WriteLine($"Reproduced bit for bit: {manifest.Rows} rows of {columns} columns.");
        return FlatBiasCommand.Success;
    }

    /// <summary>Data and initial weights of the record, made sure of before the work.</summary>
    private static RunInputs Inputs(RunSpec spec, string folder, string? data)
    {
        if (spec.Network is not { } training)
            return new RunInputs();
        try
        {
            Devices.Resolve(training.Device);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new RecordException(
                $"{folder} was computed on {training.Device}, and there is none here: {e.Message}",
                e
            );
        }

        var inputs = new RunInputs(
            data is null ? null : own => RunInputs.Moved(own, data),
            training.InitialWeights is null ? null : RunRecord.InitialWeights(folder)
        );
        inputs.Check(training, folder);
        return inputs;
    }
}
