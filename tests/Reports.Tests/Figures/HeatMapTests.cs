using FlatBias.Reports.Figures;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FlatBias.Reports.Tests.Figures;

public class HeatMapTests
{
    [Fact]
    public void HeatMap_UndefinedCells_AreCrossedAndNamedInTheLegend()
    {
        var model = Map(
            [1, 2, 3],
            [0, 1],
            new[,]
            {
                { 1, double.NaN },
                { 2, 3 },
                { double.PositiveInfinity, 4 },
            }
        );

        var marks = model.Series.OfType<LineSeries>().Single();
        Assert.Equal("diverged", marks.Title);
        Assert.Equal([(1d, 1d), (3d, 0d)], marks.Points.Select(p => (p.X, p.Y)));
        Assert.Equal((1d, 4d), (Colours(model).Minimum, Colours(model).Maximum));
        Assert.Equal("value", Colours(model).Title);
    }

    [Fact]
    public void OutcomeMap_Outcomes_AreNamedInTheLegendWithTheirColours()
    {
        var model = PlotStyle.OutcomeMap(
            "",
            "x",
            "y",
            [1, 2],
            [1, 2],
            new[,]
            {
                { 0, double.NaN },
                { 1, 0 },
            },
            ["bounded", "flat"],
            "diverged"
        );

        Assert.Equal(["diverged", "bounded", "flat"], model.Series.Skip(1).Select(series => series.Title));
        // The legend stands for the axis.
        var axis = model.Axes.OfType<LinearColorAxis>().Single();
        Assert.Equal(AxisPosition.None, axis.Position);
        model.ToSvg();
        // One colour for each outcome, whatever is between them on a scale.
        Assert.Equal(
            [axis.GetColor(0.0), axis.GetColor(1.0)],
            model.Series.OfType<LegendKey>().Skip(1).Select(key => key.Fill)
        );
    }

    [Fact]
    public void HeatMap_AllDefined_HasNoLegendEntry() =>
        Assert.Single(
            Map(
                [1, 2],
                [0, 1],
                new double[,]
                {
                    { 1, 2 },
                    { 3, 4 },
                }
            ).Series
        );

    [Fact]
    public void HeatMap_LogarithmicScale_TreatsNonPositiveValuesAsMissing()
    {
        var model = Map(
            [1, 2],
            [0, 1],
            new[,]
            {
                { 1, 0 },
                { -3, 100.0 },
            },
            logC: true
        );

        Assert.IsAssignableFrom<LogarithmicColorAxis>(Colours(model));
        Assert.Equal(2, model.Series.OfType<LineSeries>().Single().Points.Count);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(5, true)]
    [InlineData(0, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.NaN, true)]
    public void HeatMap_OneValueOrNone_HasAnAxisWithTwoEnds(double value, bool logC)
    {
        var axis = Colours(
            Map(
                [1, 2],
                [0, 1],
                new[,]
                {
                    { value, value },
                    { value, value },
                },
                logC
            )
        );

        Assert.True(axis.Minimum < axis.Maximum);
        Assert.True(double.IsFinite(axis.Minimum) && double.IsFinite(axis.Maximum));
    }

    [Fact]
    public void HeatMap_GridEvenInTheLogarithm_HasALogarithmicAxis()
    {
        var model = Map([1, 10, 100], [1, 2], new double[3, 2]);

        Assert.IsAssignableFrom<LogarithmicAxis>(model.Axes[0]);
        Assert.IsAssignableFrom<LinearAxis>(model.Axes[1]);
    }

    [Fact]
    public void HeatMap_UnevenGrid_Throws() =>
        Assert.Throws<ArgumentException>(() => Map([1, 2, 9], [1, 2], new double[3, 2]));

    [Fact]
    public void HeatMap_FallingGrid_Throws() =>
        Assert.Throws<ArgumentException>(() => Map([2, 1], [1, 2], new double[2, 2]));

    [Fact]
    public void HeatMap_SizesDiffer_Throws() =>
        Assert.Throws<ArgumentException>(() => Map([1, 2], [1, 2], new double[2, 3]));

    [Fact]
    public void HeatMap_OneColumn_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Map([1], [1, 2], new double[1, 2]));

    private static OxyPlot.PlotModel Map(double[] x, double[] y, double[,] values, bool logC = false) =>
        PlotStyle.HeatMap("T", "x", "y", "value", x, y, values, logC);

    private static Axis Colours(OxyPlot.PlotModel model) => model.Axes.Single(axis => axis is IColorAxis);
}
