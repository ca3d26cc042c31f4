using System.Text;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Networks;
using FlatBias.Testing;

namespace FlatBias.NeuralValidation.Tests.Data;

public sealed class CsvDataTests
{
    [Fact]
    public void Load_Table_StandardisesByTheTrainingRowsAndNumbersSortedClasses()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "a,label,b\n1,dog,5\n3,cat,5\n100,\"ant, red\",6\n");

        var (train, test) = CsvData.Load(file, 2, 1);

        // Training rows: a has mean 2 and deviation 1; b is constant there and becomes 0.
        Assert.Equal([-1f, 0f, 1f, 0f], train.Inputs);
        Assert.Equal([98f, 0f], test.Inputs);
        Assert.Equal([2, 1], train.Labels);
        Assert.Equal([0], test.Labels);
        Assert.Equal((2, 3), (train.Features, train.Classes));
    }

    [Fact]
    public void Load_FileOfMoreThanAGibibyte_IsRefusedUnread()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "a,label\n1,x\n");
        using (var stream = File.OpenWrite(file))
            stream.SetLength((1L << 30) + 1);
        Assert.Contains(
            "it has 1073741825 bytes; at most 1073741824 are read",
            Assert.Throws<DataFileException>(() => CsvData.Load(file, 1, 0)).Message
        );
    }

    [Fact]
    public void Load_OtherLabelColumn_IsFound()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal([0, 1], CsvData.Load(Write(folder, "y,a\n0,1.5e3\n1,-2\n"), 2, 0, "y").Train.Labels);
    }

    [Theory]
    [InlineData("a,label\n1,x\n,y\n", "line 3, column a: the cell is empty")]
    [InlineData("a,label\n1,x\nred,y\n", "line 3, column a: 'red' is not a finite number")]
    [InlineData("a,label\nNaN,x\n", "line 2, column a: 'NaN'")]
    [InlineData("a,label\n1,\n", "line 2, column label: the label is missing")]
    [InlineData("a,label\n1,x,3\n", "line 2 has 3 cells; the header has 2")]
    [InlineData("a,b\n1,2\n", "no column 'label'; its columns are a, b")]
    [InlineData("label\nx\n", "the column to be learnt alone")]
    [InlineData("a,label\n", "a header and no rows")]
    [InlineData("", "it is empty")]
    [InlineData("a,label\n1,\"x\n", "line 2 is not a line of comma-separated values: a quotation mark is out of place")]
    [InlineData(
        "a,label\n1,\"x\"y\n",
        "line 2 is not a line of comma-separated values: a quotation mark is out of place"
    )]
    [InlineData("\n\na,label\n\n1,x\n \t\n\nred,y\n", "line 8, column a: 'red'")]
    [InlineData("a,label\r\n\r\n1,x\r\nred,y", "line 4, column a: 'red'")]
    [InlineData("a,label\r\r1,x\rred,y", "line 4, column a: 'red'")]
    [InlineData("a,label\n1,\"x\n\ny\"\nred,y", "line 5, column a: 'red'")]
    [InlineData("a,label\n1,\"x\n\ny\"\n2,\"z", "line 5 is not a line")]
    [InlineData("a,label\n1,x\n1e400,y", "line 3, column a: '1e400' is not a finite number")]
    [InlineData("a,label\n1,x\n2,y\0\n", "line 3 holds a NUL character")]
    [InlineData("label,a,label\nx,1,y\n", "more than one column 'label'")]
    [InlineData("a;label\n1;x\n", "no column 'label'; its columns are a;label")]
    public void Load_BrokenFile_GivesThePlace(string content, string words)
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, content);

        var message = Assert.Throws<DataFileException>(() => CsvData.Load(file, 1, 0)).Message;

        Assert.Contains(words, message);
        Assert.StartsWith(file, message);
    }

    /// <summary>Each of these was read, with bytes replaced or letters between NULs, as another table.</summary>
    [Theory]
    [InlineData("latin1", false, "line 3 holds bytes that are no text in utf-8")]
    [InlineData("utf-16", false, "line 1 holds a NUL character")]
    [InlineData("utf-16BE", false, "line 1 holds a NUL character")]
    [InlineData("utf-32", true, "line 1 holds a NUL character")]
    [InlineData("utf-8", true, null)]
    [InlineData("utf-8", false, null)]
    [InlineData("utf-16", true, null)]
    [InlineData("utf-16BE", true, null)]
    public void Load_Encodings_AreReadOrRefused(string name, bool marked, string? words)
    {
        using var folder = new TemporaryFolder();
        var encoding = Encoding.GetEncoding(name);
        folder.Write(
            "table.csv",
            [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes("a,label\n\n1,groß\n2,größer\n3,grün\n")]
        );
        var file = folder.File("table.csv");

        if (words is null)
            Assert.Equal([0, 1, 2], CsvData.Load(file, 3, 0).Train.Labels);
        else
            Assert.Contains(words, Assert.Throws<DataFileException>(() => CsvData.Load(file, 3, 0)).Message);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3 }, "line 3 holds bytes")]
    [InlineData(new byte[] { 0xC3, 0x0A, 0x33 }, "line 3 holds bytes")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "line 3 holds bytes")]
    [InlineData(new byte[] { 0xC0, 0x80 }, "line 3 holds bytes")]
    [InlineData(new byte[] { 0xFF }, "line 3 holds bytes")]
    public void Load_BytesThatAreNoText_GivesTheLine(byte[] bytes, string words)
    {
        using var folder = new TemporaryFolder();
        folder.Write("table.csv", [.. "a,label\n1,x\n2,"u8, .. bytes]);

        Assert.Contains(
            words,
            Assert.Throws<DataFileException>(() => CsvData.Load(folder.File("table.csv"), 1, 0)).Message
        );
    }

    [Fact]
    public void Load_ReplacementCharacterThatStandsThere_IsText()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(2, CsvData.Load(Write(folder, "a,label\n1,\uFFFD\n2,x\n"), 2, 0).Train.Classes);
    }

    [Fact]
    public void Load_QuotedCells_KeepCommasLineEndsAndQuotes()
    {
        using var folder = new TemporaryFolder();
        var file = Write(
            folder,
            "\"a, \"\"b\"\"\", label \n \"1\" , \"x\r\ny\" \n2,\"x\n y\"\n3,6\" pipe\n4, \"x\r\ny\"\n5,6\" pipe"
        );

        // Sorted: 6" pipe, x and y with a space between, x and y without.
        Assert.Equal([2, 1, 0, 2, 0], CsvData.Load(file, 5, 0).Train.Labels);
    }

    [Fact]
    public void Load_TestRowBeyondSinglePrecision_GivesThePlace()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "a,label\n0,x\n1,y\n\n1e60,x\n");

        Assert.Contains(
            "line 5, column a: 1E+60 is too many standard deviations",
            Assert.Throws<DataFileException>(() => CsvData.Load(file, 2, 1)).Message
        );
        Assert.Equal(2, CsvData.Load(file, 2, 0).Train.Count);
    }

    [Fact]
    public void Load_MoreRowsThanThereAre_GivesNumbers()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "a,label\n1,x\n2,y\n");

        Assert.Contains(
            "train + test is 3",
            Assert.Throws<ArgumentOutOfRangeException>(() => CsvData.Load(file, 2, 1)).Message
        );
    }

    [Fact]
    public void Load_NoFile_NamesIt() =>
        Assert.Contains(
            "nowhere.csv",
            Assert.Throws<DataFileException>(() => CsvData.Load("nowhere.csv", 1, 0)).Message
        );

    [Fact]
    public void LoadNumbers_Table_StandardisesTheTargetLikeAFeature()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "y,a\n1e12,1\n3e12,3\n4e12,2\n");

        var data = DataCatalogue.Load($"csv:{file},target=y", 2, 1);

        // Training targets have mean 2e12 and deviation 1e12.
        Assert.Equal([-1f, 1f], data.Train.Numbers);
        Assert.Equal([2f], data.Test.Numbers);
        Assert.Equal([-1f, 1f], data.Train.Inputs);
        Assert.Equal((TargetKind.Numbers, 1, 1), (data.Train.Kind, data.Train.Features, data.Train.Outputs));
        Assert.Contains("and the target", data.Normalisation);
        Assert.Null(data.Warning);
    }

    [Theory]
    [InlineData("a,y\n1,x\n", ",target=y", "line 2, column y: 'x' is not a finite number")]
    [InlineData("a,y\n1,\n", ",target=y", "line 2, column y: the cell is empty")]
    [InlineData("a,y\n1,1e400\n", ",target=y", "'1e400' is not a finite number")]
    [InlineData("a,y\n1,2\n", ",target=z", "no column 'z'; its columns are a, y")]
    [InlineData("y\n1\n", ",target=y", "the column to be learnt alone")]
    [InlineData("a,y\n1,2\n", ",target=y,label=a", "either label or target")]
    [InlineData("a,label\n1,2\n", ",shuffle=x", "shuffle is 'x'")]
    public void Load_BadTarget_SaysWhat(string content, string settings, string words)
    {
        using var folder = new TemporaryFolder();
        var source = $"csv:{Write(folder, content)}{settings}";

        Assert.Contains(words, Assert.ThrowsAny<Exception>(() => DataCatalogue.Load(source, 1, 0)).Message);
    }

    [Fact]
    public void Load_Shuffled_HasTheSameRowsInAnotherOrder()
    {
        using var folder = new TemporaryFolder();
        // Every row is a class of its own, so that the labels tell the rows.
        var file = Write(folder, "a,label\n" + string.Concat(Enumerable.Range(10, 50).Select(i => $"{i},{i}\n")));

        var (plain, first, again, other) = (
            CsvData.Load(file, 50, 0).Train,
            CsvData.Load(file, 50, 0, shuffle: 1).Train,
            CsvData.Load(file, 50, 0, shuffle: 1).Train,
            CsvData.Load(file, 50, 0, shuffle: 2).Train
        );

        Assert.Equal(first.Labels, again.Labels);
        Assert.NotEqual(first.Labels, other.Labels);
        Assert.NotEqual(plain.Labels, first.Labels);
        Assert.Equal(plain.Labels, first.Labels.Order());
        // Features go with their rows: they rise with the label.
        Assert.Equal(plain.Inputs.Order(), first.Labels.Zip(first.Inputs).OrderBy(p => p.First).Select(p => p.Second));
    }

    [Theory]
    [InlineData("1,x\n2,y\n3,x\n4,y\n", 2, null)]
    [InlineData("1,x\n2,x\n3,y\n4,y\n", 2, "1 of the test rows are missing from the training rows and 1 of")]
    [InlineData("1,x\n2,y\n3,x\n4,x\n", 2, "0 of the test rows are missing from the training rows and 1 of")]
    [InlineData("1,x\n2,x\n3,x\n4,y\n", 0, null)]
    public void Load_ClassInOnePartAlone_IsWarnedOf(string rows, int test, string? words)
    {
        using var folder = new TemporaryFolder();

        var warning = DataCatalogue.Load(Write(folder, "a,label\n" + rows), 2, test).Warning;

        if (words is null)
            Assert.Null(warning);
        else
            Assert.Contains(words, warning);
    }

    private static string Write(TemporaryFolder folder, string content)
    {
        folder.Write("table.csv", Encoding.UTF8.GetBytes(content));
        return folder.File("table.csv");
    }

    [Theory]
    [InlineData("a,label\n1,\"x", "line 2 has a cell of more than 65536 characters; is a quotation mark not closed?")]
    [InlineData("a,label\n1,", "line 2 has a cell of more than 65536 characters")]
    public void Load_CellWithoutEnd_IsRefusedBeforeItIsRead(string content, string words)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("table.csv", System.Text.Encoding.UTF8.GetBytes(content + new string('z', 1_000_000)));
        Assert.Contains(words, Assert.Throws<DataFileException>(() => CsvData.Load(path, 1, 0)).Message);
    }
}
