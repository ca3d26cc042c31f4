using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Reports.Figures;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;
using OxyPlot;

namespace FlatBias.Reports.Viewing;

/// <summary>
/// A sweep as figures: a heat map over two axes of numbers, points over one, a series for each word of another.
/// </summary>
internal static class SweepFigures
{
    // More would not be told apart.
    private const int MostSeries = 8;

    /// <summary>Draws a sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="columns">The columns; none for the sharpness of the end.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">A column or axis is unknown, or more axes have several values than a figure
    /// has.</exception>
    /// <exception cref="RecordException">No point has a result.</exception>
    public static IReadOnlyList<PlotModel> Of(KnownSweep sweep, IReadOnlyList<string> columns, DrawingOptions options)
    {
        if (options.Smooth is not null)
            throw new ArgumentException("--smooth has no effect here: the points of a sweep have no order in time.");
        if (!sweep.Rows.Any(row => row.Row.Status == SweepStatus.Done))
            throw new RecordException(
                $"{sweep.Folder} has nothing to draw: of {sweep.Progress()} none came to an end other than by diverging or failing."
            );
        columns = columns.Count > 0 ? columns : [Columns.Sharpness.Name];
        foreach (var column in columns.Where(column => !sweep.Numbers.ContainsKey(column)))
            throw new ArgumentException(
                $"There is no column '{column}' in {sweep.Folder}; there are: {string.Join(", ", sweep.Numbers.Keys)}."
            );
        Axis[] varying = [.. sweep.Specification.Plan.Axes.Where(axis => axis.Count > 1)];
        Axis[] numbers = [.. varying.Where(axis => axis.Kind != AxisKind.Text)];
        var along = options.X is { } name
            ? numbers.FirstOrDefault(axis => axis.Name == name)
                ?? throw new ArgumentException(
                    $"--x is '{name}', and there is no axis of several numbers of that name; there are: {string.Join(", ", numbers.Select(axis => axis.Name))}."
                )
            : numbers.FirstOrDefault()
                ?? throw new ArgumentException($"{sweep.Folder} has no axis of several numbers to draw along x.");
        Axis[] others = [.. varying.Where(axis => axis != along)];
        if (others.Length > 1)
            throw new ArgumentException(
                $"{sweep.Folder} runs over {string.Join(", ", varying.Select(axis => axis.Name))}; a figure shows two axes, so the others must have one value."
            );
        var y = others.FirstOrDefault();
        return
        [
            .. columns.Select(column =>
                y is null || y.Kind == AxisKind.Text
                    ? Points(sweep.Table(column), along, y, column, IsLog(column))
                    : Plot.HeatMap(sweep.Table(column), along.Name, y.Name, n => n.Value, column, IsLog(column))
            ),
        ];

        bool IsLog(string column) => options.IsLog(sweep.Table(column).Select(row => row.Value.Value));
    }

    private static PlotModel Points(SweepTable<SweepNumber> table, Axis along, Axis? words, string column, bool logY)
    {
        if (words?.Count > MostSeries)
            throw new ArgumentException(
                $"The axis {words.Name} has {words.Count} words; a figure shows at most {MostSeries} of them."
            );
        var model = PlotStyle.Create("", along.Name, column, logY: logY);
        var points = Enumerable
            .Range(0, table.Count)
            .Where(i => table[i].Status == SweepStatus.Done)
            .Select(i => (Point: table.Plan.PointAt(i), table[i].Value.Value))
            .ToLookup(p => words is null ? "" : p.Point.Text(words.Name));
        foreach (var group in points)
            model.AddPoints(group.Key, [.. group.Select(p => p.Point[along.Name])], [.. group.Select(p => p.Value)]);
        return model;
    }
}
