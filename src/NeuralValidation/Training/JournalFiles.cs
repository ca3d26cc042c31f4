using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Training;

/// <summary>The files that a <see cref="TrainingJournal"/> keeps until its run is finished. Apart from it, because whoever
/// cleans up after a run without a network needs no torch.</summary>
public static class JournalFiles
{
    internal const string Checkpoint = "checkpoint.safetensors",
        Rows = "series.rows",
        Lock = "run.lock";

    /// <summary>The rows that a run has measured so far, whether it is going on, was stopped, or was killed.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>All rows that are whole; null where the folder holds none.</returns>
    /// <exception cref="DataFileException">What is there holds no rows, or those of another format.</exception>
    public static SeriesTable? ReadRows(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder, Rows);
        return File.Exists(path) ? SeriesLog.ReadRows(path) : null;
    }

    /// <summary>Removes checkpoint and rows of a finished run.</summary>
    /// <param name="folder">The folder.</param>
    public static void Remove(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        // The checkpoint first: rows alone count as nothing.
        File.Delete(Path.Combine(folder, Checkpoint));
        File.Delete(Path.Combine(folder, Rows));
    }
}
