using OxyPlot;
using OxyPlot.Series;

namespace FlatBias.Reports.Figures;

/// <summary>
/// The legend's entry for what is drawn as an annotation. OxyPlot lists series only, and lets no annotation widen an axis, so that a
/// threshold above the data would lie outside the plot; this series names the annotation and widens the axes, and has no line itself.
/// </summary>
internal sealed class LegendKey : LineSeries
{
    /// <summary>Gets the x values that must lie within the plot.</summary>
    internal IReadOnlyList<double> ShownX { get; init; } = [];

    /// <summary>Gets the y values that must lie within the plot.</summary>
    internal IReadOnlyList<double> ShownY { get; init; } = [];

    /// <summary>Gets the fill of the entry's box; undefined for a line.</summary>
    internal OxyColor Fill { get; init; } = OxyColors.Undefined;

    /// <inheritdoc/>
    public override void RenderLegend(IRenderContext rc, OxyRect legendBox)
    {
        if (!Fill.IsUndefined())
            rc.DrawRectangle(legendBox.Inflate(-2, -2), Fill, OxyColors.Undefined, 0, EdgeRenderingMode);
        if (Fill.IsUndefined() || MarkerType != MarkerType.None)
            base.RenderLegend(rc, legendBox);
    }

    /// <inheritdoc/>
    protected override void UpdateAxisMaxMin()
    {
        foreach (var x in ShownX)
            XAxis.Include(x);
        foreach (var y in ShownY)
            YAxis.Include(y);
    }
}
