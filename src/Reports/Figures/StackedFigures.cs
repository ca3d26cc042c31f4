using FlatBias.Reports.Drawing;
using OxyPlot;
using SkiaSharp;

namespace FlatBias.Reports.Figures;

/// <summary>
/// Gives figures that stand below each other the same margins at the sides, so that equal x values are above each
/// other.
/// OxyPlot takes the margins of each from its own labels, and knows them only once it is drawn; they are put back when
/// this
/// is disposed of.
/// </summary>
internal sealed class StackedFigures : IDisposable
{
    private readonly (PlotModel Model, OxyThickness Margins)[] _before;

    /// <summary>Aligns the figures.</summary>
    /// <param name="models">The figures.</param>
    /// <param name="width">The width of each in points.</param>
    /// <param name="height">The height of each in points.</param>
    /// <exception cref="InvalidOperationException">A figure cannot be drawn.</exception>
    internal StackedFigures(IReadOnlyList<PlotModel> models, double width, double height)
    {
        _before = [.. models.Select(model => (model, model.PlotMargins))];
        if (models.Count < 2)
            return;
        using var nowhere = new SKNWayCanvas(1, 1);
        foreach (var model in models)
        {
            using var canvas = new PlotCanvas(nowhere);
            canvas.Draw(model, width, height);
        }

        var (left, right) = (
            models.Max(model => model.ActualPlotMargins.Left),
            models.Max(model => model.ActualPlotMargins.Right)
        );
        foreach (var (model, margins) in _before)
            model.PlotMargins = new OxyThickness(left, margins.Top, right, margins.Bottom);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (model, margins) in _before)
            model.PlotMargins = margins;
    }
}
