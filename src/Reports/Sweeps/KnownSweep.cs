using System.Globalization;
using System.Text;
using System.Text.Json;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
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
        || (Directory.Exists(folder) && Directory.EnumerateDirectories(folder, SweepMerge.ShardFolders).Any());

    /// <summary>Reads a sweep.</summary>
    /// <exception cref="RecordException">It is damaged, of another format, or its shards are of different
    /// sweeps.</exception>
    public static KnownSweep Load(string folder)
    {
        (string Folder, SweepManifest Manifest)[] shards = [.. SweepMerge.Shards(folder)];
        var (first, model) = shards[0];
        if (shards.FirstOrDefault(shard => !shard.Manifest.IsOfOneSweepWith(model)) is ({ } other, _))
            throw new RecordException($"{other} and {first} are of different specifications or builds.");
        var specification = SweepSpecification.Parse(
            Path.Combine(first, SweepManifest.Name),
            Encoding.UTF8.GetBytes(JsonSerializer.Serialize(model.Specification))
        );
        return new KnownSweep(
            folder,
            specification,
            [
                .. shards
                    .SelectMany(shard =>
                        shard.Manifest.TableHash is null
                            ? SweepPart.ReadAll(shard.Folder)
                            : shard.Manifest.Table(shard.Folder)
                    )
                    .OrderBy(row => row.Index),
            ]
        );
    }

    /// <summary>The rows as the table of a sweep; points without one are not run.</summary>
    public SweepTable<DescentOutcome> Table()
    {
        var (table, rows) = (
            new SweepTable<DescentOutcome>(Specification.Plan),
            Rows.ToDictionary(row => row.Index, row => row.Row)
        );
        table.Run(
            [.. rows.Keys],
            point => rows[point.Index].Value ?? throw new InvalidOperationException(rows[point.Index].Error)
        );
        return table;
    }

    /// <summary>How much of it there is.</summary>
    public string Progress() =>
        string.Create(CultureInfo.InvariantCulture, $"{Rows.Length} of {Specification.Plan.Count} points");
}
