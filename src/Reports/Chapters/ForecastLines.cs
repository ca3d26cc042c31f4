using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Figures;
using OxyPlot;

namespace FlatBias.Reports.Chapters;

/// <summary>Lines of forecasts, which a run may lack.</summary>
internal static class ForecastLines
{
    /// <summary>Draws a column of a trial against its steps; a theory that declined, or says nothing of the observable, has none and leaves the figure as it is.</summary>
    public static PlotModel AddForecast(this PlotModel model, string name, SeriesTable series, string column) =>
        series.Names.Contains(column) ? model.AddLine(name, series.Array(Columns.Step), series.Array(column)) : model;
}
