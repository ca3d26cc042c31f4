using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Images with labels as they stand in a pair of IDX files.</summary>
/// <param name="Pixels">The grey values, image after image, row after row.</param>
/// <param name="Labels">The class of each image, from 0 to 9.</param>
/// <param name="Rows">The height of an image in pixels.</param>
/// <param name="Columns">The width of an image in pixels.</param>
/// <param name="Available">How many images the files hold; <paramref name="Labels"/> has fewer if fewer were asked for.</param>
public sealed record IdxImages(byte[] Pixels, int[] Labels, int Rows, int Columns, int Available);

/// <summary>Reads the IDX files of MNIST and its relatives, plain or gzipped (told apart by content, not by name).</summary>
public static class IdxReader
{
    private const int ImagesMagic = 2051;
    private const int LabelsMagic = 2049;
    private const int Classes = 10;
    private const int LargestSide = 4096;

    // 4 GiB in single precision, twice what the largest set in this format has (EMNIST, 697,932 images of 28 x 28).
    private const long MostPixels = 1L << 30;

    /// <summary>
    /// Reads a file of images and the file of their labels. Both are checked to the last byte, however few images are asked for; at most 2^30 pixels are kept.
    /// </summary>
    /// <param name="imagesPath">The images: magic number 2051.</param>
    /// <param name="labelsPath">The labels: magic number 2049, each from 0 to 9.</param>
    /// <param name="limit">At most this many images are kept, from the first on; at least 0.</param>
    /// <returns>The images with their labels.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is negative.</exception>
    /// <exception cref="DataFileException">A file is missing, unreadable, damaged, or does not fit the other.</exception>
    public static IdxImages Read(string imagesPath, string labelsPath, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(imagesPath);
        ArgumentNullException.ThrowIfNull(labelsPath);
        Require.InRange(limit, 0);
        return Read(
            imagesPath,
            BoundedFile.ReadRegular(imagesPath),
            labelsPath,
            BoundedFile.ReadRegular(labelsPath),
            limit
        );
    }

    /// <summary>The same from the files' bytes; the names are for messages.</summary>
    internal static IdxImages Read(
        string imagesName,
        byte[] imagesFile,
        string labelsName,
        byte[] labelsFile,
        int limit
    )
    {
        using var images = new IdxContent(imagesName, imagesFile);
        var sizes = images.ReadHeader(ImagesMagic, "images", 3);
        var (count, rows, columns) = (sizes[0], sizes[1], sizes[2]);
        if (rows is < 1 or > LargestSide || columns is < 1 or > LargestSide)
            throw images.Bad($"its images are {rows} x {columns} pixels; each side must be from 1 to {LargestSide}");

        using var labels = new IdxContent(labelsName, labelsFile);
        var labelCount = labels.ReadHeader(LabelsMagic, "labels", 1)[0];
        if (labelCount != count)
            throw labels.Bad(
                $"it has {labelCount} labels, but {imagesName} has {count} images; they must be equally many"
            );

        var kept = Math.Min(count, limit);
        var size = (long)kept * rows * columns;
        if (size > MostPixels)
            throw images.Bad(
                $"{kept} images of {rows} x {columns} pixels are too many to be held in memory; read at most {MostPixels / (rows * columns)}"
            );
        var classes = CheckedLabels(labels, kept, count);
        return new IdxImages(images.ReadBody((int)size, (long)count * rows * columns), classes, rows, columns, count);
    }

    private static int[] CheckedLabels(IdxContent labels, int kept, int count)
    {
        return Array.ConvertAll(labels.ReadBody(kept, count, Check), label => (int)label);

        void Check(long from, ReadOnlySpan<byte> bytes)
        {
            var wrong = bytes.IndexOfAnyExceptInRange((byte)0, (byte)(Classes - 1));
            if (wrong >= 0)
                throw labels.Bad($"label {from + wrong} is {bytes[wrong]}; labels go from 0 to {Classes - 1}");
        }
    }
}
