using FlatBias.NeuralValidation.Data;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

[Collection("console")]
public sealed class DataCommandTests
{
    [Fact]
    public void List_Always_NamesEverySet()
    {
        var (code, output, _) = CommandLine.Run("data", "list");

        Assert.Equal(0, code);
        Assert.All(DataCatalogue.All, entry => Assert.Contains($"{entry.Name}: {entry.Summary}", output));
        Assert.All(DataCatalogue.All, entry => Assert.Contains($"--data {entry.Syntax}", output));
    }

    [Fact]
    public void DataPage_HasEverySetWithItsDefaults()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "data.md"));

        Assert.All(
            DataCatalogue.All,
            entry => Assert.Contains(entry.Place == DataPlace.Drawn ? $"`{entry.Syntax}`" : $"`{entry.Name}:", page)
        );
    }

    [Fact]
    public void Check_Table_SaysWhatItIs()
    {
        using var folder = new TemporaryFolder();
        folder.Write("table.csv", "a,label\n1,x\n2,y\n3,y\n"u8.ToArray());

        var (code, output, _) = CommandLine.Run("data", "check", folder.File("table.csv"));

        Assert.Equal(0, code);
        Assert.Contains("3 training and 0 test samples of 1 values in 2 classes", output);
        Assert.Contains("0: 1, 1: 2", output);
    }

    [Theory]
    [InlineData(1, "no such folder or file", "data", "check", "nowhere")]
    [InlineData(2, "is drawn; there are no files", "data", "check", "teacher-student")]
    [InlineData(2, "has no parameter 'q'", "train", "--data", "gaussian-mixture:q=1", "--out", "unused")]
    public void Data_BadSource_IsOneLine(int code, string words, params string[] args) =>
        CommandLine.Fails(code, words, args);

    [Fact]
    public void Check_BrokenTable_GivesThePlace()
    {
        using var folder = new TemporaryFolder();
        folder.Write("table.csv", "a,label\n1,x\n,y\n"u8.ToArray());

        CommandLine.Fails(1, "line 3, column a", "data", "check", folder.File("table.csv"));
    }
}
