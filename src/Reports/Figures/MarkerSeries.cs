using OxyPlot;
using OxyPlot.Series;

namespace FlatBias.Reports.Figures;

/// <summary>Markers, of which those at the frame are drawn whole: OxyPlot would cut them in half.</summary>
internal sealed class MarkerSeries : ScatterSeries
{
    /// <inheritdoc/>
    public override OxyRect GetClippingRect()
    {
        var reach = MarkerSize + MarkerStrokeThickness;
        return base.GetClippingRect().Inflate(reach, reach);
    }
}
