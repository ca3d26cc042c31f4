using System.Globalization;
using FlatBias.Reports.Figures;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FlatBias.Reports.Tests.Figures;

/// <summary>Axes at the ends of float64, and what lies at or below zero on a logarithmic one.</summary>
public class AxisRangeTests
{
    private static readonly double[] X = [1, 2, 3];

    [Theory]
    [InlineData(1, 1e300)]
    [InlineData(1e-300, 1)]
    [InlineData(1e-300, 1e300)]
    [InlineData(4.9e-324, 1.7e308)]
    [InlineData(1e300, 1e300)]
    [InlineData(1e-300, 1e-300)]
    public void LogarithmicAxis_AnyPositiveRange_HoldsTheDataAndLittleElse(double low, double high)
    {
        var axis = Updated(
            PlotStyle.Create("", "x", "y", logY: true).AddLine("a", X, [low, Math.Sqrt(low) * Math.Sqrt(high), high])
        ).Axes[1];

        Assert.InRange(axis.ActualMinimum, 0, low);
        Assert.InRange(axis.ActualMaximum, high, double.MaxValue);
        // A padding of 4 % of the decades at either end, or two decades for a single value.
        var (inside, shown) = (
            Math.Log10(high) - Math.Log10(low),
            Math.Log10(axis.ActualMaximum) - Math.Log10(axis.ActualMinimum)
        );
        Assert.InRange(shown, inside, inside == 0 ? 2.1 : 1.09 * inside);
        var labels = Labels(axis);
        // A scale cannot be read from one label or two.
        Assert.InRange(labels.Count, 3, 20);
        Assert.Equal(labels.Count, labels.Distinct().Count());
    }

    /// <summary>Ranges in which there is one whole decade, or none.</summary>
    [Theory]
    [InlineData(0.03, 0.5)]
    [InlineData(2, 8)]
    [InlineData(137, 140)]
    [InlineData(1, 1.0001)]
    [InlineData(1e-12, 3e-12)]
    [InlineData(9e11, 1.1e12)]
    [InlineData(3e-5, 2e-3)]
    public void LogarithmicAxis_NarrowRange_HasThreeLabelsOrMore(double low, double high)
    {
        var axis = Updated(
            PlotStyle.Create("", "x", "y", logY: true).AddLine("a", X, [low, (low + high) / 2, high])
        ).Axes[1];
        var colours = Updated(
            PlotStyle.HeatMap(
                "",
                "x",
                "y",
                "c",
                [1, 2],
                [1, 2],
                new[,]
                {
                    { low, high },
                    { high, low },
                },
                logC: true
            )
        )
            .Axes.OfType<LogarithmicColorAxis>()
            .Single();
        foreach (var labels in new[] { Labels(axis), Labels(colours) })
        {
            Assert.InRange(labels.Count, 3, 12);
            Assert.Equal(labels.Count, labels.Distinct().Count());
        }
    }

