using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Files;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static byte[] Images => IdxFixture.Images(3, 2, 2, IdxFixture.Pixels(12));

    private static byte[] Labels => IdxFixture.Labels(9, 0, 4);

    public void Dispose() => _folder.Dispose();

    private IdxImages Read(byte[] images, byte[] labels, int limit = int.MaxValue) =>
        IdxReader.Read(_folder.Write("images", images), _folder.Write("labels", labels), limit);

    private DataFileException Rejects(byte[] images, byte[] labels)
    {
        var error = Assert.Throws<DataFileException>(() => Read(images, labels));
        Assert.DoesNotContain('\n', error.Message);
        Assert.StartsWith(error.FileName, error.Message);
        return error;
    }

    [Property]
    public bool Read_AnyContent_RoundTrips((byte Pixel, byte Label)[] items, bool packed)
    {
        ArgumentNullException.ThrowIfNull(items);
        var pixels = items.SelectMany(item => new[] { item.Pixel, (byte)~item.Pixel }).ToArray();
        var labels = items.Select(item => (byte)(item.Label % 10)).ToArray();
        byte[] images = IdxFixture.Images(items.Length, 1, 2, pixels),
            classes = IdxFixture.Labels(labels);

        var read = packed ? Read(IdxFixture.Gzip(images), IdxFixture.Gzip(classes)) : Read(images, classes);

        return read.Pixels.SequenceEqual(pixels)
            && read.Labels.SequenceEqual(labels.Select(label => (int)label))
            && read is { Rows: 1, Columns: 2 }
            && read.Available == items.Length;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_Limit_KeepsTheFirstImages(int limit)
    {
        var read = Read(Images, IdxFixture.Gzip(Labels), limit);

        Assert.Equal(IdxFixture.Pixels(4 * Math.Min(limit, 3)), read.Pixels);
        Assert.Equal(new[] { 9, 0, 4 }.Take(limit), read.Labels);
        Assert.Equal(3, read.Available);
    }

    [Fact]
    public void Read_MoreThanOneBuffer_KeepsEveryByte()
    {
        // Above the first allocation of a mebibyte and not a multiple of it.
        var pixels = IdxFixture.Pixels(3 * 700 * 701);

        var read = Read(IdxFixture.Gzip(IdxFixture.Images(3, 700, 701, pixels)), Labels);

        Assert.Equal(pixels, read.Pixels);
    }

    [Fact]
    public void Read_NegativeLimit_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(Images, Labels, -1));

    [Fact]
    public void Read_AnyTruncation_ThrowsDataFileException()
    {
        byte[] images = Images,
            labels = Labels,
            packedImages = IdxFixture.Gzip(Images),
            packedLabels = IdxFixture.Gzip(Labels);
        foreach (var whole in new[] { images, packedImages })
            for (var length = 0; length < whole.Length; length++)
                Rejects(whole[..length], labels);
        foreach (var whole in new[] { labels, packedLabels })
            for (var length = 0; length < whole.Length; length++)
                Rejects(images, whole[..length]);
    }

    [Fact]
    public void Read_TruncatedBehindTheLimit_ThrowsAllTheSame()
    {
        var path = _folder.Write("labels", Labels);

        Assert.Throws<DataFileException>(() => IdxReader.Read(_folder.Write("images", Images[..^1]), path, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(18)]
    public void Read_TrailingBytes_ThrowsDataFileException(int extra)
    {
        var tail = new byte[extra];

        Assert.Contains("trailing", Rejects([.. Images, .. tail], Labels).Message);
        Assert.Contains("trailing", Rejects(IdxFixture.Gzip([.. Images, .. tail]), Labels).Message);
        // Behind the gzip data, where ordinary readers ignore them.
        Rejects([.. IdxFixture.Gzip(Images), .. tail], Labels);
        Rejects(Images, [.. IdxFixture.Gzip(Labels), .. tail]);
    }

    [Fact]
    public void Read_GzipMembersJoined_ReadsThemAsOne()
    {
        byte[] joined = [.. IdxFixture.Gzip(Images[..9]), .. IdxFixture.Gzip(Images[9..])];

        Assert.Equal(IdxFixture.Pixels(12), Read(joined, Labels).Pixels);
    }

    [Property(MaxTest = 500)]
    public bool Read_GzipByteFlipped_ReadsTheSameOrThrowsDataFileException(ushort at, byte flip)
    {
        var damaged = IdxFixture.Gzip(Images);
        damaged[at % damaged.Length] ^= flip;
        try
        {
            // Some header fields, such as the time, do not matter.
            return Read(damaged, Labels).Pixels.SequenceEqual(IdxFixture.Pixels(12));
        }
        catch (DataFileException)
        {
            return flip != 0;
        }
    }

    [Fact]
    public void Read_FilesSwapped_NamesBothMagicNumbers()
    {
        var message = Rejects(Labels, Images).Message;

        Assert.Contains("2049", message);
        Assert.Contains("2051", message);
    }

    [Fact]
    public void Read_CountsDiffer_NamesBothCounts()
    {
        var message = Rejects(Images, IdxFixture.Labels(1, 2)).Message;

        Assert.Contains("2 labels", message);
        Assert.Contains("3 images", message);
    }

    [Fact]
    public void Read_LabelTooLarge_NamesItsPlace() =>
        Assert.Contains("label 1 is 10", Rejects(Images, IdxFixture.Labels(9, 10, 4)).Message);

    [Theory]
    [InlineData(-1, 28, 28)]
    [InlineData(3, 0, 28)]
    [InlineData(3, 28, 5000)]
    [InlineData(int.MaxValue, 4096, 4096)]
    [InlineData(2, int.MaxValue, int.MaxValue)]
    public void Read_AbsurdSizes_ThrowsWithoutTakingTheMemory(int count, int rows, int columns)
    {
        var images = IdxFixture.File([2051, count, rows, columns], [1, 2, 3]);
        var labels = IdxFixture.File([2049, Math.Max(count, 0)], [1, 2, 3]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Rejects(images, labels);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    // 65 of 2^24 pixels are more than the 2^30 that are kept, whatever the file holds; of 64 the file has too few bytes.
    [Theory]
    [InlineData(65, "65 images of 4096 x 4096 pixels are too many to be held in memory; read at most 64")]
    [InlineData(64, "it is truncated")]
    public void Read_MorePixelsThanAreKept_IsRefused(int count, string words) =>
        Assert.Contains(
            words,
            Rejects(
                IdxFixture.File([2051, count, 4096, 4096], [1, 2, 3]),
                IdxFixture.File([2049, count], new byte[count])
            ).Message
        );

    [Fact]
    public void Read_FileMissing_NamesIt()
    {
        var missing = _folder.File("nowhere");

        var error = Assert.Throws<DataFileException>(() => IdxReader.Read(missing, missing));

        Assert.Equal($"{missing}: there is no such file.", error.Message);
    }

    [Fact]
    public void Read_FolderInsteadOfFile_ThrowsDataFileException() =>
        Assert.Throws<DataFileException>(() => IdxReader.Read(_folder.Path, _folder.Path));

    [Fact]
    public void Read_FewOfManyLabels_ChecksAllAndTakesMemoryForFew()
    {
        const int count = 50_000_000;
        byte[] size = [(byte)(count >> 24), (byte)(count >> 16 & 255), (byte)(count >> 8 & 255), (byte)(count & 255)];
        byte[] images = [0, 0, 8, 3, .. size, 0, 0, 0, 1, 0, 0, 0, 1, .. new byte[count]];
        byte[] labels = [0, 0, 8, 1, .. size, .. new byte[count]];
        var (packedImages, packedLabels) = (IdxFixture.Gzip(images), IdxFixture.Gzip(labels));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(4, Read(packedImages, packedLabels, 4).Labels.Length);
        // Less than a byte a label, and the packed files themselves are a thousandth of it.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, count / 2);
        labels[^1] = 77;
        Assert.Contains(
            $"label {count - 1} is 77",
            Assert.Throws<DataFileException>(() => Read(packedImages, IdxFixture.Gzip(labels), 4)).Message,
            StringComparison.Ordinal
        );
    }
}
