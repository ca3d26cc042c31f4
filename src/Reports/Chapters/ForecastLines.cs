using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using FlatBias.Reports.Figures;
using OxyPlot;

namespace FlatBias.Reports.Chapters;

/// <summary>Lines of forecasts, which a run may lack; a theory has the same colour and dash in every figure.</summary>
internal static class ForecastLines
{
    private static readonly string[] Theories = [.. TheoryCatalogue.All.Names];

    /// <summary>Draws a column of a trial against its steps; a theory that declined, or says nothing of the observable, has none and leaves the figure as it is.</summary>
    public static PlotModel AddForecast(this PlotModel model, string name, SeriesTable series, string column) =>
        series.Names.Contains(column)
            ? model.AddTheory(Theory(column), name, series.Array(Columns.Step), series.Array(column))
            : model;

    /// <summary>Draws a line of a theory.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="theory">The theory, whose place in the catalogue says the style.</param>
    /// <param name="name">The name in the legend.</param>
    /// <param name="x">The x values.</param>
    /// <param name="y">The y values.</param>
    public static PlotModel AddTheory(
        this PlotModel model,
        string theory,
        string name,
        IReadOnlyList<double> x,
        IReadOnlyList<double> y
    )
    {
        var (colour, dash) = PlotStyle.LineOf(Array.IndexOf(Theories, theory));
        return model.AddLine(name, x, y, colour, dash);
    }

    /// <summary>The theory that a column is of: names of theories begin with those of others.</summary>
    private static string Theory(string column) =>
        Theories
            .Where(theory => column.StartsWith($"{theory}_", StringComparison.Ordinal))
            .MaxBy(theory => theory.Length)
        ?? throw new ArgumentException($"{column} is a column of no theory.");
}
