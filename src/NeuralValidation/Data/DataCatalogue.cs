using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>The data sets by name: where they are looked for, and how they are loaded.</summary>
public static class DataCatalogue
{
    internal const string Fashion = "fashion-mnist", Mnist = "mnist", Cifar = "cifar-10", Csv = "csv", Mixture = "gaussian-mixture", Teacher = "teacher-student";

    /// <summary>An environment variable that names a folder with one sub-folder a data set.</summary>
    public const string FolderVariable = "FLATBIAS_DATA";

    // Mean and standard deviation of all pixels of MNIST's 60,000 training images, on the scale from 0 to 1.
    private static readonly IdxFolder MnistLayout = new("MNIST", 0.1307, 0.3081);

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Fashion, Mnist, Cifar, Csv, Mixture, Teacher];

    /// <summary>Loads a data set.</summary>
    /// <param name="source">
    /// A name; NAME:FOLDER for one of the image sets; csv:FILE or csv:FILE,label=COLUMN (either may hold commas); gaussian-mixture:features=20,classes=4,separation=3,seed=1; teacher-student:features=20,classes=4,width=16,seed=1
    /// (settings that are left out have these values); or a bare folder (CIFAR-10 where it holds batches, otherwise Fashion-MNIST) or file (csv).
    /// </param>
    /// <param name="train">How many training samples; at least 1.</param>
    /// <param name="test">How many test samples; at least 0.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">The source is malformed, or asks for more than there is.</exception>
    /// <exception cref="DataFileException">A file is missing, unreadable or damaged.</exception>
    public static DataSet Load(string source, int train, int test)
    {
        ArgumentNullException.ThrowIfNull(source);
        var asked = DataSource.Parse(source);
        return asked.Name switch
        {
            Fashion when asked.Place is null => Set(asked, "embedded", FashionMnist.Load(null, train, test), FashionMnist.Layout.Normalisation),
            Fashion => Set(asked, asked.Place!, FashionMnist.Load(asked.Place, train, test), FashionMnist.Layout.Normalisation),
            Mnist => FromFolder(asked, folder => MnistLayout.Load(folder, train, test), MnistLayout.Normalisation),
            Cifar => FromFolder(asked, folder => Cifar10.Load(folder, train, test), Cifar10.Normalisation),
            Csv => Table(asked, train, test),
            Mixture => Set(
                asked.Allow("features", "classes", "separation", "seed"), "drawn",
                SyntheticData.GaussianMixture(train, test, asked.Whole("features", 20), asked.Whole("classes", 4), asked.Number("separation", 3), asked.Whole("seed", 1)), "none"),
            _ => Set(
                asked.Allow("features", "classes", "width", "seed"), "drawn",
                SyntheticData.TeacherStudent(train, test, asked.Whole("features", 20), asked.Whole("classes", 4), asked.Whole("width", 16), asked.Whole("seed", 1)), "none"),
        };
    }

    /// <summary>Loads the whole of a data set that is in files: the check of every byte of it.</summary>
    /// <param name="source">As in <see cref="Load"/>; not a set that is drawn.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">The source is malformed, or is drawn and has no files.</exception>
    /// <exception cref="DataFileException">A file is missing, unreadable or damaged.</exception>
    public static DataSet LoadAll(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var asked = DataSource.Parse(source);
        var (train, test) = asked.Name switch
        {
            Fashion when asked.Place is null => (FashionMnist.EmbeddedTrain, FashionMnist.EmbeddedTest),
            Fashion => FashionMnist.Layout.Available(asked.Place!),
            Mnist => MnistLayout.Available(Folder(asked)),
            Cifar => Cifar10.Available(Folder(asked)),
            Csv => (CsvData.Count(File(asked), Label(asked)), 0),
            _ => throw new ArgumentException($"{asked.Name} is drawn from a seed; there are no files to check."),
        };
        return Load(source, train, test);
    }

    /// <summary>The folders where an image set is looked for when no place is given, in this order.</summary>
    /// <param name="name">The set's name.</param>
    /// <returns>The folders, whether or not they exist.</returns>
    public static IReadOnlyList<string> Places(string name)
    {
        var places = new List<string>();
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder) places.Add(Path.Combine(folder, name));
        places.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "flatbias", name));
        places.Add(Path.Combine(Path.DirectorySeparatorChar + "usr", "share", "datasets", name)); // where Debian's data set packages are
        return places;
    }

    private static DataSet FromFolder(DataSource asked, Func<string, (LabelledImages, LabelledImages)> load, string normalisation)
    {
        var folder = Folder(asked);
        return Set(asked, folder, load(folder), normalisation);
    }

    private static string Folder(DataSource asked) => asked.Place ?? Places(asked.Name).FirstOrDefault(Directory.Exists)
        ?? throw new DataFileException(asked.Name, $"it is not on this machine; looked for in {string.Join(", ", Places(asked.Name))}; name its folder by {asked.Name}:FOLDER (flatbias data list says how to get it)");

    private static string File(DataSource asked) => asked.Place ?? throw new ArgumentException("data: csv needs a file, as in csv:FILE or csv:FILE,label=COLUMN.");

    private static string Label(DataSource asked) => asked.Settings.GetValueOrDefault("label", CsvData.DefaultLabel);

    private static DataSet Table(DataSource asked, int train, int test)
    {
        var file = File(asked);
        return Set(asked, file, CsvData.Load(file, train, test, Label(asked)), CsvData.Normalisation);
    }

    private static DataSet Set(DataSource asked, string origin, (LabelledImages Train, LabelledImages Test) parts, string normalisation) =>
        new(asked.Name, origin, parts.Train, parts.Test, normalisation);
}
