using FlatBias.Dynamics;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>
/// A shard of a sweep in a folder: measured block by block, each block kept as soon as it is done, so that an interrupted sweep goes on where it was. A folder that holds anything else is left alone.
/// </summary>
/// <param name="Specification">The sweep.</param>
/// <param name="Shard">The share of its points.</param>
/// <param name="Folder">The shard's folder.</param>
internal sealed record SweepRun(SweepSpecification Specification, Shard Shard, string Folder)
{
    private const int BlockSize = 256;

    private readonly string _identity = SweepManifest.Of(Specification, Shard).Identity();

    private string Parts => SweepPart.Folder(Folder);

    /// <summary>Measures what is not there yet, and writes the table.</summary>
    /// <returns>The rows of the shard.</returns>
    /// <exception cref="IOException">The folder holds something else.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what was measured is kept.</exception>
    public PlacedRow[] Execute(int threads, Action<int>? progress, CancellationToken cancellation)
    {
        var manifest = SweepManifest.Of(Specification, Shard);
        if (Finished(manifest) is { } finished)
            return finished;
        manifest.Save(Folder);
        var (first, length) = Shard.Range(Specification.Plan.Count);
        var table = new SweepTable<ISweepEnd>(Specification.Plan);
        var rows = new List<PlacedRow>(length);
        for (var start = first; start < first + length; start += BlockSize)
        {
            rows.AddRange(
                Block(
                    table,
                    start,
                    Math.Min(BlockSize, first + length - start),
                    threads,
                    done => progress?.Invoke(rows.Count + done),
                    cancellation
                )
            );
            cancellation.ThrowIfCancellationRequested();
        }

        PlacedRow[] all = [.. rows];
        manifest.Finish(Folder, Specification.Table(all));
        Directory.Delete(Parts, recursive: true);
        return all;
    }

    /// <summary>The rows, where the folder holds this very sweep, finished; null where it holds nothing yet or a part of it.</summary>
    private PlacedRow[]? Finished(SweepManifest manifest)
    {
        if (SweepManifest.Load(Folder) is not { } there)
        {
            // Killed while it wrote its first file, a sweep leaves nothing but what is swept up here.
            AtomicFile.RemoveLeftovers(Path.Combine(Folder, SweepManifest.Name));
            if (
                Directory.Exists(Folder)
                && Directory.EnumerateFileSystemEntries(Folder).Any(entry => !FolderLock.IsOwn(entry))
            )
                throw new IOException(
                    $"{Folder} holds files that are not of this sweep; name another folder, or empty it."
                );
            return null;
        }

        if (!there.IsOfOneSweepWith(manifest) || there.Shard != Shard)
            throw new IOException(
                $"{Folder} holds a sweep of another specification, shard or build; name another folder, or remove it."
            );
        AtomicFile.RemoveLeftovers(Path.Combine(Folder, SweepManifest.Name));
        AtomicFile.RemoveLeftovers(Path.Combine(Folder, SweepManifest.TableName));
        return there.TableHash is null ? null : there.Table(Folder, Specification.Study.Values);
    }

    private PlacedRow[] Block(
        SweepTable<ISweepEnd> table,
        int start,
        int length,
        int threads,
        Action<int> progress,
        CancellationToken cancellation
    )
    {
        var path = Path.Combine(Parts, $"{start:D10}.part");
        var kept = Kept(path, start, length);
        if (kept.Count == length)
            return [.. kept.Values.OrderBy(row => row.Index)];
        table.Run(
            [.. Enumerable.Range(start, length).Where(i => !kept.ContainsKey(i))],
            Specification.Study.KeepsEach ? MeasureAndKeep : Specification.Study.Measure,
            threads,
            done => progress(kept.Count + done),
            cancellation
        );
        PlacedRow[] rows =
        [
            .. Enumerable
                .Range(start, length)
                .Select(i => kept.TryGetValue(i, out var row) ? row : new PlacedRow(i, table[i]))
                .Where(row => row.Row.Status != SweepStatus.NotRun),
        ];
        if (rows.Length > 0)
            SweepPart.Write(path, _identity, Specification.Table(rows));
        return rows;
    }

    /// <summary>What is kept of a block: its part, and points that were kept one by one.</summary>
    private Dictionary<int, PlacedRow> Kept(string path, int start, int length)
    {
        var kept = Read(path);
        if (Specification.Study.KeepsEach)
            foreach (var i in Enumerable.Range(start, length).Where(i => !kept.ContainsKey(i)))
            foreach (var (index, row) in Read(PointPath(i)))
                kept[index] = row;
        return kept;

        // A part under the name of another block holds the rows of its own.
        Dictionary<int, PlacedRow> Read(string part) =>
            SweepPart
                .Read(part, _identity, Specification.Study.Values)
                .Where(row => row.Index >= start && row.Index < start + length)
                .ToDictionary(row => row.Index);
    }

    private ISweepEnd MeasureAndKeep(SweepPoint point)
    {
        var end = Specification.Study.Measure(point);
        var status = end.Diverged ? SweepStatus.Diverged : SweepStatus.Done;
        SweepPart.Write(
            PointPath(point.Index),
            _identity,
            Specification.Table([new PlacedRow(point.Index, new(status, end))])
        );
        return end;
    }

    private string PointPath(int index) => Path.Combine(Parts, $"point-{index:D10}.part");
}
