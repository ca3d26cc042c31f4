using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Sweeps;

public sealed class TableFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 50)]
    public void Save_AnyNumbers_ComeBackWithTheSameBits(double[] values)
    {
        var series = SeriesTable.From(("a", values), ("b, \"c\"", [.. values.Select(v => v * 1e-300)]));
        var csv = _folder.File("x.csv");
        series.Save(csv);
        var lines = File.ReadAllLines(csv);
        Assert.Equal("a,\"b, \"\"c\"\"\"", lines[0]);
        Assert.Equal(
            values.Select(BitConverter.DoubleToInt64Bits),
            lines.Skip(1).Select(line => BitConverter.DoubleToInt64Bits(Read(line.Split(',')[0])))
        );
        series.Save(_folder.File("x.parquet"));
        var back = SeriesFile.Read("x", File.ReadAllBytes(_folder.File("x.parquet")));
        Assert.Equal(series.Names, back.Names);
        Assert.Equal(values, back.Array("a"));
    }

    [Fact]
    public void Save_SweepOfDescents_IsTheTableOfTheCommand()
    {
        var plan = Sweep.Over(Axis.List("step-size", 0.1, 3));
        var study = new DescentStudy { Landscape = "quadratic" };
        var table = plan.Run(study.Measure);
        table.Save(_folder.File("x.parquet"));
        var rows = SweepFile.Read("x", LandscapeValues.Instance, File.ReadAllBytes(_folder.File("x.parquet")));
        Assert.Equal(table.Select(row => row.Status), rows.Select(row => row.Row.Status));
        Assert.Equal(
            table.Column(o => o.Sharpness),
            rows.Select(row => ((LandscapeEnd)row.Row.Value!).Outcome.Sharpness)
        );
    }

    [Fact]
    public void Save_SweepOfAnything_HasAxesStatusAndItsColumns()
    {
        var table = Sweep
            .Over(Axis.Whole("n", 1, 3))
            .And(Axis.List("word", "a", "b,c"))
            .Run(point => point["n"] == 2 ? throw new InvalidOperationException("no \"two\"") : point["n"] * 2);
        table.Save(_folder.File("x.csv"), ("twice", x => x));
        Assert.Equal(
            [
                "point,at_n,at_word,status,error,twice",
                "0,1,a,Done,,2",
                "1,1,\"b,c\",Done,,2",
                "2,2,a,Failed,\"no \"\"two\"\"\",nan",
                "3,2,\"b,c\",Failed,\"no \"\"two\"\"\",nan",
                "4,3,a,Done,,6",
                "5,3,\"b,c\",Done,,6",
            ],
            File.ReadAllLines(_folder.File("x.csv"))
        );
        Assert.Throws<ArgumentException>(() => table.Save(_folder.File("y.csv"), ("status", x => x)));
    }

    [Theory]
    [InlineData("x.txt")]
    [InlineData("x")]
    [InlineData("csv")]
    public void Save_OtherExtension_NamesThoseThereAre(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => new SeriesTable().Save(_folder.File(name)));
        Assert.Contains("must be .csv, .json or .parquet", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    private static double Read(string text) =>
        text switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
        };
}
