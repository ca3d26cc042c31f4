using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Files;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class FashionMnistTests
{
    private const string Variable = "FLATBIAS_FASHION_MNIST";

    // Where Debian's package dataset-fashion-mnist puts it.
    private static string FullSet =>
        Environment.GetEnvironmentVariable(Variable) ?? "/usr/share/datasets/fashion-mnist";

    [Fact]
    public void Load_Embedded_HasTheOfficialBeginning()
    {
        var (train, test) = FashionMnist.Load(null, FashionMnist.EmbeddedTrain, FashionMnist.EmbeddedTest);

        Assert.Equal((5000, 784, 10), (train.Count, train.Features, train.Classes));
        Assert.Equal((1000, 784, 10), (test.Count, test.Features, test.Classes));
        Assert.Equal([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], train.Labels.Take(10));
        Assert.Equal(Enumerable.Range(0, 10), train.Labels.Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 10), test.Labels.Distinct().Order());
    }

    [Fact]
    public void Load_Embedded_IsNormalised()
    {
        var pixels = FashionMnist.Load(null, FashionMnist.EmbeddedTrain, 0).Train.Inputs;

        var mean = pixels.Average(pixel => (double)pixel);
        var variance = pixels.Average(pixel => (pixel - mean) * (pixel - mean));

        // The constants are those of all 60,000 images; images differ in mean brightness by about 0.5, so 5,000 of them by 0.007.
        Assert.InRange(mean, -0.03, 0.03);
        Assert.InRange(variance, 0.95, 1.05);
        Assert.Equal((float)(-0.2859 / 0.3530), pixels.Min());
        Assert.Equal((float)((1 - 0.2859) / 0.3530), pixels.Max());
    }

    [Fact]
    public void Load_FewImages_AreTheFirstOfMany()
    {
        var (few, none) = FashionMnist.Load(null, 7, 0);
        var (many, _) = FashionMnist.Load(null, 100, 10);

        Assert.Equal(many.Inputs.Take(7 * 784), few.Inputs);
        Assert.Equal(many.Labels.Take(7), few.Labels);
        Assert.Equal(0, none.Count);
    }

    [Fact]
    public void Load_FullSet_BeginsWithTheEmbeddedSubset()
    {
        Assert.SkipUnless(
            Directory.Exists(FullSet),
            $"the full Fashion-MNIST is not here; give its folder by {Variable}"
        );

        var (train, test) = FashionMnist.Load(FullSet, FashionMnist.EmbeddedTrain, FashionMnist.EmbeddedTest);
        var (embeddedTrain, embeddedTest) = FashionMnist.Load(
            null,
            FashionMnist.EmbeddedTrain,
            FashionMnist.EmbeddedTest
        );

        Assert.Equal(train.Inputs, embeddedTrain.Inputs);
        Assert.Equal(train.Labels, embeddedTrain.Labels);
        Assert.Equal(test.Inputs, embeddedTest.Inputs);
        Assert.Equal(test.Labels, embeddedTest.Labels);
    }

    [Theory]
    [InlineData(5001, 1, "train is 5001", "5000")]
    [InlineData(1, 1001, "test is 1001", "1000")]
    public void Load_MoreThanEmbedded_GivesNumbersAndTheWayOut(int train, int test, string asked, string available)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => FashionMnist.Load(null, train, test));

        Assert.Contains(asked, error.Message);
        Assert.Contains(available, error.Message);
        Assert.Contains("--data fashion-mnist:FOLDER", error.Message);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    public void Load_TooFew_Throws(int train, int test) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FashionMnist.Load("nowhere", train, test));

    [Theory]
    [InlineData("nowhere")]
    [InlineData("")]
    public void Load_FolderMissing_NamesIt(string folder)
    {
        var error = Assert.Throws<DataFileException>(() => FashionMnist.Load(folder, 1, 1));

        Assert.StartsWith($"{folder}: there is no such folder", error.Message);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("train-labels-idx1-ubyte")]
    [InlineData("t10k-images-idx3-ubyte")]
    [InlineData("t10k-labels-idx1-ubyte")]
    public void Load_FileMissing_NamesIt(string name)
    {
        using var folder = SmallSet(28);
        File.Delete(folder.File(name));

        Assert.Contains(name, Assert.Throws<DataFileException>(() => FashionMnist.Load(folder.Path, 1, 1)).Message);
    }

    [Fact]
    public void Load_Folder_ReadsPlainAndGzippedFiles()
    {
        using var folder = SmallSet(28);
        folder.Write(
            "t10k-images-idx3-ubyte.gz",
            IdxFixture.Gzip(File.ReadAllBytes(folder.File("t10k-images-idx3-ubyte")))
        );
        File.Delete(folder.File("t10k-images-idx3-ubyte"));

        var (train, test) = FashionMnist.Load(folder.Path, 2, 1);

        Assert.Equal([3, 1], train.Labels);
        Assert.Equal([3], test.Labels);
        Assert.Equal(train.Inputs.Take(784), test.Inputs);
    }

    [Fact]
    public void Load_MoreThanTheFolderHolds_GivesTheNumbers()
    {
        using var folder = SmallSet(28);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => FashionMnist.Load(folder.Path, 3, 1));

        Assert.Equal("train", error.ParamName);
        Assert.Contains("train is 3", error.Message);
        Assert.Contains("only 2 images", error.Message);
    }

    [Fact]
    public void Load_OtherImageSize_Throws()
    {
        using var folder = SmallSet(27);

        Assert.Contains(
            "27 x 27",
            Assert.Throws<DataFileException>(() => FashionMnist.Load(folder.Path, 1, 1)).Message
        );
    }

    private static TemporaryFolder SmallSet(int side)
    {
        var folder = new TemporaryFolder();
        foreach (var part in new[] { "train", "t10k" })
        {
            folder.Write(
                $"{part}-images-idx3-ubyte",
                IdxFixture.Images(2, side, side, IdxFixture.Pixels(2 * side * side))
            );
            folder.Write($"{part}-labels-idx1-ubyte", IdxFixture.Labels(3, 1));
        }
        return folder;
    }
}
