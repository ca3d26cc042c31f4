using System.CommandLine;
using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Sweeps;

namespace FlatBias.Reports.Cli;

/// <summary>flatbias sweep: the points of a specification, whole or in shards, and the merging of shards.</summary>
internal sealed class SweepCommand
{
    public const string Name = "sweep",
        Summary =
            "Runs a descent on a landscape, or the training of a network, at every combination of parameter values that a specification names, and keeps one table. The same command goes on after an interruption.";

    /// <summary>More points than this are a slip more often than a wish.</summary>
    public const int PointLimit = 100_000;

    // Optional, because 'sweep merge' does without it.
    private readonly Argument<string?> _file = new("spec")
    {
        Description = "the specification, a JSON file; docs/sweeps.md describes it",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _output = new("--out")
    {
        HelpName = "folder",
        Description =
            "folder for the results (sweep.json and sweep.parquet); a shard goes into a folder of its own below it",
    };
    private readonly ShardOptions _shards = new("measures");
    private readonly Option<int?> _threads = Options.CountOrNone(
        "--threads",
        "number of points measured at a time; the results do not depend on it [default: one a processor, or one on a GPU]"
    );
    private readonly Option<bool> _force = new("--force") { Description = $"allows more than {PointLimit} points" };

    public static Command Create(CancellationToken cancellation)
    {
        var options = new SweepCommand();
        var command = new Command(
            Name,
            Summary
                + """


                Example:
                  flatbias sweep sweep.json --out sweep
                  flatbias sweep sweep.json --out sweep --shard 3/10   one of ten shares, on any machine
                  flatbias sweep merge sweep --out merged              the same bytes as a single run
                """
        )
        {
            options._file,
            options._output,
        };
        options._shards.AddTo(command);
        command.Options.Add(options._threads);
        command.Options.Add(options._force);
        command.Subcommands.Add(Merge());
        command.SetAction(parsed => options.Run(parsed, cancellation));
        return command;
    }

    private static Command Merge()
    {
        var folders = new Argument<string[]>("dir")
        {
            Description = "folders of shards, or a folder that holds them",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = Options.Folder("folder for the result; nothing is overwritten");
        var command = new Command("merge", "Puts the shards of a sweep together.") { folders, output };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output)!;
            if (File.Exists(path))
                throw new IOException($"--out {path} is a file; it must be a folder, or a name that is free.");
            Console.WriteLine(
                $"{SweepMerge.Merge(parsed.GetValue(folders)!, path, TrainCommand.Read)} points in {path}"
            );
        });
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (file, output) = (parsed.GetValue(_file), parsed.GetValue(_output));
        if (file is null || output is null)
            throw new ArgumentException(
                $"sweep needs {(file is not null ? "--out" : output is not null ? "spec" : "spec and --out")}: flatbias sweep SPEC.json --out DIR."
            );
        var shard = _shards.Read(parsed);
        var specification = SweepSpecification.Parse(file, BoundedFile.ReadBytes(file), TrainCommand.Read);
        var points = specification.Plan.Count;
        if (points > PointLimit && !parsed.GetValue(_force))
            throw new ArgumentException(
                $"{file} has {points} points, more than {PointLimit}; give --force if that is meant."
            );
        if (shard.Count > points)
            throw new ArgumentException(
                $"there are {shard.Count} shards but only {points} points; there must be at most one shard a point."
            );
        using var held = OutputFolder.Prepare(shard == Shard.Whole ? output : Path.Combine(output, shard.Folder));
        var folder = held.Path;
        // A network computes on one thread, so that its bits do not depend on how many points there are at a time.
        if (specification.Study is NetworkStudy)
            Devices.UseThreads(1);
        var rows = Execute(
            new SweepRun(specification, shard, folder),
            parsed.GetValue(_threads) ?? specification.Study.AtOnce,
            cancellation
        );
        var counts = string.Join(
            ", ",
            rows.GroupBy(row => row.Row.Status)
                .OrderBy(g => g.Key)
                .Select(g => $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}")
        );
        Console.WriteLine(
            $"{rows.Length} points{(shard == Shard.Whole ? "" : $" (shard {shard.Index} of {shard.Count})")}: {counts}; table in {folder}"
        );
        return FlatBiasCommand.Success;
    }

    private static PlacedRow[] Execute(SweepRun run, int threads, CancellationToken cancellation)
    {
        PlacedRow[] rows = [];
        Bars.Create()
            .Start(progress =>
            {
                var bar = progress.AddTask("sweep", maxValue: run.Shard.Range(run.Specification.Plan.Count).Length);
                rows = run.Execute(threads, done => bar.Value = done, cancellation);
                bar.Value = bar.MaxValue;
            });
        return rows;
    }
}
