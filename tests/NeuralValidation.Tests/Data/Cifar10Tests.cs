using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Files;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class Cifar10Tests
{
    private const int Record = 3073;

    private static string Shared => Path.Combine(Repository.Root, "..", "shared", "data", "cifar10-5k");

    [Fact]
    public void Load_TwoRecords_PutsChannelsInOrderAndNormalisesEach()
    {
        using var folder = Set([3, 1], [7]);

        var (train, test) = Cifar10.Load(folder.Path, 2, 1);

        Assert.Equal((2, 1, 3072, 10), (train.Count, test.Count, train.Features, train.Classes));
        Assert.Equal([3, 1], train.Labels);
        Assert.Equal([7], test.Labels);
        // The second record's planes hold the grey values 0 + 1, 50 + 1 and 100 + 1 throughout.
        Assert.All(train.Inputs[3072..4096], pixel => Assert.Equal((float)(((1 / 255.0) - 0.4914) / 0.2470), pixel));
        Assert.All(train.Inputs[4096..5120], pixel => Assert.Equal((float)(((51 / 255.0) - 0.4822) / 0.2435), pixel));
        Assert.All(train.Inputs[5120..], pixel => Assert.Equal((float)(((101 / 255.0) - 0.4465) / 0.2616), pixel));
    }

    [Fact]
    public void Load_SeveralBatches_GoesOnInTheNext()
    {
        using var folder = Set([3, 1], [7]);
        folder.Write("data_batch_2.bin", Records([5]));

        Assert.Equal([3, 1, 5], Cifar10.Load(folder.Path, 3, 0).Train.Labels);
    }

    [Fact]
    public void Load_MoreThanThereAre_GivesNumbers()
    {
        using var folder = Set([3, 1], [7]);

        Assert.Contains(
            "train is 3",
            Assert.Throws<ArgumentOutOfRangeException>(() => Cifar10.Load(folder.Path, 3, 0)).Message
        );
        Assert.Contains(
            "test is 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => Cifar10.Load(folder.Path, 1, 2)).Message
        );
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-Record)]
    public void Load_OddLength_NamesFileAndRecordSize(int difference)
    {
        using var folder = Set([3], [7]);
        folder.Write("data_batch_1.bin", new byte[Record + difference]);

        var error = Assert.Throws<DataFileException>(() => Cifar10.Load(folder.Path, 1, 0));

        Assert.Contains("data_batch_1.bin", error.Message);
        Assert.Contains("records of 3073 bytes", error.Message);
    }

    [Fact]
    public void Load_BadLabel_NamesTheRecord()
    {
        using var folder = Set([3, 10], [7]);

        Assert.Contains(
            "record 1 is 10",
            Assert.Throws<DataFileException>(() => Cifar10.Load(folder.Path, 1, 0)).Message
        );
    }

    // More records than CIFAR-10 has: nothing of a file of gigabytes is read for one image.
    [Fact]
    public void Load_FileFarTooLong_IsRefusedUnread()
    {
        using var folder = Set([3], [7]);
        using (var file = File.OpenWrite(folder.File("data_batch_1.bin")))
            file.SetLength(60_001L * Record);
        Assert.Contains(
            "it has 60001 records; the whole of CIFAR-10 has 60000",
            Assert.Throws<DataFileException>(() => Cifar10.Load(folder.Path, 1, 0)).Message
        );
    }

    [Fact]
    public void Load_FilesMissing_NamesThem()
    {
        using var folder = Set([3], [7]);
        File.Delete(folder.File("test_batch.bin"));
        Assert.Contains(
            "test_batch.bin",
            Assert.Throws<DataFileException>(() => Cifar10.Load(folder.Path, 1, 1)).Message
        );
        File.Delete(folder.File("data_batch_1.bin"));
        Assert.Contains(
            "data_batch_1.bin",
            Assert.Throws<DataFileException>(() => Cifar10.Load(folder.Path, 1, 0)).Message
        );
    }

    [Fact]
    public void Load_RealPhotographs_AreNormalised()
    {
        Assert.SkipUnless(Directory.Exists(Shared), "the CIFAR-10 subset is not here");

        var (train, test) = Cifar10.Load(Shared, 5000, 1000);

        // Its notes say that each class has 500 and 100 images.
        Assert.All(train.Labels.CountBy(l => l), c => Assert.Equal(500, c.Value));
        Assert.All(test.Labels.CountBy(l => l), c => Assert.Equal(100, c.Value));
        // Images differ in mean brightness by about one deviation at most, so the mean of 5,000 is within 4/sqrt(5000) = 0.06 of 0.
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = Enumerable
                .Range(0, 5000)
                .SelectMany(i => train.Inputs.AsSpan((i * 3072) + (channel * 1024), 1024).ToArray());
            Assert.InRange(plane.Average(x => (double)x), -0.06, 0.06);
        }
    }

    private static TemporaryFolder Set(byte[] train, byte[] test)
    {
        var folder = new TemporaryFolder();
        folder.Write("data_batch_1.bin", Records(train));
        folder.Write("test_batch.bin", Records(test));
        return folder;
    }

    /// <summary>Record i has grey i in its red plane, 50 + i in its green and 100 + i in its blue one.</summary>
    private static byte[] Records(byte[] labels) =>
        [
            .. labels.SelectMany(
                (label, i) =>
                    Enumerable
                        .Repeat(i, 1024)
                        .Concat(Enumerable.Repeat(50 + i, 1024))
                        .Concat(Enumerable.Repeat(100 + i, 1024))
                        .Select(x => (byte)x)
                        .Prepend(label)
            ),
        ];
}
