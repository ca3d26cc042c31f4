using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 28 x 28 grey images of ten kinds of clothing, 60,000 for training and 10,000 for testing.
/// The first 5,000 and 1,000 of them are embedded in this assembly; the full set is read from a folder.
/// </summary>
public sealed class FashionMnist : DataEntry
{
    /// <summary>The number of training images in the embedded subset.</summary>
    public const int EmbeddedTrain = 5000;

    /// <summary>The number of test images in the embedded subset.</summary>
    public const int EmbeddedTest = 1000;

    private const string ResourceFolder = "fashion-mnist-5k";

    // Mean and standard deviation of all pixels of the 60,000 training images, on the scale from 0 to 1.
    private static readonly IdxFolder Layout = new("Fashion-MNIST", 0.2859, 0.3530);

    /// <inheritdoc/>
    public override string Name => "fashion-mnist";

    /// <inheritdoc/>
    public override string Summary => "5,000 + 1,000 grey images of clothing come with the program";

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.Folder;

    /// <inheritdoc/>
    public override string Normalisation => Layout.Normalisation;

    /// <inheritdoc/>
    public override string Obtaining =>
        "the full 60,000 + 10,000: Debian's package dataset-fashion-mnist, or the four IDX files of github.com/zalandoresearch/fashion-mnist; used when given as fashion-mnist:FOLDER";

    /// <inheritdoc/>
    public override (int Train, int Test)? Embedded => (EmbeddedTrain, EmbeddedTest);

    /// <summary>Loads the first images of both parts, normalised as (pixel / 255 - 0.2859) / 0.3530.</summary>
    /// <param name="folder">
    /// The folder of the four official files (train-images-idx3-ubyte and so on, each with or without .gz); null for the embedded subset.
    /// </param>
    /// <param name="train">How many training images; at least 1.</param>
    /// <param name="test">How many test images; at least 0.</param>
    /// <returns>The training and the test images, in the official order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More images are asked for than there are, or fewer than the minimum.</exception>
    /// <exception cref="DataFileException">The folder or a file is missing, unreadable or damaged.</exception>
    public static (LabelledSamples Train, LabelledSamples Test) Load(string? folder, int train, int test)
    {
        if (folder is not null)
            return Layout.Load(folder, train, test);
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        CheckEmbedded(nameof(train), train, EmbeddedTrain, "training");
        CheckEmbedded(nameof(test), test, EmbeddedTest, "test");
        return (Part("train", train), Part("t10k", test));
    }

    internal override (int Train, int Test)? Available(DataRequest asked) =>
        asked.Place is { } folder ? Layout.Available(folder) : Embedded;

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Load(asked.Place, train, test);

    private static void CheckEmbedded(string name, int asked, int available, string part)
    {
        if (asked > available)
            throw new ArgumentOutOfRangeException(
                name,
                asked,
                $"{name} is {asked}, but the embedded subset of Fashion-MNIST has {available} {part} images. "
                    + "Give the folder of the full set by --data fashion-mnist:FOLDER (for instance from Debian's package dataset-fashion-mnist)."
            );
    }

    private static LabelledSamples Part(string prefix, int count)
    {
        string images = IdxFolder.Images(prefix),
            labels = IdxFolder.Labels(prefix);
        return Layout.Normalised(IdxReader.Read(images, Resource(images), labels, Resource(labels), count), images);
    }

    private static byte[] Resource(string name)
    {
        using var stream =
            typeof(FashionMnist).Assembly.GetManifestResourceStream($"{ResourceFolder}/{name}.gz")
            ?? throw new InvalidOperationException(
                $"The assembly was built without its resource {ResourceFolder}/{name}.gz."
            );
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
