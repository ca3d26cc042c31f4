using FlatBias.Reports.Figures;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace FlatBias.Reports.Tests.Figures;

public class PlotStyleTests
{
    private static readonly double[] X = [1, 2, 3, 4];

    [Fact]
    public void Create_LogarithmicAxes_HaveLabelsAndALegendOutside()
    {
        var model = PlotStyle.Create("T", "step size η", "loss", logX: true);

        Assert.IsAssignableFrom<LogarithmicAxis>(model.Axes[0]);
        Assert.IsAssignableFrom<LinearAxis>(model.Axes[1]);
        Assert.Equal(("step size η", "loss"), (model.Axes[0].Title, model.Axes[1].Title));
        Assert.Equal(LegendPlacement.Outside, model.Legends.Single().LegendPlacement);
    }

    [Fact]
    public void AddLine_ManySeries_DifferInColourAndDash()
    {
        var model = PlotStyle.Create("T", "x", "y").AddHorizontal("threshold", 1);
        for (var i = 0; i < 7; i++)
            model.AddLine($"{i}", X, X);

        var lines = model.Series.OfType<LineSeries>().Where(line => line.Points.Count > 0).ToList();
        Assert.Equal(7, lines.Select(line => line.Color).Distinct().Count());
        Assert.Equal(7, lines.Select(line => line.LineStyle).Distinct().Count());
        Assert.Equal(LineStyle.Solid, lines[0].LineStyle);
    }

    [Fact]
    public void AddLine_UndefinedValues_LeaveGaps()
    {
        var model = PlotStyle
            .Create("T", "x", "y")
            .AddLine("a", [1, 2, double.NaN, 4], [1, double.PositiveInfinity, 3, -4]);

        Assert.Equal([true, false, false, true], Points(model).Select(p => p.IsDefined()));
    }

    [Fact]
    public void AddLine_LogarithmicAxis_LeavesGapsForNonPositiveValues()
    {
        var model = PlotStyle.Create("T", "x", "y", logY: true).AddLine("a", [-1, 2, 3, 4], [1, 0, -3, 4]);

        Assert.Equal([true, false, false, true], Points(model).Select(p => p.IsDefined()));
    }

    [Fact]
    public void AddLine_LengthsDiffer_Throws() =>
        Assert.Throws<ArgumentException>(() => PlotStyle.Create("T", "x", "y").AddLine("a", X, [1]));

    [Fact]
    public void AddLine_LongSeries_IsThinned()
    {
        double[] x = [.. Enumerable.Range(0, 50_000).Select(i => (double)i)];

        var model = PlotStyle.Create("T", "x", "y").AddLine("a", x, [.. x.Select(Math.Sin)]);

        Assert.InRange(Points(model).Count, 1000, 3500);
    }

    [Fact]
    public void AddPoints_LogarithmicAxis_DropsNonPositiveValues()
    {
        var model = PlotStyle
            .Create("T", "x", "y", logX: true, logY: true)
            .AddPoints("a", [0, 2, 3, 4], [1, 2, double.NaN, 4]);

        Assert.Equal([2d, 4], model.Series.OfType<ScatterSeries>().Single().Points.Select(p => p.X));
    }

    [Fact]
    public void AddPoints_AtTheFrame_AreDrawnWhole()
    {
        var model = PlotStyle.Create("T", "x", "y").AddPoints("a", X, X, size: 3);
        model.ToSvg();

        var (area, clip) = (model.PlotArea, model.Series.Single().GetClippingRect());
        Assert.True(clip.Left <= area.Left - 3 && clip.Right >= area.Right + 3);
        Assert.True(clip.Top <= area.Top - 3 && clip.Bottom >= area.Bottom + 3);
    }

    [Fact]
    public void AddHorizontal_AboveTheData_WidensTheAxis()
    {
        var model = PlotStyle
            .Create("T", "x", "y")
            .AddLine("a", X, X)
            .AddHorizontal("2/η", 40)
            .AddVertical("crossing", -7);

        ((IPlotModel)model).Update(true);

        Assert.True(model.Axes[1].ActualMaximum >= 40);
        Assert.True(model.Axes[0].ActualMinimum <= -7);
        Assert.Equal(["a", "2/η", "crossing"], model.Series.Select(series => series.Title));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AddHorizontal_NotFinite_Throws(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PlotStyle.Create("T", "x", "y").AddHorizontal("a", value));

    [Fact]
    public void AddBand_GapInOneCurve_SplitsTheArea()
    {
        var model = PlotStyle
            .Create("T", "x", "y")
            .AddBand("± 2σ", [1, 2, 3, 4, 5], [0, 0, double.NaN, 0, 0], [1, 1, 1, 1, 1]);

        Assert.Equal([2, 2], model.Series.OfType<AreaSeries>().Select(area => area.Points.Count));
        Assert.Single(model.Series, series => series.Title == "± 2σ");
    }

    [Fact]
    public void AddShade_SameNameTwice_StandsOnceInTheLegend()
    {
        var model = PlotStyle.Create("T", "x", "y").AddShade(1, 2, "instability").AddShade(5, 4, "instability");

        Assert.Single(model.Series);
        var regions = model.Annotations.OfType<RectangleAnnotation>().ToList();
        Assert.Equal([(1d, 2d), (4d, 5d)], regions.Select(region => (region.MinimumX, region.MaximumX)));
    }

    private static List<DataPoint> Points(PlotModel model) => model.Series.OfType<LineSeries>().Single().Points;
}
