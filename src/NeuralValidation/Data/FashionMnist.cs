using FlatBias.Dynamics;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 28 x 28 grey images of ten kinds of clothing, 60,000 for training and 10,000 for testing.
/// The first 5,000 and 1,000 of them are embedded in this assembly; the full set is read from a folder.
/// </summary>
public static class FashionMnist
{
    /// <summary>The number of pixels along each side of an image.</summary>
    public const int Side = 28;

    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    /// <summary>The number of training images in the embedded subset.</summary>
    public const int EmbeddedTrain = 5000;

    /// <summary>The number of test images in the embedded subset.</summary>
    public const int EmbeddedTest = 1000;

    // Mean and standard deviation of all pixels of the 60,000 training images, on the scale from 0 to 1.
    private const double Mean = 0.2859;
    private const double Deviation = 0.3530;
    private const string ResourceFolder = "fashion-mnist-5k";

    /// <summary>Loads the first images of both parts, normalised as (pixel / 255 - 0.2859) / 0.3530.</summary>
    /// <param name="folder">
    /// The folder of the four official files (train-images-idx3-ubyte and so on, each with or without .gz); null for the embedded subset.
    /// </param>
    /// <param name="train">How many training images; at least 1.</param>
    /// <param name="test">How many test images; at least 0.</param>
    /// <returns>The training and the test images, in the official order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More images are asked for than there are, or fewer than the minimum.</exception>
    /// <exception cref="DataFileException">The folder or a file is missing, unreadable or damaged.</exception>
    public static (LabelledImages Train, LabelledImages Test) Load(string? folder, int train, int test)
    {
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        if (folder is null)
        {
            CheckEmbedded(nameof(train), train, EmbeddedTrain, "training");
            CheckEmbedded(nameof(test), test, EmbeddedTest, "test");
        }
        else if (!Directory.Exists(folder))
        {
            throw new DataFileException(folder, "there is no such folder; it should hold the four files of Fashion-MNIST");
        }
        return (Part(folder, "train", nameof(train), train), Part(folder, "t10k", nameof(test), test));
    }

    private static void CheckEmbedded(string name, int asked, int available, string part)
    {
        if (asked > available)
            throw new ArgumentOutOfRangeException(name, asked,
                $"{name} is {asked}, but the embedded subset of Fashion-MNIST has {available} {part} images. "
                + "Give the folder of the full set by --data FOLDER (for instance from Debian's package dataset-fashion-mnist).");
    }

    private static LabelledImages Part(string? folder, string prefix, string argument, int count)
    {
        string images = $"{prefix}-images-idx3-ubyte", labels = $"{prefix}-labels-idx1-ubyte";
        var content = folder is null
            ? IdxReader.Read(images, Embedded(images), labels, Embedded(labels), count)
            : IdxReader.Read(Find(folder, images), Find(folder, labels), count);
        if (content.Rows != Side || content.Columns != Side)
            throw new DataFileException(
                Find(folder!, images),
                $"its images are {content.Rows} x {content.Columns} pixels; those of Fashion-MNIST are {Side} x {Side}");
        if (count > content.Available)
            throw new ArgumentOutOfRangeException(
                argument, count, $"{argument} is {count}, but {Find(folder!, images)} holds only {content.Available} images.");
        return new LabelledImages(Normalised(content.Pixels), content.Labels, Side * Side, Classes);
    }

    private static string Find(string folder, string name)
    {
        var plain = Path.Combine(folder, name);
        var gzipped = plain + ".gz";
        if (File.Exists(gzipped)) return gzipped;
        return File.Exists(plain) ? plain : throw new DataFileException(folder, $"it holds neither {name}.gz nor {name}");
    }

    private static byte[] Embedded(string name)
    {
        using var stream = typeof(FashionMnist).Assembly.GetManifestResourceStream($"{ResourceFolder}/{name}.gz")
            ?? throw new InvalidOperationException($"The assembly was built without its resource {ResourceFolder}/{name}.gz.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static float[] Normalised(byte[] pixels)
    {
        // 256 grey values: computed once in double precision, so that every platform rounds alike.
        var table = new float[256];
        for (var i = 0; i < table.Length; i++) table[i] = (float)((i / 255.0 - Mean) / Deviation);
        return Array.ConvertAll(pixels, pixel => table[pixel]);
    }
}
