using FlatBias.Dynamics;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FlatBias.Reports.Figures;

public static partial class PlotStyle
{
    private const double ReferenceThickness = 0.8;
    private const double BarThickness = 3;

    private static readonly OxyColor ReferenceColour = OxyColor.FromRgb(0x59, 0x59, 0x59);
    private static readonly OxyColor ShadeColour = OxyColor.FromRgb(0xE6, 0xE6, 0xE6);
    private static readonly LineStyle[] ReferenceDashes =
    [
        LineStyle.Dash,
        LineStyle.Dot,
        LineStyle.DashDot,
        LineStyle.DashDotDot,
    ];

    /// <summary>Adds a thin dashed line at a height, such as a threshold. The axis is widened to show it; the legend names it, so that no label hides data.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="name">The name in the legend; empty for none.</param>
    /// <param name="value">The height, finite. On a logarithmic axis one of 0 or below lies nowhere, and nothing is
    /// added.</param>
    public static PlotModel AddHorizontal(this PlotModel model, string name, double value)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!CanBeDrawn(Require.Finite(value), IsLog(model, AxisPosition.Left)))
            return model;
        var line = new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = value };
        return AddReference(model, line, new LegendKey { ShownY = [value] }, name);
    }

    /// <summary>Adds a thin dashed line at an x value, such as the step of an event. The axis is widened to show it; the legend names it.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="name">The name in the legend; empty for none.</param>
    /// <param name="value">The x value, finite. On a logarithmic axis one of 0 or below lies nowhere, and nothing is
    /// added.</param>
    public static PlotModel AddVertical(this PlotModel model, string name, double value)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!CanBeDrawn(Require.Finite(value), IsLog(model, AxisPosition.Bottom)))
            return model;
        var line = new LineAnnotation { Type = LineAnnotationType.Vertical, X = value };
        return AddReference(model, line, new LegendKey { ShownX = [value] }, name);
    }

    /// <summary>Adds a shaded band between two curves, such as an interval of confidence, in the colour of the series that was added last.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="name">The name in the legend; empty for none, and not shown where there is nothing to draw.</param>
    /// <param name="x">The x values.</param>
    /// <param name="low">The lower curve, as many. On a logarithmic axis a value of 0 or below is the axis' lower
    /// end.</param>
    /// <param name="high">The upper curve, as many. Elsewhere a point where either curve cannot be drawn leaves a gap;
    /// a point alone between two gaps is a bar.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static PlotModel AddBand(
        this PlotModel model,
        string name,
        IReadOnlyList<double> x,
        IReadOnlyList<double> low,
        IReadOnlyList<double> high
    )
    {
        ArgumentNullException.ThrowIfNull(low);
        var log = IsLog(model, AxisPosition.Left);
        double[] reached = [.. low.Select(value => log && value <= 0 ? double.Epsilon : value)];
        var (lower, upper) = (Points(model, x, reached), Points(model, x, high));
        var fill = OxyColor.FromAColor(56, LastColour(model));
        var at = 0;
        foreach (var (start, end) in Runs(lower, upper))
        {
            var bar = end - start == 1;
            var area = new BandSeries
            {
                Color = bar ? fill : OxyColors.Transparent,
                Color2 = OxyColors.Transparent,
                Fill = fill,
                StrokeThickness = bar ? BarThickness : 0,
                MinimumSegmentLength = ShortestSegment,
            };
            area.Points.AddRange(bar ? [lower[start], upper[start]] : Decimation.Line(lower[start..end]));
            area.Points2.AddRange(bar ? [lower[start], upper[start]] : Decimation.Line(upper[start..end]));
            area.Shown.AddRange(upper[start..end]);
            for (var i = start; i < end; i++)
                if (!log || low[i] > 0)
                    area.Shown.Add(lower[i]);
            model.Series.Insert(at++, area);
        }

        if (at > 0 && !string.IsNullOrEmpty(name))
            model.Series.Add(new LegendKey { Title = name, Fill = fill });
        return model;
    }

    /// <summary>Greys the background between two x values, such as an instability.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="fromX">Where the region begins, finite. On a logarithmic axis an end of 0 or below is the axis'
    /// lower end.</param>
    /// <param name="toX">Where it ends, finite.</param>
    /// <param name="name">The name in the legend, once for all regions of that name; empty for none.</param>
    public static PlotModel AddShade(this PlotModel model, double fromX, double toX, string name = "")
    {
        ArgumentNullException.ThrowIfNull(model);
        var (left, right) = (Math.Min(Require.Finite(fromX), Require.Finite(toX)), Math.Max(fromX, toX));
        var log = IsLog(model, AxisPosition.Bottom);
        if (!CanBeDrawn(right, log))
            return model;
        model.Annotations.Add(
            new RectangleAnnotation
            {
                MinimumX = CanBeDrawn(left, log) ? left : double.Epsilon,
                MaximumX = right,
                Fill = ShadeColour,
                Stroke = OxyColors.Transparent,
                StrokeThickness = 0,
                Layer = AnnotationLayer.BelowAxes,
            }
        );
        if (!string.IsNullOrEmpty(name) && model.Series.OfType<LegendKey>().All(key => key.Title != name))
            model.Series.Add(new LegendKey { Title = name, Fill = ShadeColour });
        return model;
    }

    /// <summary>Widens the x axis so that values lie within the plot.</summary>
    internal static void Include(this PlotModel model, IReadOnlyList<double> x) =>
        model.Series.Add(new LegendKey { ShownX = x.Count == 0 ? [] : [x.Min(), x.Max()] });

    private static PlotModel AddReference(PlotModel model, LineAnnotation line, LegendKey key, string name)
    {
        var dash = ReferenceDashes[model.Annotations.OfType<LineAnnotation>().Count() % ReferenceDashes.Length];
        line.Color = key.Color = ReferenceColour;
        line.LineStyle = key.LineStyle = dash;
        line.StrokeThickness = key.StrokeThickness = ReferenceThickness;
        line.Layer = AnnotationLayer.BelowSeries;
        key.Title = TitleOf(name);
        model.Annotations.Add(line);
        model.Series.Add(key);
        return model;
    }

    private static OxyColor LastColour(PlotModel model) =>
        model.Series.LastOrDefault(series => ReferenceEquals(series.Tag, Styled)) switch
        {
            LineSeries line => line.Color,
            ScatterSeries points => points.MarkerFill,
            _ => Colours[0],
        };

    // OxyPlot joins an area across undefined points, so each stretch without one becomes an area of its own.
    private static IEnumerable<(int Start, int End)> Runs(List<DataPoint> lower, List<DataPoint> upper)
    {
        for (var start = 0; start < lower.Count; )
        {
            var end = start;
            while (end < lower.Count && lower[end].IsDefined() && upper[end].IsDefined())
                end++;
            if (end > start)
                yield return (start, end);
            start = end + 1;
        }
    }
}
