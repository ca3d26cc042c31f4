using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>Where and how often a long run keeps what it has so far.</summary>
/// <param name="Folder">The folder of the record to be.</param>
/// <param name="Threads">Threads that it computes with: bits depend on them.</param>
/// <param name="Every">Steps between checkpoints, at least 1.</param>
internal sealed record RunJournal(string Folder, int Threads, int Every)
{
    /// <summary>Steps between checkpoints unless the user says otherwise.</summary>
    public const int DefaultEvery = 100;

    /// <summary>Whether a checkpoint that cannot be gone on from is removed, rather than refused: where the folder belongs to the program.</summary>
    public bool ReplacesOthers { get; init; }

    /// <summary>Opens it for a run.</summary>
    /// <exception cref="DataFileException">There is a checkpoint from which this run cannot go on.</exception>
    public TrainingJournal Open(RunSpec spec)
    {
        Directory.CreateDirectory(Folder);
        var identity = Settings.Of(spec);
        // How far a run goes changes nothing of the way there: a longer one goes on from the end of a shorter one.
        identity.Remove("training.steps");
        var last = spec.Network?.Steps ?? spec.Work;
        identity["build"] = Software.Build;
        identity["threads"] = Settings.Text(Threads);
        if (Devices.OwnTorchVersion is { } own)
            identity["libtorch"] = own;
        TrainingJournal journal;
        try
        {
            journal = new TrainingJournal(Folder, identity, Every, last);
        }
        catch (DataFileException) when (ReplacesOthers)
        {
            Remove(Folder);
            journal = new TrainingJournal(Folder, identity, Every, last);
        }

        RunStart.Of(spec, Threads).Write(Folder);
        return journal;
    }

    /// <summary>Removes what a finished run kept to be taken up.</summary>
    public static void Remove(string folder) => JournalFiles.Remove(folder);
}
