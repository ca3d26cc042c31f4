using FlatBias.Dynamics.Catalogues;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>The data sets by name: where they are looked for, and how they are loaded.</summary>
public static class DataCatalogue
{
    /// <summary>An environment variable that names a folder with one sub-folder a data set.</summary>
    public const string FolderVariable = "FLATBIAS_DATA";

    /// <summary>All of them.</summary>
    public static Catalogue<DataEntry> All { get; } =
        new(
            "data set",
            [
                new FashionMnist(),
                new Mnist(),
                new IdxFiles(),
                new Cifar10(),
                new CsvData(),
                new GaussianMixture(),
                new TeacherStudent(),
                new TwoMoons(),
                new Circles(),
                new Chebyshev(),
                new Sorting(),
                new Copying(),
                new CharacterText(),
            ]
        );

    /// <summary>Loads a data set.</summary>
    /// <param name="source">
    /// As an entry's <see cref="DataEntry.Syntax"/> has it; settings that are left out have their defaults, and names of files, folders and columns may hold commas. Or a bare folder or file, told by its content.
    /// </param>
    /// <param name="train">How many training samples; at least 1.</param>
    /// <param name="test">How many test samples; at least 0.</param>
    /// <exception cref="ArgumentException">The source is malformed, or asks for more than there is.</exception>
    /// <exception cref="DataFileException">A file is missing, unreadable or damaged.</exception>
    public static DataSet Load(string source, int train, int test)
    {
        ArgumentNullException.ThrowIfNull(source);
        var asked = DataRequest.Parse(source);
        return asked.Entry.LoadSet(asked, train, test);
    }

    /// <summary>How many samples there are of a data set that is in files.</summary>
    /// <param name="source">As in <see cref="Load"/>.</param>
    /// <returns>Training and test samples; null for a set without files, of which there are as many as are asked for.</returns>
    /// <exception cref="ArgumentException">The source is malformed.</exception>
    /// <exception cref="DataFileException">A file is missing, unreadable or damaged.</exception>
    public static (int Train, int Test)? Available(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var asked = DataRequest.Parse(source);
        return asked.Entry.Available(asked);
    }

    /// <summary>Loads the whole of a data set that is in files: the check of every byte of it.</summary>
    /// <param name="source">As in <see cref="Load"/>; not a set without files.</param>
    /// <exception cref="ArgumentException">The source is malformed, or the set has no files.</exception>
    /// <exception cref="DataFileException">A file is missing, unreadable or damaged.</exception>
    public static DataSet LoadAll(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var asked = DataRequest.Parse(source);
        var (train, test) =
            asked.Entry.Available(asked)
            ?? throw new ArgumentException(
                $"{asked.Entry.Name} is {asked.Entry.OriginWithoutPlace}; there are no files to check."
            );
        return asked.Entry.LoadSet(asked, train, test);
    }

    /// <summary>The folders where a set of files is looked for when no place is given, in this order.</summary>
    /// <param name="name">The set's name.</param>
    /// <returns>The folders, whether or not they exist.</returns>
    public static IReadOnlyList<string> Places(string name)
    {
        var places = new List<string>();
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
            places.Add(Path.Combine(folder, name));
        places.Add(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "flatbias", name)
        );
        places.Add(Path.Combine(Path.DirectorySeparatorChar + "usr", "share", "datasets", name)); // where Debian's data set packages are
        return places;
    }
}
