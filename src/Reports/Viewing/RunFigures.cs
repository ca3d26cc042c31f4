using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using OxyPlot;
using OxyPlot.Axes;

namespace FlatBias.Reports.Viewing;

/// <summary>How runs are drawn.</summary>
/// <param name="X">The column along x; null for the usual one of their kind.</param>
/// <param name="LogY">Whether y axes are logarithmic, and not only that of a loss that falls far.</param>
/// <param name="Smooth">Measurements in a running mean that is drawn over the values; null for the values
/// alone.</param>
internal sealed record DrawingOptions(string? X = null, bool LogY = false, int? Smooth = null)
{
    /// <summary>Whether values are drawn on a logarithmic scale, which has no place for any if none is above 0.</summary>
    public bool IsLog(IEnumerable<double> values) => LogY && values.Any(value => value > 0);
}

/// <summary>
/// The figures that runs are shown by: several in one, each under what differs between their specifications.
/// </summary>
internal static class RunFigures
{
    // A loss that falls by more than this is seen on a logarithmic axis alone.
    private const double FarFall = 30;

    // Values that are drawn beside their running mean.
    private const byte Faint = 80;
    private const double Thin = 0.6,
        Thick = 1.25;

    /// <summary>Draws runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="columns">The columns; none for the usual ones of their kind.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">A column is unknown, or the runs have none in common.</exception>
    public static IReadOnlyList<PlotModel> Of(
        IReadOnlyList<KnownRun> runs,
        IReadOnlyList<string> columns,
        DrawingOptions options
    )
    {
        var first = runs[0].Specification;
        var x = options.X ?? Panel.X(first);
        foreach (var run in runs)
        {
            if (run.Series.Rows == 0)
                throw new RecordException($"{run.Folder} holds no rows yet.");
            foreach (var column in columns.Append(x))
                Require(runs, run, column);
        }

        Panel[] panels =
        [
            .. (columns.Count > 0 ? Panel.Of(columns, first) : Panel.Of(runs[0]))
                .Select(panel => panel.With(column => runs.All(run => run.Series.Has(column))))
                .Where(panel => panel.Lines.Count > 0),
        ];
        if (panels.Length == 0)
            throw new ArgumentException(
                runs.Count == 1
                    ? $"{runs[0].Folder} has none of the usual columns; name one: {Names(runs[0])}."
                    : $"{Folders(runs)} have no usual column in common; {Common(runs)}."
            );
        var labels = RunLabels.Of(runs);
        return [.. panels.Select(panel => Draw(panel, runs, labels, x, options))];
    }

    private static PlotModel Draw(
        Panel panel,
        IReadOnlyList<KnownRun> runs,
        IReadOnlyList<string> labels,
        string x,
        DrawingOptions options
    )
    {
        double[] heights = [.. runs.SelectMany(run => panel.Lines.SelectMany(line => run.Series[line.Column]))];
        var model = PlotStyle.Create(
            heights.Any(double.IsFinite) ? "" : "no finite value",
            Panel.LabelOf(runs[0].Specification, x),
            panel.Label,
            logY: options.IsLog(heights) || FallsFar(panel, runs)
        );
        var place = 0;
        foreach (var (run, label) in runs.Zip(labels))
        foreach (var line in panel.Lines)
        {
            var name =
                panel.Lines.Count == 1 ? label
                : runs.Count == 1 ? line.Name
                : $"{label}: {line.Name}";
            double[] at = run.Series.Array(x),
                values = Values(run, line.Column, panel.Scattered);
            if (panel.Scattered)
                model.AddPoints(name, at, values, PlotStyle.ColourOf(place));
            else
                AddLine(model, name, at, values, place, options.Smooth);
            place++;
        }

        var edge = Edge.Of(runs[0].Specification).Sharpness;
        if (panel.Lines.Any(line => line.Column == edge) && !panel.Scattered)
            AddEdges(model, runs, labels, x, panel.Lines.Count);
        // A column that begins late must not move its figure against the others.
        model.Include([.. runs.SelectMany(run => run.Series[x]).Where(double.IsFinite)]);
        CutForecasts(model, panel, runs);
        return model;
    }

