using FlatBias.Lab.Drawing;
using FlatBias.Lab.Landscapes;
using FlatBias.Lab.Records;

namespace FlatBias.Lab.Tests.Records;

public class RecordTextTests
{
    [Fact]
    public void Read_CsvOfARun_HasItsNumbers()
    {
        var run = LandscapeRun.Make(new()).Series;

        var read = RecordText.Read("run.csv", Csv.Of(run));

        Assert.Equal(run.Names, read.Names);
        Assert.All(run.Names, name => Assert.Equal(run[name], read[name]));
    }

    [Fact]
    public void Read_Json_HasItsNumbersAndGaps()
    {
        var read = RecordText.Read("r.json", """[{"step":0,"loss":1.5},{"step":10,"loss":null}]""");

        Assert.Equal([0, 10], read["step"]);
        Assert.Equal([1.5, double.NaN], read["loss"]);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,b\n1,2\n", "no column 'step'")]
    [InlineData("step,loss\n", "no rows")]
    [InlineData("step,loss\n1,2\n3\n", "line 3 has 1 numbers")]
    [InlineData("step,loss\n1,x\n", "line 2: 'x' is no number")]
    [InlineData("step,step\n1,2\n", "names a column twice")]
    [InlineData("{\"step\":1}", "is no series")]
    [InlineData("[]", "is no series")]
    [InlineData("[1]", "is no series")]
    [InlineData("[{\"step\":1}", "is no JSON")] // half written
    [InlineData("[{\"step\":1},{}]", "row 2 has no 'step'")]
    [InlineData("[{\"step\":\"x\"}]", "row 1: 'step' is no number")]
    [InlineData("PAR1\u0000\u0001", "no column 'step'")] // the Parquet file of a record
    public void Read_WhatIsNoSeries_SaysWhatIsWrong(string text, string words)
    {
        var error = Assert.Throws<FormatException>(() => RecordText.Read("file", text));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_MoreThanAPageShows_SaysTheLimit()
    {
        var text = "step,a\n" + string.Concat(Enumerable.Repeat("1,1\n", (RecordText.MostNumbers / 2) + 1));

        var error = Assert.Throws<FormatException>(() => RecordText.Read("huge.csv", text));

        Assert.Contains($"at most {RecordText.MostNumbers}", error.Message, StringComparison.Ordinal);
    }
}
