using OxyPlot;
using OxyPlot.Axes;

namespace FlatBias.Reports.Drawing;

/// <summary>
/// Breaks the labels of a plot into lines while it is drawn at one size, and hides their subscripts and superscripts and
/// those of tick labels from OxyPlot, for <see cref="ScriptText"/> to set; puts them back when disposed of. OxyPlot cuts off
/// a title that is wider than the figure, and cannot know the width before it draws.
/// </summary>
internal sealed class FittedLabels : IDisposable
{
    // Rough, because the plot area is known only when it is drawn: titles are centred over it, beside the tick labels.
    private const double TitleShare = 0.78;
    private const double SideShare = 0.62;
    private const double LegendSymbol = 60;

    private readonly List<Action> _restores = [];
    private readonly IRenderContext _measurer;
    private readonly PlotModel _model;

    /// <summary>Breaks the labels.</summary>
    /// <param name="model">The plot.</param>
    /// <param name="measurer">Measures text.</param>
    /// <param name="width">The width of the plot in points.</param>
    /// <param name="height">Its height in points.</param>
    internal FittedLabels(PlotModel model, IRenderContext measurer, double width, double height)
    {
        _model = model;
        _measurer = measurer;
        Fit(model.Title, model.TitleFontSize, model.TitleFontWeight, width * TitleShare, text => model.Title = text);
        foreach (var axis in model.Axes)
        {
            var room = axis.Position is AxisPosition.Left or AxisPosition.Right
                ? height * SideShare
                : width * TitleShare;
            Fit(axis.Title, axis.TitleFontSize, axis.TitleFontWeight, room, text => axis.Title = text);
            if (axis.LabelFormatter is { } ticks)
            {
                axis.LabelFormatter = value => ScriptText.Hidden(ticks(value));
                _restores.Add(() => axis.LabelFormatter = ticks);
            }
        }

        var legendSize = model.Legends.FirstOrDefault()?.LegendFontSize ?? double.NaN;
        foreach (var series in model.Series)
            Fit(series.Title, legendSize, FontWeights.Normal, width - LegendSymbol, text => series.Title = text);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var restore in _restores)
            restore();
    }

    private void Fit(string? text, double size, double weight, double room, Action<string> set)
    {
        if (string.IsNullOrEmpty(text))
            return;
        var actual = double.IsNaN(size) ? _model.DefaultFontSize : size;
        var hidden = ScriptText.Hidden(text);
        _restores.Add(() => set(text));
        if (Width(hidden) <= room)
        {
            set(hidden);
            return;
        }

        var lines = new List<string>();
        foreach (var word in hidden.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Width($"{lines[^1]} {word}") <= room)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        }

        set(string.Join('\n', lines));

        double Width(string line) => _measurer.MeasureText(line, _model.DefaultFont, actual, weight).Width;
    }
}
