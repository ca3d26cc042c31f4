using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias rerun: repeats the run of a record and compares every bit.</summary>
internal sealed class RerunCommand
{
    private readonly Argument<string> _folder = new("record") { Description = "the folder of a record" };
    private readonly Option<string?> _data = new("--data") { Description = "the folder of the data set, where it is not the one that the record names" };
    private readonly Option<int?> _threads = Options.Threads("the record's own");

    public static Command Create(CancellationToken cancellation)
    {
        var options = new RerunCommand();
        var command = new Command("rerun", "Repeats the run of a record and compares its series bit by bit; where they differ, says which columns and rows, and what else is not as it was (build, versions, machine, threads). The record stays as it is.")
        {
            options._folder, options._data, options._threads,
        };
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = parsed.GetValue(_folder)!;
        if (!Directory.Exists(folder)) throw new RecordException($"{folder} is not a folder.");
        var (manifest, there) = RunRecord.Load(folder);
        if (manifest.Reason == StopReason.Cancelled) throw new RecordException($"{folder} holds the record of a run that was interrupted after {manifest.Steps} steps; finish it first, with the command that began it.");
        var threads = Devices.UseThreads(parsed.GetValue(_threads) ?? int.Parse(manifest.Machine.GetValueOrDefault("threads", "1"), CultureInfo.InvariantCulture));
        var execute = Prepare(manifest.Specification, folder, parsed.GetValue(_data));
        RunOutcome? outcome = null;
        Bars.Create().Start(progress =>
        {
            var bar = progress.AddTask(manifest.Specification.Label, maxValue: Math.Max(1, manifest.Specification.Work));
            outcome = execute(new RunContext(parsed.GetValue(_data), done => bar.Value = done, cancellation));
            bar.Value = bar.MaxValue;
        });
        if (outcome!.Reason == StopReason.Cancelled) throw new OperationCanceledException(cancellation);
        return Report(folder, manifest, new SeriesComparison(there, outcome.Series), threads, there.Names.Count);
    }

    private static int Report(string folder, RunManifest manifest, SeriesComparison comparison, int threads, int columns)
    {
        string[] surroundings = [.. Settings.Differences(manifest.Versions, Software.Versions()), .. Settings.Differences(manifest.Machine, Software.Machine(threads))];
        foreach (var line in surroundings) Console.WriteLine(line);
        if (!comparison.Same)
        {
            throw new RecordException(
                $"{folder} is not reproduced: {comparison.Describe()}; {(surroundings.Length == 0 ? "build, versions, threads and system are the same, so the record was edited or the hardware differs" : $"not as it was: {string.Join(", ", surroundings.Select(s => s.Split(' ')[0]))}")}.");
        }

        Console.WriteLine($"Reproduced bit for bit: {manifest.Rows} rows of {columns} columns.");
        return FlatBiasCommand.Success;
    }

    /// <summary>Makes sure, before the work, that data and initial weights are those of the record.</summary>
    private static Func<RunContext, RunOutcome> Prepare(RunSpec spec, string folder, string? data)
    {
        if (spec is not NetworkSpec network) return spec.Execute;
        var training = network.Training;
        try
        {
            Devices.Resolve(training.Device);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new RecordException($"{folder} was computed on {training.Device}, and there is none here: {e.Message}", e);
        }

        var source = data ?? training.Data;
        var loaded = DataCatalogue.Load(source, training.Train, training.Test);
        var (train, test) = (loaded.Train, loaded.Test);
        if (training.DataHash is { } hash && hash != (RunContext.StandsIn(training) ? RunContext.StandInHash(source) : loaded.Hash())) throw new RecordException($"the samples in {source} are not those of {folder}; name the place with the same ones by --data.");
        var initial = training.InitialWeights is { } weights ? Initial(RunRecord.InitialWeights(folder), weights, training.Architecture(train.Features, train.Classes)) : null;
        return context => network.Execute(context, train, test, initial);
    }

    private static double[] Initial(string file, string hash, Architecture architecture)
    {
        if (!File.Exists(file)) throw new RecordException($"{file} is missing: the initial weights came from a file, and the record no longer holds its copy.");
        if (Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) != hash) throw new RecordException($"{file} does not hold the weights that the run began with: it was truncated or edited.");
        return NetworkWeights.FromSafetensors(file, [.. architecture.Widths]);
    }
}
