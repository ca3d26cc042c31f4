using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Reports.Figures;
using FlatBias.Testing;
using FsCheck.Xunit;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;
using Axis = FlatBias.Dynamics.Sweeps.Axis;

namespace FlatBias.Reports.Tests.Figures;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 50)]
public class PlotTests
{
    private static readonly double[] X = [1, 2, 4];

    [Fact]
    public void Series_Numbers_AreALineOverLabelledAxes()
    {
        var plot = Plot.Series("step size η", "loss", X, [3, 5, 0.1], "descent", logX: true);

        Assert.Equal(["step size η", "loss"], plot.Axes.Select(axis => axis.Title));
        Assert.IsAssignableFrom<LogarithmicAxis>(plot.Axes[0]);
        var line = Assert.IsAssignableFrom<LineSeries>(Assert.Single(plot.Series));
        Assert.Equal("descent", line.Title);
        Assert.Equal([(1d, 3d), (2d, 5d), (4d, 0.1)], line.Points.Select(p => (p.X, p.Y)));
    }

    [Fact]
    public void Series_Columns_AreOneLineEachNamedInTheLegend()
    {
        var plot = Plot.Series(Table(), "step", ["loss", "sharpness"], "loss and sharpness", logY: true);

        Assert.Equal(["step", "loss and sharpness"], plot.Axes.Select(axis => axis.Title));
        Assert.IsAssignableFrom<LogarithmicAxis>(plot.Axes[1]);
        Assert.Equal(["loss", "sharpness"], plot.Series.Select(series => series.Title));
        Assert.Equal([7d, 8, 9], ((LineSeries)plot.Series[1]).Points.Select(p => p.Y));
    }

    [Fact]
    public void Series_OneColumn_LabelsTheAxis() =>
        Assert.Equal(["step", "loss"], Plot.Series(Table(), "step", "loss").Axes.Select(axis => axis.Title));

    [Fact]
    public void Series_UnknownColumn_SaysWhichThereAre()
    {
        var error = Assert.Throws<ArgumentException>(() => Plot.Series(Table(), "step", "Loss"));

        foreach (var name in new[] { "'Loss'", "step", "loss", "sharpness" })
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Series_NoColumns_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.Series(Table(), "step", [], "y"));

    [Fact]
    public void Series_LengthsDiffer_Throws() => Assert.Throws<ArgumentException>(() => Plot.Series("x", "y", X, [1]));

    [Property]
    public void HeatMap_OfASweep_HasEachValueInItsCell(Seed seed)
    {
        var random = seed.Random();
        var (columns, rows, swapped) = (random.Next(2, 9), random.Next(2, 9), random.Next(2) == 1);
        var (from, to) = random.Next(2) == 1 ? (1.0, 3.0) : (3.0, 1.0);
        var table = Sweep
            .Over(Axis.Linear("a", from, to, columns))
            .And(Axis.List("fixed", 5.0))
            .And(Axis.Log("b", 0.1, 10, rows))
            .Run(point => point["a"] + (10 * point["b"]));
        var (x, y) = swapped ? ("b", "a") : ("a", "b");

        var plot = Plot.HeatMap(table, x, y, value => value, "sum");

        Assert.Equal([x, y, "sum"], plot.Axes.Select(axis => axis.Title));
        var map = Assert.IsType<HeatMapSeries>(Assert.Single(plot.Series));
        Assert.Equal(swapped ? (rows, columns) : (columns, rows), (map.Data.GetLength(0), map.Data.GetLength(1)));
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < rows; j++)
            {
                // Each axis re-derived from its ends: a few roundings of numbers up to 3 and 100.
                var (a, b) = (1 + (2.0 * i / (columns - 1)), 0.1 * Math.Pow(100, (double)j / (rows - 1)));
                Assert.Equal(a + (10 * b), swapped ? map.Data[j, i] : map.Data[i, j], 1e-11);
            }
        }
    }

    [Fact]
    public void HeatMap_PointsWithoutAValue_AreMissingAndTheLegendSaysWhy()
    {
        var table = Sweep
            .Over(Axis.Linear("a", 0, 2, 3))
            .And(Axis.Linear("b", 0, 1, 2))
            .Run(point =>
                point["a"] == 1 ? throw new InvalidOperationException("no")
                : point["a"] == 2 ? double.NaN
                : 4
            );

        var plot = Plot.HeatMap(table, "a", "b", value => value, "c");

        Assert.Equal("diverged, failed", plot.Series.OfType<LegendKey>().Single().Title);
        Assert.Equal(
            [4d, 4, double.NaN, double.NaN, double.NaN, double.NaN],
            plot.Series.OfType<HeatMapSeries>().Single().Data.Cast<double>()
        );
    }

    [Theory]
    [InlineData("c", "b", "no axis 'c'")]
    [InlineData("a", "words", "holds words")]
    [InlineData("a", "a", "different")]
    [InlineData("a", "b", "also runs over words")]
    public void HeatMap_UnsuitableAxes_SaysWhy(string x, string y, string why)
    {
        var table = Sweep
            .Over(Axis.Linear("a", 0, 1, 2))
            .And(Axis.Linear("b", 0, 1, 2))
            .And(Axis.List("words", "momentum", "adam"))
            .Run(_ => 1.0);

        Assert.Contains(
            why,
            Assert.ThrowsAny<ArgumentException>(() => Plot.HeatMap(table, x, y, value => value, "c")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OrbitDiagram_Columns_ArePointsAndDivergedOnesShaded()
    {
        var plot = Plot.OrbitDiagram([new(0.2, [], 7), new(0.1, [5, 6], null), new(0.3, [8], null)], "η", "θ");

        Assert.Equal(["η", "θ"], plot.Axes.Select(axis => axis.Title));
        Assert.Equal(
            [(0.1, 5d), (0.1, 6d), (0.3, 8d)],
            plot.Series.OfType<ScatterSeries>().Single().Points.Select(p => (p.X, p.Y))
        );
        var shade = Assert.IsType<RectangleAnnotation>(Assert.Single(plot.Annotations));
        // Half-way to the neighbours; a rounding each.
        Assert.Equal(0.15, shade.MinimumX, 1e-15);
        Assert.Equal(0.25, shade.MaximumX, 1e-15);
        Assert.Equal("diverged", plot.Series.OfType<LegendKey>().Single().Title);
    }

    [Fact]
    public void OrbitDiagram_NoColumns_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.OrbitDiagram([], "η", "θ"));

    [Theory]
    [InlineData("x.pdf", "%PDF")]
    [InlineData("x.SVG", "<?xm")]
    [InlineData("x.png", "\u0089PNG")]
    public void Save_KnownEnding_WritesThatFormat(string name, string magic)
    {
        using var folder = new TemporaryFolder();

        Plot.Series("x", "y", X, X).Save(folder.File(name));

        Assert.Equal(magic, string.Concat(File.ReadAllBytes(folder.File(name)).Take(4).Select(b => (char)b)));
    }

    [Theory]
    [InlineData("x.jpg")]
    [InlineData("x")]
    public void Save_UnknownEnding_SaysWhichThereAreAndWritesNothing(string name)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<ArgumentException>(() => Plot.Series("x", "y", X, X).Save(folder.File(name)));

        Assert.Contains(".pdf, .svg or .png", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    private static SeriesTable Table()
    {
        var table = new SeriesTable();
        for (var t = 0; t < 3; t++)
        {
            table.AddRow();
            table.Set("step", t);
            table.Set("loss", 3 - t);
            table.Set("sharpness", 7 + t);
        }

        return table;
    }
}
