using FlatBias.Dynamics;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FlatBias.Reports.Figures;

public static partial class PlotStyle
{
    // Okabe and Ito's colours without the yellow, which is lost on white; neighbours differ in lightness as well.
    private static readonly OxyColor[] Colours =
    [
        OxyColor.FromRgb(0x00, 0x72, 0xB2),
        OxyColor.FromRgb(0xD5, 0x5E, 0x00),
        OxyColor.FromRgb(0x00, 0x9E, 0x73),
        OxyColor.FromRgb(0xCC, 0x79, 0xA7),
        OxyColor.FromRgb(0x00, 0x00, 0x00),
        OxyColor.FromRgb(0xE6, 0x9F, 0x00),
        OxyColor.FromRgb(0x56, 0xB4, 0xE9),
    ];

    /// <summary>The colour of a place in the palette, for what belongs to the series there.</summary>
    internal static OxyColor ColourOf(int place) => Colours[place % Colours.Length];

    /// <summary>The dash pattern of a place in the palette.</summary>
    internal static LineStyle DashOf(int place) => Dashes[place % Dashes.Length];

    private static readonly LineStyle[] Dashes =
    [
        LineStyle.Solid,
        LineStyle.Dash,
        LineStyle.Dot,
        LineStyle.DashDot,
        LineStyle.LongDash,
        LineStyle.DashDotDot,
        LineStyle.LongDashDot,
        LineStyle.DashDashDot,
    ];

    private static readonly MarkerType[] Markers =
    [
        MarkerType.Circle,
        MarkerType.Square,
        MarkerType.Triangle,
        MarkerType.Diamond,
        MarkerType.Cross,
        MarkerType.Plus,
        MarkerType.Star,
    ];

    // OxyPlot drops points within 2 units of the last, which suits pixels; in points it would drop visible oscillations.
    private const double ShortestSegment = 0.1;

    // Marks the series that have taken a place in the palette; references and shades have not.
    private static readonly object Styled = new();

    /// <summary>
    /// Adds a line in the next style of the palette. Long series are thinned without losing their extremes, and what
    /// swings too fast for its strokes to be told apart is drawn as the band that it fills.
    /// </summary>
    /// <param name="model">The figure.</param>
    /// <param name="name">The name in the legend; empty for none.</param>
    /// <param name="x">The x values. NaN and infinite values, and those not above 0 on a logarithmic axis, leave a gap.</param>
    /// <param name="y">The y values, as many.</param>
    /// <param name="colour">A colour instead of the palette's, to pair a prediction with its measurement; null for the palette's.</param>
    /// <param name="dash">A dash pattern instead of the palette's; null for the palette's.</param>
    /// <param name="thickness">The thickness in points.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static PlotModel AddLine(
        this PlotModel model,
        string name,
        IReadOnlyList<double> x,
        IReadOnlyList<double> y,
        OxyColor? colour = null,
        LineStyle? dash = null,
        double thickness = 1.25
    )
    {
        var points = Points(model, x, y);
        var place = TakenPlaces(model);
        var series = new OscillatingSeries
        {
            Title = TitleOf(name),
            Color = colour ?? LineOf(place).Colour,
            LineStyle = dash ?? LineOf(place).Dash,
            StrokeThickness = Require.Positive(thickness),
            LineJoin = LineJoin.Round,
            MinimumSegmentLength = ShortestSegment,
            Tag = Styled,
        };
        series.Points.AddRange(Decimation.Line(points, IsLog(model, AxisPosition.Bottom)));
        model.Series.Add(series);
        return model;
    }

    /// <summary>Adds markers in the next style of the palette. Of points that would print on one spot only the first is kept.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="name">The name in the legend; empty for none.</param>
    /// <param name="x">The x values. NaN and infinite values, and those not above 0 on a logarithmic axis, are left out.</param>
    /// <param name="y">The y values, as many.</param>
    /// <param name="colour">A colour instead of the palette's; null for the palette's.</param>
    /// <param name="marker">A marker instead of the palette's; null for the palette's.</param>
    /// <param name="size">The marker's size in points.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static PlotModel AddPoints(
        this PlotModel model,
        string name,
        IReadOnlyList<double> x,
        IReadOnlyList<double> y,
        OxyColor? colour = null,
        MarkerType? marker = null,
        double size = 2.25
    )
    {
        var points = Points(model, x, y);
        var place = TakenPlaces(model);
        var ink = colour ?? Colours[place % Colours.Length];
        var series = new MarkerSeries
        {
            Title = TitleOf(name),
            MarkerType = marker ?? Markers[place % Markers.Length],
            MarkerFill = ink,
            MarkerStroke = ink,
            MarkerStrokeThickness = 0.75,
            MarkerSize = Require.Positive(size),
            Tag = Styled,
        };
        var kept = Decimation.Cloud(points, IsLog(model, AxisPosition.Bottom), IsLog(model, AxisPosition.Left));
        series.Points.AddRange(kept.Select(p => new ScatterPoint(p.X, p.Y)));
        model.Series.Add(series);
        return model;
    }

    /// <summary>The colour and the dash pattern of a place in the palette; no two of 56 places have both in common.</summary>
    internal static (OxyColor Colour, LineStyle Dash) LineOf(int place) =>
        (Colours[place % Colours.Length], Dashes[place % Dashes.Length]);

    private static List<DataPoint> Points(PlotModel model, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        Require.Length(y.Count, x.Count, nameof(y));
        var (logX, logY) = (IsLog(model, AxisPosition.Bottom), IsLog(model, AxisPosition.Left));
        var points = new List<DataPoint>(x.Count);
        for (var i = 0; i < x.Count; i++)
            points.Add(
                CanBeDrawn(x[i], logX) && CanBeDrawn(y[i], logY) ? new DataPoint(x[i], y[i]) : DataPoint.Undefined
            );
        return points;
    }

    private static bool CanBeDrawn(double value, bool log) => double.IsFinite(value) && (!log || value > 0);

    private static bool IsLog(PlotModel model, AxisPosition position) =>
        model.Axes.Any(axis => axis.Position == position && axis is LogarithmicAxis);

    private static int TakenPlaces(PlotModel model) =>
        model.Series.Count(series => ReferenceEquals(series.Tag, Styled));

    private static string? TitleOf(string name) => string.IsNullOrEmpty(name) ? null : name;
}