    /// <summary>A column; of points that are runs of their own, without those that diverged, whose ends are no results.</summary>
    private static double[] Values(KnownRun run, string column, bool ofRuns)
    {
        var values = run.Series.Array(column);
        if (!ofRuns || !run.Series.Has(GridColumns.Reason))
            return values;
        var reasons = run.Series[GridColumns.Reason];
        return [.. values.Select((value, row) => (StopReason)reasons[row] == StopReason.Diverged ? double.NaN : value)];
    }

    private static void AddLine(PlotModel model, string name, double[] x, double[] y, int place, int? smooth)
    {
        var (colour, dash) = (PlotStyle.ColourOf(place), PlotStyle.DashOf(place));
        if (smooth is not { } width)
        {
            model.AddLine(name, x, y, colour, dash, Thick);
            return;
        }

        model.AddLine("", x, y, OxyColor.FromAColor(Faint, colour), LineStyle.Solid, Thin);
        model.AddLine(name, x, RunningMean.Of(y, width), colour, dash, Thick);
    }

    private static void AddEdges(
        PlotModel model,
        IReadOnlyList<KnownRun> runs,
        IReadOnlyList<string> labels,
        string x,
        int columns
    )
    {
        double[][] edges = [.. runs.Select(run => Edge.Of(run.Specification).Along(run.Series))];
        if (edges.All(edge => edge.All(double.IsNaN)))
            return;
        var name = runs.All(run => Edge.Of(run.Specification).IsPlain) ? "edge 2/η" : "edge";
        var height = edges[0].FirstOrDefault(double.IsFinite);
        if (edges.All(edge => edge.All(value => value == height)))
        {
            model.AddHorizontal(name, height);
            return;
        }

        for (var i = 0; i < runs.Count; i++)
            model.AddLine(
                runs.Count == 1 ? name : $"{name}, {labels[i]}",
                runs[i].Series.Array(x),
                edges[i],
                OxyColor.FromAColor(200, PlotStyle.ColourOf(i * columns)),
                LineStyle.Dash,
                Thin
            );
    }

    /// <summary>Keeps the range of the runs in sight where a forecast leaves it far behind.</summary>
    private static void CutForecasts(PlotModel model, Panel panel, IReadOnlyList<KnownRun> runs)
    {
        var axis = model.Axes.Single(axis => axis.Position == AxisPosition.Left);
        var log = axis is LogarithmicAxis;
        var own = Finite(panel.Lines.Where(line => !line.IsForecast));
        var forecast = Finite(panel.Lines.Where(line => line.IsForecast));
        if (own.Length == 0 || forecast.Length == 0)
            return;
        var (low, high) = (own.Min(), own.Max());
        var room = (high - low) / 2;
        if (forecast.Max() > high + room && room > 0)
            axis.Maximum = high + room;
        if (forecast.Min() < low - room && room > 0)
            axis.Minimum = log ? low / 2 : low - room;

        double[] Finite(IEnumerable<PanelLine> lines) =>
            [
                .. lines
                    .SelectMany(line => runs.SelectMany(run => run.Series[line.Column]))
                    .Where(value => double.IsFinite(value) && (!log || value > 0)),
            ];
    }

    private static bool FallsFar(Panel panel, IReadOnlyList<KnownRun> runs)
    {
        if (panel.Lines[0].Column != Columns.Loss.Name)
            return false;
        double[] losses = [.. runs.SelectMany(run => run.Series[Columns.Loss]).Where(double.IsFinite)];
        return losses.Length > 0 && losses.Min() > 0 && losses.Max() / losses.Min() > FarFall;
    }

    private static void Require(IReadOnlyList<KnownRun> runs, KnownRun run, string column)
    {
        if (run.Series.Has(column))
            return;
        if (runs.Count > 1 && runs.Any(other => other.Series.Has(column)))
            throw new ArgumentException($"{run.Folder} has no column '{column}'; {Common(runs)}.");
        throw new ArgumentException($"There is no column '{column}' in {run.Folder}; there are: {Names(run)}.");
    }

    private static string Common(IReadOnlyList<KnownRun> runs)
    {
        var common = runs[0].Series.Names.Where(name => runs.All(run => run.Series.Has(name))).ToArray();
        return common.Length == 0
            ? $"{Folders(runs)} have no column in common"
            : $"{Folders(runs)} have in common: {string.Join(", ", common)}";
    }

    private static string Folders(IReadOnlyList<KnownRun> runs) => string.Join(" and ", runs.Select(run => run.Folder));

    private static string Names(KnownRun run) => string.Join(", ", run.Series.Names);
}
