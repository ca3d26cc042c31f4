using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace FlatBias.Reports.Figures;

/// <summary>
/// How the figures of FlatBias look, as helpers over OxyPlot's own <see cref="PlotModel"/>: what they return can be changed by
/// everything that OxyPlot offers. Sizes are points on paper. Series differ in colour and in dash pattern or marker, so that
/// they can be told apart in greyscale and by colour-blind readers.
/// </summary>
/// <remarks>A plot model is not thread-safe: build and draw one on a single thread.</remarks>
public static partial class PlotStyle
{
    /// <summary>The family that is asked for by name; FlatBias' own renderer uses the faces that it found.</summary>
    private const string Family = "DejaVu Sans";

    private const double TextSize = 8.5;

    private static readonly OxyColor Ink = OxyColor.FromRgb(0x26, 0x26, 0x26);
    private static readonly OxyColor FrameColour = OxyColor.FromRgb(0x80, 0x80, 0x80);
    private static readonly OxyColor GridColour = OxyColor.FromRgb(0xE4, 0xE4, 0xE4);

    /// <summary>Creates an empty figure: a left and a bottom axis with a light grid, and a legend below the plot, where it hides nothing.</summary>
    /// <param name="title">The title; empty for none. In all texts a_{1} and a^{2} give subscripts and superscripts.</param>
    /// <param name="xLabel">The x axis' label, with the unit.</param>
    /// <param name="yLabel">The y axis' label, with the unit.</param>
    /// <param name="logX">Whether the x axis is logarithmic.</param>
    /// <param name="logY">Whether the y axis is logarithmic.</param>
    public static PlotModel Create(string title, string xLabel, string yLabel, bool logX = false, bool logY = false)
    {
        var model = new PlotModel
        {
            Title = string.IsNullOrEmpty(title) ? null : title,
            TitleFontSize = TextSize + 1.5,
            TitleFontWeight = FontWeights.Bold,
            TitleColor = Ink,
            TitlePadding = 4,
            DefaultFont = Family,
            DefaultFontSize = TextSize,
            TextColor = Ink,
            Background = OxyColors.White,
            PlotAreaBorderColor = FrameColour,
            PlotAreaBorderThickness = new OxyThickness(0.75),
            Padding = new OxyThickness(2, 2, 10, 2),
            AxisTierDistance = 2,
            Culture = CultureInfo.InvariantCulture,
        };
        model.Axes.Add(CreateAxis(AxisPosition.Bottom, xLabel, logX));
        model.Axes.Add(CreateAxis(AxisPosition.Left, yLabel, logY));
        model.Legends.Add(CreateLegend());
        return model;
    }

    private static Axis CreateAxis(AxisPosition position, string label, bool log)
    {
        Axis axis = log ? new FullRangeLogarithmicAxis { PowerPadding = false } : new FullRangeLinearAxis();
        TickLabels.Use(axis, log);
        axis.Position = position;
        axis.Title = label;
        axis.TitleColor = Ink;
        axis.TextColor = Ink;
        axis.AxisTitleDistance = 6;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = GridColour;
        axis.MajorGridlineThickness = 0.5;
        axis.TicklineColor = FrameColour;
        axis.MajorTickSize = 4;
        axis.MinorTickSize = 2;
        axis.TickStyle = TickStyle.Outside;
        axis.IntervalLength = position is AxisPosition.Bottom ? 48 : TickDistance(log);

        // A curve along the frame is hard to see; steps, though, start at the frame.
        axis.MinimumPadding = axis.MaximumPadding = position is AxisPosition.Bottom ? 0.01 : 0.04;
        return axis;
    }

    // The half-decades of a logarithmic axis carry long labels, which want air.
    private static double TickDistance(bool log) => log ? 30 : 22;

    private static Legend CreateLegend() =>
        new()
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.BottomCenter,
            LegendOrientation = LegendOrientation.Horizontal,
            AllowUseFullExtent = true,
            LegendBackground = OxyColor.FromAColor(217, OxyColors.White),
            LegendBorderThickness = 0,
            LegendFontSize = TextSize,
            LegendTextColor = Ink,
            LegendSymbolLength = 30,
            LegendSymbolMargin = 5,
            LegendItemSpacing = 16,
            LegendColumnSpacing = 12,
            LegendLineSpacing = 3,
            LegendMargin = 2,
            LegendPadding = 3,
        };
}
