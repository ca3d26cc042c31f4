using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>Puts the shards of a sweep together: the result is, byte for byte, what a single run would have written.</summary>
internal static class SweepMerge
{
    private const int MostNamed = 20;

    /// <summary>Merges shards.</summary>
    /// <param name="folders">The folders of shards, or folders that hold them.</param>
    /// <param name="output">The folder of the result, which must hold no files yet.</param>
    /// <param name="training">Reads the options of a training.</param>
    /// <exception cref="IOException">A shard is missing, unfinished, damaged, given twice or of another sweep; or the output is taken. Nothing is written then.</exception>
    public static int Merge(IReadOnlyList<string> folders, string output, TrainingReader training)
    {
        if (
            Directory.Exists(output)
            && Directory.EnumerateFileSystemEntries(output).Any(entry => !FolderLock.IsOwn(entry))
        )
            throw new IOException($"--out {output} is not empty; nothing is overwritten: name another folder.");
        (string Folder, SweepManifest Manifest)[] shards = [.. folders.SelectMany(Shards)];
        var (firstFolder, model) = shards[0];
        foreach (var (folder, manifest) in shards)
        {
            if (!manifest.IsOfOneSweepWith(model))
                throw new IOException(
                    $"{folder} and {firstFolder} are of different specifications or builds; they cannot be merged."
                );
            if (manifest.Shard.Count != model.Shard.Count)
                throw new IOException(
                    $"{folder} is one of {manifest.Shard.Count} shards and {firstFolder} one of {model.Shard.Count}; they cannot be merged."
                );
        }

        if (shards.GroupBy(shard => shard.Manifest.Shard.Index).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new IOException(
                $"shard {twice.Key} is there twice: {string.Join(" and ", twice.Select(shard => shard.Folder))}."
            );
        var missing = model.Shard.Count - shards.Length;
        if (missing > 0)
        {
            var first = Enumerable
                .Range(1, model.Shard.Count)
                .Except(shards.Select(shard => shard.Manifest.Shard.Index))
                .Take(MostNamed);
            throw new IOException(
                $"of {model.Shard.Count} shards there {(missing == 1 ? "is" : "are")} missing: {string.Join(", ", first)}{(missing > MostNamed ? $" and {missing - MostNamed} more" : "")}."
            );
        }

        var specification = model.Read(firstFolder, training);
        PlacedRow[] rows =
        [
            .. shards
                .OrderBy(shard => shard.Manifest.Shard.Index)
                .SelectMany(shard => shard.Manifest.Table(shard.Folder, specification.Study.Values)),
        ];
        Directory.CreateDirectory(output);
        using var held = FolderLock.Take(output);
        SweepManifest.Of(specification, Shard.Whole).Finish(output, specification.Table(rows));
        return rows.Length;
    }

    /// <summary>The sweep of a folder, or the shards in the folders below it.</summary>
    /// <exception cref="RecordException">There is none, or it is damaged or of another format.</exception>
    public static IEnumerable<(string Folder, SweepManifest Manifest)> Shards(string folder)
    {
        if (!Directory.Exists(folder))
            throw new RecordException($"{folder} is not a folder.");
        if (SweepManifest.Load(folder) is { } own)
            return [(folder, own)];
        (string, SweepManifest)[] below =
        [
            .. Directory
                .GetDirectories(folder, Shard.Folders)
                .Order(StringComparer.Ordinal)
                .Select(shard =>
                    (
                        shard,
                        SweepManifest.Load(shard)
                            ?? throw new RecordException($"{shard} holds no sweep: {SweepManifest.Name} is missing.")
                    )
                ),
        ];
        return below.Length > 0
            ? below
            : throw new RecordException($"{folder} holds no sweep and no shards: {SweepManifest.Name} is missing.");
    }
}
