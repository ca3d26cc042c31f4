namespace FlatBias.Reports.Records;

/// <summary>A folder of records, one sub-folder a run, named after the hash of its specification.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Threads">Threads that runs compute with, for their manifests.</param>
internal sealed record RecordStore(string Root, int Threads)
{
    /// <summary>Whether records of other builds of FlatBias count too: those whose drawing has changed since, not their runs.</summary>
    public bool OfAnyBuild { get; init; }

    /// <summary>The record of a run that has been made before, by the same build unless all count, or null.</summary>
    public RunRecord? Find(RunSpec spec)
    {
        // A damaged record counts as none: it is made anew, which replaces it.
        if (RunRecord.TryLoad(Path.Combine(Root, spec.Key())) is not { } record)
            return null;
        return
            record.Manifest.Specification.ToJson() == spec.ToJson()
            && (OfAnyBuild || record.Manifest.Versions.GetValueOrDefault("build") == Software.Build)
            && record.HasSpectra
            ? record
            : null;
    }

    /// <summary>Makes sure that none of the records of these runs is of another build: what may have taken hours is not made anew over it unasked.</summary>
    /// <exception cref="IOException">Some are.</exception>
    public void RefuseOtherBuilds(IEnumerable<RunSpec> specs)
    {
        var others = specs
            .Select(spec => RunRecord.TryLoad(Path.Combine(Root, spec.Key()))?.Manifest.Versions)
            .OfType<SortedDictionary<string, string>>()
            .Where(versions => versions.GetValueOrDefault("build") != Software.Build)
            .Select(versions => versions.GetValueOrDefault("flatbias") ?? "unknown")
            .ToArray();
        if (others.Length > 0)
            throw new IOException(
                $"{Root} holds {others.Length} of these runs by another build of FlatBias ({string.Join(", ", others.Distinct().Order(StringComparer.Ordinal))}), and they were left alone: name another folder by --out, draw what is there by --redraw, or remove them to have the runs made anew."
            );
    }

    /// <summary>Makes sure that there is a record of each of these runs.</summary>
    /// <exception cref="IOException">Some have none.</exception>
    public void RequireAll(IReadOnlyCollection<RunSpec> specs)
    {
        var missing = specs.Count(spec => Find(spec) is null);
        if (missing > 0)
            throw new IOException(
                $"{Root} lacks {missing} of {specs.Count} runs, and --redraw makes none: leave it out, draw chapters that are finished by --chapter, or see --plan for which those are."
            );
    }

    /// <summary>
    /// How many records there are of each format that this version does not read: they count as none, and those of
    /// runs whose keys have changed with the format are left lying.
    /// </summary>
    public IReadOnlyList<(int Format, int Count)> OtherFormats() =>
        Directory.Exists(Root)
            ?
            [
                .. Directory
                    .GetDirectories(Root)
                    .Select(RunRecord.Format)
                    .OfType<int>()
                    .Where(format => format != RunManifest.CurrentFormat)
                    .CountBy(format => format)
                    .OrderBy(pair => pair.Key)
                    .Select(pair => (pair.Key, pair.Value)),
            ]
            : [];

    /// <summary>Makes a run and keeps its record.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; no record is kept of it, but a network run goes on from its checkpoint the next time.</exception>
    public RunRecord Make(RunSpec spec, RunContext context)
    {
        var folder = Path.Combine(Root, spec.Key());
        var journal = new RunJournal(folder, Threads, RunJournal.DefaultEvery) { ReplacesOthers = true };
        var run = MadeRun.Of(spec, context with { Journal = journal });
        context.Cancellation.ThrowIfCancellationRequested();
        return run.Save(folder, Threads);
    }
}
