using System.Globalization;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// CIFAR-10 (Krizhevsky 2009) in its official binary layout: 32 x 32 colour images of ten classes. A record is one label byte and three planes of 1,024 bytes (red, green, blue), row by row;
/// the number of records is taken from a file's size, so that subsets in the same layout are read as well, up to 60,000 in a file.
/// </summary>
public sealed class Cifar10 : DataEntry
{
    /// <summary>The number of values in an image: three planes of 32 x 32.</summary>
    public const int Features = 3 * Plane;

    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    private const int Plane = 32 * 32;
    private const int Record = 1 + Features;

    // As many as CIFAR-10 has in all: a longer file is something else, and is not read to its end for a few images.
    private const int MostRecords = 60_000;
    private const string TestFile = "test_batch.bin";
    private const string NoFolder = "there is no such folder; it should hold the binary version of CIFAR-10";

    // Mean and standard deviation of each channel over the 50,000 training images, on the scale from 0 to 1.
    private static readonly double[] Means = [0.4914, 0.4822, 0.4465],
        Deviations = [0.2470, 0.2435, 0.2616];

    /// <inheritdoc/>
    public override string Name => "cifar-10";

    /// <inheritdoc/>
    public override string Summary => "50,000 + 10,000 colour photographs";

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.Folder;

    /// <inheritdoc/>
    public override string Obtaining => "the binary version from www.cs.toronto.edu/~kriz/cifar.html, unpacked";

    /// <inheritdoc/>
    public override string Normalisation { get; } =
        $"(pixel/255 - ({string.Join(", ", Means.Select(Text))}))/({string.Join(", ", Deviations.Select(Text))}) for red, green, blue";

    /// <summary>Loads the first images of both parts.</summary>
    /// <param name="folder">The folder of data_batch_1.bin to data_batch_5.bin (as many as there are, from the first on) and test_batch.bin.</param>
    /// <param name="train">How many training images; at least 1.</param>
    /// <param name="test">How many test images; at least 0.</param>
    /// <returns>The training and the test images, in the files' order, each channel normalised with the mean and deviation of the whole training set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More images are asked for than there are, or fewer than the minimum.</exception>
    /// <exception cref="DataFileException">The folder or a file is missing, unreadable or damaged.</exception>
    public static (LabelledSamples Train, LabelledSamples Test) Load(string folder, int train, int test)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        if (!Directory.Exists(folder))
            throw new DataFileException(folder, NoFolder);
        return (
            Part(Batches(folder), nameof(train), train),
            Part([Path.Combine(folder, TestFile)], nameof(test), test)
        );
    }

    internal override IReadOnlyList<string> TellingFiles => [Batch(1), TestFile];

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Load(asked.Located, train, test);

    internal override (int Train, int Test)? Available(DataRequest asked)
    {
        var folder = asked.Located;
        if (!Directory.Exists(folder))
            throw new DataFileException(folder, NoFolder);
        return ((int)Batches(folder).Sum(Count), (int)Count(Path.Combine(folder, TestFile)));

        static long Count(string file) => Read(file, 0).Records;
    }

    private static string Batch(int index) => string.Create(CultureInfo.InvariantCulture, $"data_batch_{index}.bin");

    private static string[] Batches(string folder)
    {
        string[] batches =
        [
            .. Enumerable.Range(1, 5).Select(i => Path.Combine(folder, Batch(i))).TakeWhile(File.Exists),
        ];
        return batches.Length > 0 ? batches : throw new DataFileException(folder, $"it holds no {Batch(1)}");
    }

    private static LabelledSamples Part(string[] files, string argument, int count)
    {
        // Every file is checked whole, however few images are asked for and kept.
        var contents = new List<byte[]>();
        var (available, kept) = (0L, 0);
        foreach (var file in files)
        {
            var (records, content) = Read(file, count - kept);
            (available, kept) = (available + records, kept + (content.Length / Record));
            contents.Add(content);
        }

        if (count > available)
            throw new ArgumentOutOfRangeException(
                argument,
                count,
                $"{argument} is {count}, but {string.Join(" and ", files.Select(Path.GetFileName))} hold only {available} images."
            );
        var table = Table();
        var (pixels, labels) = (new float[checked(count * Features)], new int[count]);
        var image = 0;
        foreach (var content in contents)
            for (var start = 0; start < content.Length && image < count; start += Record, image++)
            {
                labels[image] = content[start];
                for (var j = 0; j < Features; j++)
                    pixels[(image * Features) + j] = table[j / Plane][content[start + 1 + j]];
            }

        return new LabelledSamples(pixels, labels, [3, 32, 32], Classes);
    }

    /// <summary>Checks a file record by record and keeps the first ones.</summary>
    private static (long Records, byte[] Kept) Read(string file, int wanted) =>
        DataFile.Read(
            file,
            stream =>
            {
                var length = stream.Length;
                if (length == 0 || length % Record != 0)
                    throw new DataFileException(
                        file,
                        $"it has {length} bytes; the binary version of CIFAR-10 has a whole number of records of {Record} bytes, at least one"
                    );
                var records = length / Record;
                if (records > MostRecords)
                    throw new DataFileException(
                        file,
                        $"it has {records} records; the whole of CIFAR-10 has {MostRecords}"
                    );
                var kept = new byte[checked((int)Math.Min(wanted, records) * Record)];
                var record = new byte[Record];
                for (long i = 0; i < records; i++)
                {
                    stream.ReadExactly(record);
                    if (record[0] >= Classes)
                        throw new DataFileException(
                            file,
                            $"the label of record {i} is {record[0]}; labels go from 0 to {Classes - 1}"
                        );
                    if (i < wanted)
                        record.CopyTo(kept, i * Record);
                }

                return (records, kept);
            }
        );

    private static float[][] Table() =>
        [
            .. Means.Zip(
                Deviations,
                (mean, deviation) =>
                    Enumerable.Range(0, 256).Select(i => (float)((i / 255.0 - mean) / deviation)).ToArray()
            ),
        ];

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
