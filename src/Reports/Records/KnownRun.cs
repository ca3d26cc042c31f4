using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// What is known of a run: its record, or what it was told to do and the rows so far where there is none yet.
/// </summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Specification">What was run.</param>
/// <param name="Series">The rows.</param>
/// <param name="Manifest">How it ended; null while it has not.</param>
internal sealed record KnownRun(string Folder, RunSpec Specification, SeriesTable Series, RunManifest? Manifest)
{
    /// <summary>Reads a run that has ended, goes on, or was killed.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="RecordException">There is none, or it is damaged or of another format.</exception>
    public static KnownRun Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new RecordException($"{folder} is not a folder.");
        if (RunStart.TryRead(folder) is { } start)
        {
            var rows = JournalFiles.ReadRows(folder) ?? new SeriesTable();
            // A run that ends between the two looks has a record by now.
            if (RunStart.TryRead(folder) is not null)
                return new KnownRun(folder, start.Specification, rows, null);
        }

        var (manifest, series) = RunRecord.Load(folder);
        return new KnownRun(folder, manifest.Specification, series, manifest);
    }
}
