using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Files;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class DataCatalogueTests
{
    [Fact]
    public void Load_Default_IsTheEmbeddedSet()
    {
        var data = DataCatalogue.Load("fashion-mnist", 3, 2);

        Assert.Equal(("fashion-mnist", "embedded", 3, 2), (data.Name, data.Origin, data.Train.Count, data.Test.Count));
        Assert.Equal(FashionMnist.Load(null, 3, 2).Train.Hash(), data.Train.Hash());
    }

    [Fact]
    public void Load_SameFilesByOtherNames_HaveTheNormalisationOfTheName()
    {
        using var folder = IdxSet();

        var (digits, clothes, own) = (
            DataCatalogue.Load($"mnist:{folder.Path}", 2, 1),
            DataCatalogue.Load($"fashion-mnist:{folder.Path}", 2, 1),
            DataCatalogue.Load(folder.Path, 2, 1)
        );

        Assert.Equal("(pixel/255 - 0.1307)/0.3081", digits.Normalisation);
        // Without a name nobody knows what they are of.
        Assert.Equal("idx", own.Name);
        Assert.Equal(DataCatalogue.Load($"idx:{folder.Path}", 2, 1).Hash(), own.Hash());
        // The fixture's first grey value is 0.
        Assert.Equal((float)(-0.1307 / 0.3081), digits.Train.Inputs[0]);
        Assert.Equal((float)(-0.2859 / 0.3530), clothes.Train.Inputs[0]);
    }

    [Fact]
    public void Load_IdxFolder_HasTheMeanAndDeviationOfItsTrainingPixelsOrThoseGiven()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "train", "t10k" })
        {
            folder.Write($"{part}-images-idx3-ubyte", IdxFixture.Images(2, 1, 2, [0, 255, 0, 255]));
            folder.Write($"{part}-labels-idx1-ubyte", IdxFixture.Labels(3, 1));
        }

        var own = DataCatalogue.Load($"idx:{folder.Path}", 2, 1);
        var given = DataCatalogue.Load($"idx:{folder.Path},mean=0.25,deviation=0.125", 2, 1);

        // Half of the pixels are 0 and half 1: mean and deviation are 1/2.
        Assert.Equal([-1f, 1f, -1f, 1f], own.Train.Inputs);
        Assert.Equal([-2f, 6f], given.Test.Inputs);
        Assert.Equal([1, 1, 2], own.Train.Shape);
        Assert.Equal(
            ("idx", "(pixel/255 - 0.5000)/0.5000", "(pixel/255 - 0.2500)/0.1250"),
            (own.Name, own.Normalisation, given.Normalisation)
        );
        Assert.Contains(
            "deviation is not above 0",
            Assert.Throws<ArgumentException>(() => DataCatalogue.Load($"idx:{folder.Path},deviation=0", 2, 1)).Message
        );
    }

    [Fact]
    public void Load_BareCifarFolderAndFile_AreToldByTheirContent()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data_batch_1.bin", new byte[3073]);
        folder.Write("test_batch.bin", new byte[3073]);
        folder.Write("table.csv", "a,label\n1,x\n"u8.ToArray());

        Assert.Equal("cifar-10", DataCatalogue.Load(folder.Path, 1, 1).Name);
        Assert.Equal("csv", DataCatalogue.Load(folder.File("table.csv"), 1, 0).Name);
    }

    [Theory]
    [InlineData("a,b.csv", "", "label")]
    [InlineData("a,b.csv", ",label=y,z", "y,z")]
    [InlineData("a=1,b=2.csv", ",label=y", "y")]
    [InlineData("label=x.csv", "", "label")]
    [InlineData("x,.csv", ",label=a=b", "a=b")]
    [InlineData("csv:x.csv", ",label=y", "y")]
    public void Load_NameOfFileOrColumnWithCommas_IsTakenWhole(string name, string setting, string label)
    {
        using var folder = new TemporaryFolder();
        folder.Write(name, System.Text.Encoding.UTF8.GetBytes($"a,\"{label}\"\n1,x\n2,y\n"));

        var data = DataCatalogue.LoadAll($"csv:{folder.File(name)}{setting}");

        Assert.Equal((folder.File(name), 2, 2), (data.Origin, data.Train.Count, data.Train.Classes));
    }

    [Theory]
    [InlineData("csv:nowhere,lable=y", "nowhere,lable=y: there is no such file")]
    [InlineData("mnist:a,b=1", "a,b=1: there is no such folder")]
    public void Load_PlaceThatIsNot_IsNamedWhole(string source, string words) =>
        Assert.StartsWith(words, Assert.Throws<DataFileException>(() => DataCatalogue.Load(source, 1, 1)).Message);

    [Fact]
    public void LoadAll_Files_GivesEverySample()
    {
        using var folder = IdxSet();

        var data = DataCatalogue.LoadAll($"mnist:{folder.Path}");
        Assert.Equal((data.Train.Count, data.Test.Count), DataCatalogue.Available($"mnist:{folder.Path}"));
        Assert.Null(DataCatalogue.Available("two-moons"));

        Assert.Equal((2, 2), (data.Train.Count, data.Test.Count));
    }

    [Fact]
    public void LoadAll_Drawn_Throws() =>
        Assert.Contains(
            "no files to check",
            Assert.Throws<ArgumentException>(() => DataCatalogue.LoadAll("teacher-student")).Message
        );

    public static TheoryData<string> Names => [.. DataCatalogue.All.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Syntax_AsPrinted_AsksForTheSetWithItsDefaults(string name)
    {
        var entry = DataCatalogue.All.Find(name);

        var asked = DataRequest.Parse(entry.Syntax);

        Assert.Same(entry, asked.Entry);
        Assert.Equal(
            entry.Place == DataPlace.Drawn ? null
                : entry.Place == DataPlace.File ? "FILE"
                : "FOLDER",
            asked.Place
        );
        Assert.Equal(entry.Parameters.Select(p => (p.Name, p.Default)), asked.Values.All.Select(p => (p.Key, p.Value)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_PlaceThatIsNowhere_IsAMissingFile(string name)
    {
        if (DataCatalogue.All.Find(name).Place == DataPlace.Drawn)
            Assert.Equal(
                name switch
                {
                    "chebyshev" => "computed",
                    "text" => "embedded",
                    _ => "drawn",
                },
                DataCatalogue.Load(name, 2, 1).Origin
            );
        else
            Assert.StartsWith(
                "nowhere",
                Assert.Throws<DataFileException>(() => DataCatalogue.LoadAll($"{name}:nowhere")).Message
            );
    }

    [Fact]
    public void Load_FolderOfNothing_SaysWhichFilesTellASet()
    {
        using var folder = new TemporaryFolder();
        folder.Write("t10k-images-idx3-ubyte", []);

        var message = Assert.Throws<DataFileException>(() => DataCatalogue.Load(folder.Path, 1, 1)).Message;

        Assert.Contains(
            "train-images-idx3-ubyte or train-images-idx3-ubyte.gz (idx), data_batch_1.bin or test_batch.bin (cifar-10)",
            message
        );
    }

    [Fact]
    public void Load_UnknownName_ListsTheNames() =>
        Assert.Contains(
            "fashion-mnist, mnist",
            Assert.Throws<DataFileException>(() => DataCatalogue.Load("imagenet", 1, 1)).Message
        );

    [Fact]
    public void Places_WithVariable_BeginWithIt()
    {
        // The variable is read at each call; nothing else in this assembly reads it.
        var before = Environment.GetEnvironmentVariable(DataCatalogue.FolderVariable);
        using var folder = new TemporaryFolder();
        try
        {
            Environment.SetEnvironmentVariable(DataCatalogue.FolderVariable, folder.Path);
            Assert.Equal(Path.Combine(folder.Path, "mnist"), DataCatalogue.Places("mnist")[0]);
        }
        finally
        {
            Environment.SetEnvironmentVariable(DataCatalogue.FolderVariable, before);
        }
    }

    private static TemporaryFolder IdxSet()
    {
        var folder = new TemporaryFolder();
        foreach (var part in new[] { "train", "t10k" })
        {
            folder.Write($"{part}-images-idx3-ubyte", IdxFixture.Images(2, 28, 28, IdxFixture.Pixels(2 * 28 * 28)));
            folder.Write($"{part}-labels-idx1-ubyte", IdxFixture.Labels(3, 1));
        }

        return folder;
    }
}
