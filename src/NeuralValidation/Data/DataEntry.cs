using FlatBias.Dynamics.Catalogues;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Where the samples of a data set lie, which says what follows its name.</summary>
public enum DataPlace
{
    /// <summary>Nowhere: they are drawn from a seed, computed, or come with the program, and settings alone follow.</summary>
    Drawn,

    /// <summary>In a folder, which follows or is looked for.</summary>
    Folder,

    /// <summary>In a file, which follows.</summary>
    File,
}

/// <summary>
/// A data set that can be chosen by name: what follows the name, where its files come from, and how it is loaded. <see cref="DataCatalogue"/> has all of them;
/// lists, help, completion and messages are made of what an entry says here.
/// </summary>
public abstract class DataEntry : INamed
{
    private protected DataEntry() { }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Where its samples lie.</summary>
    public abstract DataPlace Place { get; }

    /// <summary>What is done to the inputs, as records state it.</summary>
    public abstract string Normalisation { get; }

    /// <summary>How to get its files; empty where there is nothing to get.</summary>
    public virtual string Obtaining => "";

    /// <summary>How many samples come with the program; null for none.</summary>
    public virtual (int Train, int Test)? Embedded => null;

    /// <summary>How it is written: the name, the place, and the settings with their defaults.</summary>
    public string Syntax
    {
        get
        {
            string[] place = Place == DataPlace.Drawn ? [] : [Place == DataPlace.File ? "FILE" : "FOLDER"];
            return $"{Name}:{string.Join(',', place.Concat(Parameters.Select(p => $"{p.Name}={p.Default}")))}";
        }
    }

    /// <summary>Where samples that lie nowhere come from.</summary>
    internal virtual string OriginWithoutPlace => "drawn";

    /// <summary>Files of which any one tells a folder that is given without a name to be this set; none where no file does.</summary>
    internal virtual IReadOnlyList<string> TellingFiles => [];

    /// <summary>Whether a place that is given without a name is this set.</summary>
    internal virtual bool Recognises(string place) => TellingFiles.Any(file => File.Exists(Path.Combine(place, file)));

    /// <summary>How many samples there are; null where there are as many as asked for.</summary>
    internal abstract (int Train, int Test)? Available(DataRequest asked);

    /// <summary>Loads the set with what is to be said of it.</summary>
    internal virtual DataSet LoadSet(DataRequest asked, int train, int test)
    {
        var (first, second) = Load(asked, train, test);
        return new DataSet(Name, asked.Origin, first, second, Normalisation);
    }

    /// <summary>Loads the first samples of both parts.</summary>
    internal abstract (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test);
}
