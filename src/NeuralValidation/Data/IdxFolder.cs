using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>A data set in the four IDX files of MNIST's layout: its name and the mean and standard deviation of its training pixels on the scale from 0 to 1.</summary>
/// <param name="Title">The data set's name in messages.</param>
/// <param name="Mean">Subtracted from pixel / 255.</param>
/// <param name="Deviation">Divided by.</param>
internal sealed record IdxFolder(string Title, double Mean, double Deviation)
{
    /// <summary>The number of pixels along each side of an image.</summary>
    public const int Side = 28;

    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    /// <summary>What is done to the pixels, for records.</summary>
    public string Normalisation => FormattableString.Invariant($"(pixel/255 - {Mean:0.0000})/{Deviation:0.0000}");

    /// <summary>Loads the first images of both parts from a folder.</summary>
    public (LabelledSamples Train, LabelledSamples Test) Load(string folder, int train, int test)
    {
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        if (!Directory.Exists(folder))
            throw new DataFileException(folder, $"there is no such folder; it should hold the four files of {Title}");
        return (Part(folder, "train", nameof(train), train), Part(folder, "t10k", nameof(test), test));
    }

    /// <summary>How many images each part has.</summary>
    public (int Train, int Test) Available(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DataFileException(folder, $"there is no such folder; it should hold the four files of {Title}");
        return (Count("train"), Count("t10k"));

        int Count(string prefix) =>
            IdxReader.Read(Find(folder, Images(prefix)), Find(folder, Labels(prefix)), 0).Available;
    }

    /// <summary>Normalises raw images whose size has to be right.</summary>
    public LabelledSamples Normalised(IdxImages content, string file)
    {
        if (content.Rows != Side || content.Columns != Side)
            throw new DataFileException(
                file,
                $"its images are {content.Rows} x {content.Columns} pixels; those of {Title} are {Side} x {Side}"
            );
        return Scaled(content, Mean, Deviation);
    }

    /// <summary>Images of any size as (pixel / 255 - mean) / deviation.</summary>
    public static LabelledSamples Scaled(IdxImages content, double mean, double deviation)
    {
        // 256 grey values: computed once in double precision, so that every platform rounds alike.
        var table = new float[256];
        for (var i = 0; i < table.Length; i++)
            table[i] = (float)((i / 255.0 - mean) / deviation);
        return new LabelledSamples(
            Array.ConvertAll(content.Pixels, pixel => table[pixel]),
            content.Labels,
            [1, content.Rows, content.Columns],
            Classes
        );
    }

    /// <summary>The first images of a part as they stand in the files.</summary>
    public static IdxImages Raw(string folder, string prefix, string argument, int count)
    {
        var images = Find(folder, Images(prefix));
        var content = IdxReader.Read(images, Find(folder, Labels(prefix)), count);
        if (count > content.Available)
            throw new ArgumentOutOfRangeException(
                argument,
                count,
                $"{argument} is {count}, but {images} holds only {content.Available} images."
            );
        return content;
    }

    /// <summary>The name of a part's file of images.</summary>
    public static string Images(string prefix) => $"{prefix}-images-idx3-ubyte";

    /// <summary>The name of a part's file of labels.</summary>
    public static string Labels(string prefix) => $"{prefix}-labels-idx1-ubyte";

    private LabelledSamples Part(string folder, string prefix, string argument, int count) =>
        Normalised(Raw(folder, prefix, argument, count), Find(folder, Images(prefix)));

    private static string Find(string folder, string name)
    {
        var plain = Path.Combine(folder, name);
        var gzipped = plain + ".gz";
        if (File.Exists(gzipped))
            return gzipped;
        return File.Exists(plain)
            ? plain
            : throw new DataFileException(folder, $"it holds neither {name}.gz nor {name}");
    }
}
