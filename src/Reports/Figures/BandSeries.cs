using OxyPlot;
using OxyPlot.Series;

namespace FlatBias.Reports.Figures;

/// <summary>A filled area of which only some edges count for the axes: one that reaches below a logarithmic axis is
/// drawn down to the frame, and does not widen it.</summary>
internal sealed class BandSeries : AreaSeries
{
    /// <summary>Gets the edge points that must lie within the plot.</summary>
    internal List<DataPoint> Shown { get; } = [];

    /// <inheritdoc/>
    protected override void UpdateMaxMin() { }

    /// <inheritdoc/>
    protected override void UpdateAxisMaxMin()
    {
        foreach (var point in Shown)
        {
            XAxis.Include(point.X);
            YAxis.Include(point.Y);
        }
    }
}
