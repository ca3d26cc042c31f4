using System.Text;
using FlatBias.NeuralValidation.Data;
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
        Assert.Equal([-1f, 0f, 1f, 0f], train.Pixels);
        Assert.Equal([98f, 0f], test.Pixels);
        Assert.Equal([2, 1], train.Labels);
        Assert.Equal([0], test.Labels);
        Assert.Equal((2, 3), (train.Features, train.Classes));
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
    [InlineData("label\nx\n", "the label column alone")]
    [InlineData("a,label\n", "a header and no rows")]
    [InlineData("", "it is empty")]
    [InlineData("a,label\n1,\"x\n", "a quotation mark is out of place")]
    public void Load_BrokenFile_GivesThePlace(string content, string words)
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, content);

        var message = Assert.Throws<DataFileException>(() => CsvData.Load(file, 1, 0)).Message;

        Assert.Contains(words, message);
        Assert.StartsWith(file, message);
    }

    [Fact]
    public void Load_MoreRowsThanThereAre_GivesNumbers()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "a,label\n1,x\n2,y\n");

        Assert.Contains("train + test is 3", Assert.Throws<ArgumentOutOfRangeException>(() => CsvData.Load(file, 2, 1)).Message);
    }

    [Fact]
    public void Load_NoFile_NamesIt() => Assert.Contains("nowhere.csv", Assert.Throws<DataFileException>(() => CsvData.Load("nowhere.csv", 1, 0)).Message);

    private static string Write(TemporaryFolder folder, string content)
    {
        folder.Write("table.csv", Encoding.UTF8.GetBytes(content));
        return folder.File("table.csv");
    }
}
