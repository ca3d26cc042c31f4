using System.Globalization;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>What is known of a sweep: its rows so far, whole or in shards, finished or not.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Specification">The sweep.</param>
/// <param name="Rows">The rows, by rising index.</param>
internal sealed record KnownSweep(string Folder, SweepSpecification Specification, PlacedRow[] Rows)
{
    /// <summary>Whether a folder holds a sweep, or shards of one.</summary>
    public static bool IsThere(string folder) =>
        File.Exists(Path.Combine(folder, SweepManifest.Name))
        || (Directory.Exists(folder) && Directory.EnumerateDirectories(folder, Shard.Folders).Any());

    /// <summary>The numbers that can be drawn over the axes, by their columns: one for each of <see cref="Rows"/>.</summary>
    public IReadOnlyDictionary<string, double[]> Numbers { get; } =
        new Dictionary<string, double[]>(
            Specification
                .Study.Values.Columns(Rows)
                .Where(column => column.Values is double[])
                .Select(column => KeyValuePair.Create(column.Name, (double[])column.Values))
        )
        {
            [SweepColumns.Steps] = [.. Rows.Select(row => (double)(row.Row.Value?.Steps ?? 0))],
        };

    /// <summary>Reads a sweep.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="training">Reads the options of a training.</param>
    /// <exception cref="RecordException">It is damaged, of another format, or its shards are of different sweeps.</exception>
    public static KnownSweep Load(string folder, TrainingReader training)
    {
        (string Folder, SweepManifest Manifest)[] shards = [.. SweepMerge.Shards(folder)];
        var (first, model) = shards[0];
        if (shards.FirstOrDefault(shard => !shard.Manifest.IsOfOneSweepWith(model)) is ({ } other, _))
            throw new RecordException($"{other} and {first} are of different specifications or builds.");
        var specification = model.Read(first, training);
        return new KnownSweep(
            folder,
            specification,
            [
                .. shards
                    .SelectMany(shard =>
                        shard.Manifest.TableHash is null
                            ? SweepPart.ReadAll(shard.Folder, model.Identity(), specification.Study.Values)
                            : shard.Manifest.Table(shard.Folder, specification.Study.Values)
                    )
                    .OrderBy(row => row.Index),
            ]
        );
    }

    /// <summary>A number of the rows as the table of a sweep; points without a row are not run.</summary>
    /// <param name="column">One of <see cref="Numbers"/>.</param>
    public SweepTable<SweepNumber> Table(string column)
    {
        var numbers = Numbers[column];
        var table = new SweepTable<SweepNumber>(Specification.Plan);
        var places = Rows.Select((row, place) => (row.Index, place)).ToDictionary();
        table.Run(
            [.. places.Keys],
            point =>
            {
                var place = places[point.Index];
                var row = Rows[place].Row;
                return row.Value is { } end
                    ? new SweepNumber(numbers[place], end.Diverged)
                    : throw new InvalidOperationException(row.Error);
            }
        );
        return table;
    }

    /// <summary>How much of it there is.</summary>
    public string Progress() =>
        string.Create(CultureInfo.InvariantCulture, $"{Rows.Length} of {Specification.Plan.Count} points");
}

/// <summary>One number of a row.</summary>
/// <param name="Value">The number.</param>
/// <param name="Diverged">Whether the run diverged.</param>
internal readonly record struct SweepNumber(double Value, bool Diverged) : ISweepOutcome;
