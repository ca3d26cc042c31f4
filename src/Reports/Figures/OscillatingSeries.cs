using OxyPlot;
using OxyPlot.Series;

namespace FlatBias.Reports.Figures;

/// <summary>
/// A line that becomes a band where it swings within less than three widths of its stroke: there the strokes up and down
/// leave less than half of one white between them, and what is seen of the swings is a blot. What is narrow is known only
/// when the line is drawn at a size.
/// </summary>
internal sealed class OscillatingSeries : LineSeries
{
    private const double Narrow = 3;
    private const byte Opacity = 96;

    /// <inheritdoc/>
    protected override void RenderLine(IRenderContext rc, IList<ScreenPoint> pointsToRender)
    {
        ScreenPoint[] points = [.. pointsToRender];
        foreach (var (first, last, band) in Envelope.Split(points, Narrow * StrokeThickness))
        {
            if (band)
                RenderBand(rc, points, first, last);
            else
                base.RenderLine(rc, points[first..(last + 1)]);
        }
    }

    private void RenderBand(IRenderContext rc, ScreenPoint[] points, int first, int last)
    {
        var (upper, lower) = Envelope.Outlines(points, first, last);
        rc.DrawPolygon(
            [.. upper, .. Enumerable.Reverse(lower)],
            OxyColor.FromAColor(Opacity, ActualColor),
            OxyColors.Undefined,
            0,
            EdgeRenderingMode
        );
        foreach (var outline in new[] { upper, lower })
            rc.DrawLine(outline, ActualColor, StrokeThickness / 2, EdgeRenderingMode, ActualDashArray, LineJoin);
    }
}