    [Fact]
    public void LogarithmicAxis_SinglePositivePoint_HasItInside()
    {
        var axis = Updated(PlotStyle.Create("", "x", "y", logY: true).AddLine("a", X, [-1, 7, 0])).Axes[1];

        Assert.InRange(axis.ActualMinimum, 1e-3, 7);
        Assert.InRange(axis.ActualMaximum, 7, 1e3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Axis_NothingToDraw_IsDrawnEmpty(bool log)
    {
        var model = PlotStyle
            .Create("", "x", "y", logX: log, logY: log)
            .AddLine("a", [0, -1, double.NaN], [double.NaN, double.NegativeInfinity, double.NaN])
            .AddBand("b", X, [double.NaN, double.NaN, double.NaN], [1, 2, 3]);

        Assert.DoesNotContain(model.Series, series => series.Title == "b");
        Assert.True(Updated(model).Axes[1].ActualMinimum < model.Axes[1].ActualMaximum);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e300)]
    [InlineData(-1e300)]
    [InlineData(1e-300)]
    public void LinearAxis_NoWidth_HasTheValueInside(double value)
    {
        var axis = Updated(PlotStyle.Create("", "x", "y").AddLine("a", X, [value, value, value])).Axes[1];

        Assert.True(
            axis.ActualMinimum <= value && value <= axis.ActualMaximum && axis.ActualMinimum < axis.ActualMaximum
        );
        Assert.All([axis.ActualMinimum, axis.ActualMaximum], end => Assert.True(double.IsFinite(end)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void AddBand_LowerCurveBelowALogarithmicAxis_ReachesItsEnd(double low)
    {
        var model = Updated(
            PlotStyle
                .Create("", "x", "y", logY: true)
                .AddLine("a", X, [1, 2, 4])
                .AddBand("± 2σ", X, [0.5, low, 2], [2, 4, 8])
        );

        var area = Assert.Single(model.Series.OfType<AreaSeries>());
        Assert.Equal([0.5, double.Epsilon, 2], area.Points.Select(p => p.Y));
        Assert.Single(model.Series, series => series.Title == "± 2σ");
        // The padding of 4 % of the four doublings from 0.5 to 8.
        Assert.InRange(model.Axes[1].ActualMinimum, 0.5 * Math.Pow(2, -0.17), 0.5);
        Assert.InRange(model.Axes[1].ActualMaximum, 8, 8 * Math.Pow(2, 0.17));
    }

    [Fact]
    public void AddBand_PointBetweenGaps_IsABar()
    {
        var model = Updated(
            PlotStyle.Create("", "x", "y").AddBand("b", X, [0, double.NaN, 1], [2, 3, double.PositiveInfinity])
        );

        var bar = Assert.Single(model.Series.OfType<AreaSeries>());
        Assert.True(bar.StrokeThickness > 0 && bar.Color.IsVisible());
        Assert.Equal([(1d, 0d), (1d, 2d)], bar.Points.Select(p => (p.X, p.Y)));
        Assert.Single(model.Series, series => series.Title == "b");
    }

    [Fact]
    public void References_BelowALogarithmicAxis_LieNowhereOrAtItsEnd()
    {
        var model = PlotStyle
            .Create("", "x", "y", logX: true, logY: true)
            .AddLine("a", X, X)
            .AddHorizontal("h", 0)
            .AddVertical("v", -1)
            .AddShade(-2, 2, "s")
            .AddShade(-2, 0, "t");
        Updated(model);

        Assert.Equal(["a", "s"], model.Series.Select(series => series.Title));
        Assert.Equal(2, Assert.IsType<RectangleAnnotation>(Assert.Single(model.Annotations)).MaximumX);
        Assert.InRange(model.Axes[0].ActualMinimum, 0.9, 1);
    }

    [Theory]
    [InlineData(1.7e308, true)]
    [InlineData(1.7e308, false)]
    [InlineData(-1.7e308, false)]
    [InlineData(1e-300, true)]
    public void HeatMap_OneValueAtTheEndOfTheRange_HasAFiniteColourAxis(double value, bool log)
    {
        var axis = Updated(
            PlotStyle.HeatMap(
                "",
                "x",
                "y",
                "c",
                [1, 2],
                [1, 2],
                new[,]
                {
                    { value, value },
                    { value, value },
                },
                log
            )
        ).Axes[2];

        Assert.True(
            axis.ActualMinimum <= value && value <= axis.ActualMaximum && axis.ActualMinimum < axis.ActualMaximum
        );
        Assert.All([axis.ActualMinimum, axis.ActualMaximum], end => Assert.True(double.IsFinite(end)));
    }

    /// <summary>Lays the figure out and draws it.</summary>
    private static PlotModel Updated(PlotModel model)
    {
        using var folder = new FlatBias.Testing.TemporaryFolder();
        model.Save(folder.File("figure.svg"));
        Assert.DoesNotContain("NaN", File.ReadAllText(folder.File("figure.svg")), StringComparison.Ordinal);
        return model;
    }

    private static List<string> Labels(Axis axis)
    {
        axis.GetTickValues(out var labels, out _, out _);
        return [.. labels.Select(value => axis.FormatValue(value).ToString(CultureInfo.InvariantCulture))];
    }
}
