namespace FlatBias.NeuralValidation.Training;

/// <summary>The files that a <see cref="TrainingJournal"/> keeps until its run is finished. Apart from it, because whoever
/// cleans up after a run without a network needs no torch.</summary>
public static class JournalFiles
{
    internal const string Checkpoint = "checkpoint.safetensors",
        Rows = "series.rows";

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
