using System.Diagnostics;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Sweeps;
using OxyPlot;

namespace FlatBias.Reports.Figures;

/// <summary>
/// Figures in one line, for scripts: series, heat maps and orbit diagrams in the style of <see cref="PlotStyle"/>, whose methods add to them. They are OxyPlot's own
/// <see cref="PlotModel"/>, so that everything else is changed by what OxyPlot offers: <c>plot.Title</c>, <c>plot.Axes</c>, <c>plot.Annotations</c>.
/// </summary>
/// <remarks>A plot model is not thread-safe: build and draw one on a single thread.</remarks>
public static class Plot
{
    // Points of an orbit diagram are many; in points on paper.
    private const double OrbitPoint = 0.5;

    /// <summary>Draws a line through numbers.</summary>
    /// <param name="xLabel">The x axis' label, with the unit.</param>
    /// <param name="yLabel">The y axis' label, with the unit.</param>
    /// <param name="x">The x values. NaN and infinite values, and those not above 0 on a logarithmic axis, leave a gap.</param>
    /// <param name="y">The y values, as many.</param>
    /// <param name="name">The name in the legend; empty for none.</param>
    /// <param name="logX">Whether the x axis is logarithmic.</param>
    /// <param name="logY">Whether the y axis is logarithmic.</param>
    /// <returns>The figure, to which <see cref="PlotStyle.AddLine"/> adds further lines.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static PlotModel Series(
        string xLabel,
        string yLabel,
        IReadOnlyList<double> x,
        IReadOnlyList<double> y,
        string name = "",
        bool logX = false,
        bool logY = false
    ) => PlotStyle.Create("", xLabel, yLabel, logX, logY).AddLine(name, x, y);

    /// <summary>Draws a column of a run's series against another.</summary>
    /// <param name="series">The series.</param>
    /// <param name="x">The column along the x axis, such as "step"; it labels the axis.</param>
    /// <param name="y">The column along the y axis; it labels the axis.</param>
    /// <param name="logX">Whether the x axis is logarithmic.</param>
    /// <param name="logY">Whether the y axis is logarithmic.</param>
    /// <exception cref="ArgumentException">There is no such column; the message lists those there are.</exception>
    public static PlotModel Series(SeriesTable series, string x, string y, bool logX = false, bool logY = false)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Series(x, y, series[x], series[y], "", logX, logY);
    }

    /// <summary>Draws several columns of a run's series against another, each named in the legend.</summary>
    /// <param name="series">The series.</param>
    /// <param name="x">The column along the x axis, such as "step"; it labels the axis.</param>
    /// <param name="columns">The columns along the y axis, at least one.</param>
    /// <param name="yLabel">The y axis' label, with the unit.</param>
    /// <param name="logX">Whether the x axis is logarithmic.</param>
    /// <param name="logY">Whether the y axis is logarithmic.</param>
    /// <exception cref="ArgumentException">There is no such column, and the message lists those there are; or none is asked for.</exception>
    public static PlotModel Series(
        SeriesTable series,
        string x,
        IReadOnlyList<string> columns,
        string yLabel,
        bool logX = false,
        bool logY = false
    )
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(columns);
        Require.InRange(columns.Count, 1, name: "columns.Count");
        var model = PlotStyle.Create("", x, yLabel, logX, logY);
        foreach (var column in columns)
            model.AddLine(column, series[x], series[column]);
        return model;
    }

    /// <summary>Draws numbers on a grid as colours.</summary>
    /// <param name="xLabel">The x axis' label, with the unit.</param>
    /// <param name="yLabel">The y axis' label, with the unit.</param>
    /// <param name="cLabel">The colour axis' label, with the unit.</param>
    /// <param name="x">The cells' x values, at least 2, rising, evenly spaced; when the logarithms are even instead, the axis is logarithmic.</param>
    /// <param name="y">The cells' y values, likewise.</param>
    /// <param name="values">The values, indexed [x, y]. NaN and infinite values, and those not above 0 on a logarithmic scale, are missing.</param>
    /// <param name="logC">Whether the colour axis is logarithmic.</param>
    /// <param name="missing">What a missing value means, for the legend.</param>
    /// <exception cref="ArgumentException">The sizes differ, or the grid is not even.</exception>
    public static PlotModel HeatMap(
        string xLabel,
        string yLabel,
        string cLabel,
        IReadOnlyList<double> x,
        IReadOnlyList<double> y,
        double[,] values,
        bool logC = false,
        string missing = "diverged"
    ) => PlotStyle.HeatMap("", xLabel, yLabel, cLabel, x, y, values, logC, missing);

    /// <summary>Draws a sweep over two axes as colours. Points that diverged, failed or were not run have none; the legend says which of these there are.</summary>
    /// <typeparam name="T">What the sweep measured.</typeparam>
    /// <param name="table">The sweep. Axes other than the two must have a single value.</param>
    /// <param name="x">The axis along x, of at least 2 numbers, evenly spaced or with even logarithms; it labels the axis.</param>
    /// <param name="y">The axis along y, likewise.</param>
    /// <param name="select">The number to draw, from a measurement.</param>
    /// <param name="cLabel">The colour axis' label, with the unit.</param>
    /// <param name="logC">Whether the colour axis is logarithmic.</param>
    /// <exception cref="ArgumentException">There is no such axis, it holds words or is not even, or a third axis has several values.</exception>
    public static PlotModel HeatMap<T>(
        SweepTable<T> table,
        string x,
        string y,
        Func<T, double> select,
        string cLabel,
        bool logC = false
    )
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(select);
        var (xValues, yValues) = (Rising(table, x), Rising(table, y));
        if (x == y)
            throw new ArgumentException($"x and y are both {x}; they must be different axes.", nameof(y));
        if (table.Plan.Axes.FirstOrDefault(axis => axis.Name != x && axis.Name != y && axis.Count > 1) is { } third)
            throw new ArgumentException(
                $"The sweep also runs over {third.Name} ({third.Count} values); a heat map shows two axes, the others must have one value.",
                nameof(table)
            );
        var values = new double[xValues.Length, yValues.Length];
        for (var i = 0; i < table.Count; i++)
        {
            var point = table.Plan.PointAt(i);
            values[Array.IndexOf(xValues, point[x]), Array.IndexOf(yValues, point[y])] =
                table[i].Status == SweepStatus.Done ? select(table[i].Value!) : double.NaN;
        }

        return HeatMap(x, y, cLabel, xValues, yValues, values, logC, Missing(table));
    }

    /// <summary>Draws an orbit diagram: every recorded value above its parameter. Parameters whose orbit diverged are shaded.</summary>
    /// <param name="columns">The columns, as <see cref="OrbitDiagram.Compute"/> returns them, in any order; at least one.</param>
    /// <param name="parameter">The x axis' label.</param>
    /// <param name="coordinate">The y axis' label.</param>
    /// <exception cref="ArgumentException">There are no columns.</exception>
    public static PlotModel OrbitDiagram(IReadOnlyList<DiagramColumn> columns, string parameter, string coordinate)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Require.InRange(columns.Count, 1, name: "columns.Count");
        DiagramColumn[] sorted = [.. columns.OrderBy(column => column.Parameter)];
        var model = PlotStyle
            .Create("", parameter, coordinate)
            .AddPoints(
                "",
                [.. sorted.SelectMany(column => column.Values.Select(_ => column.Parameter))],
                [.. sorted.SelectMany(column => column.Values)],
                OxyColors.Black,
                MarkerType.Square,
                OrbitPoint
            );
        for (var i = 0; i < sorted.Length; i++)
            if (sorted[i].DivergedAt is not null)
                model.AddShade(Between(sorted, i - 1, i), Between(sorted, i, i + 1), "diverged");
        return model;
    }

    /// <summary>
    /// Draws the density of a spectrum on a logarithmic scale with its band, and marks the eigenvalues known one by
    /// one, each
    /// at the height that a single one has.
    /// </summary>
    /// <param name="spectrum">The spectrum.</param>
    /// <param name="width">The standard deviation that each eigenvalue is widened by, above 0; null for the finest that
    /// was resolved.</param>
    public static PlotModel Density(Spectrum spectrum, double? width = null)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        return Density([("", spectrum)], width);
    }

    /// <summary>Draws the densities of several spectra over each other, as those of a run at several steps.</summary>
    /// <param name="spectra">Name and spectrum of each, at least one.</param>
    /// <param name="width">The standard deviation that each eigenvalue is widened by, above 0; null for the finest that
    /// was resolved of each.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PlotModel Density(IReadOnlyList<(string Name, Spectrum Spectrum)> spectra, double? width = null)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        Require.InRange(spectra.Count, 1, name: "spectra.Count");
        return Density([
            .. spectra.Select(s =>
                (
                    s.Name,
                    s.Spectrum.Density(width),
                    s.Spectrum.Leading.Concat(s.Spectrum.Trailing).ToArray(),
                    s.Spectrum.Dimension
                )
            ),
        ]);
    }

    /// <summary>Draws densities over each other.</summary>
    internal static PlotModel Density(
        IReadOnlyList<(string Name, SpectralDensity Density, double[] Known, int Dimension)> spectra
    )
    {
        var model = PlotStyle.Create("", "eigenvalue of the Hessian λ", "density (1/λ)", logY: true);
        var lowest = double.PositiveInfinity;
        for (var i = 0; i < spectra.Count; i++)
        {
            var ((name, density, known, dimension), colour) = (spectra[i], PlotStyle.ColourOf(i));
            // Below a single eigenvalue there is nothing but the tails of Gaussians.
            var single = 1 / (dimension * density.Width * Math.Sqrt(2 * Math.PI));
            lowest = Math.Min(lowest, single / 10);
            model
                .AddLine(name, density.Grid, density.Values, colour, PlotStyle.DashOf(i))
                .AddBand(
                    i == 0 ? "95 % band" : "",
                    density.Grid,
                    [.. density.Values.Zip(density.Errors, (value, error) => value - error)],
                    [.. density.Values.Zip(density.Errors, (value, error) => value + error)]
                )
                .AddPoints(
                    i == 0 ? "known one by one" : "",
                    known,
                    [.. known.Select(_ => single)],
                    colour,
                    MarkerType.Circle
                );
        }

        if (double.IsFinite(lowest) && lowest > 0)
            model.Axes.Single(axis => axis.Position == OxyPlot.Axes.AxisPosition.Left).Minimum = lowest;
        return model;
    }

    /// <summary>Writes a figure at the size that it has on paper. The file is replaced whole, or left as it was when drawing fails.</summary>
    /// <param name="model">The figure.</param>
    /// <param name="path">The file; its extension (.pdf, .svg or .png) is the format.</param>
    /// <param name="widthMm">The width in millimetres, above 0.</param>
    /// <param name="heightMm">The height in millimetres, above 0.</param>
    /// <exception cref="ArgumentException">The extension is unknown.</exception>
    /// <exception cref="Drawing.FontNotFoundException">No usable font is installed.</exception>
    /// <exception cref="InvalidOperationException">The figure cannot be drawn.</exception>
    public static void Save(this PlotModel model, string path, double widthMm = 160, double heightMm = 100) =>
        FigureExport.Save(model, path, widthMm, heightMm);

    /// <summary>Writes figures below each other into one file, with equal x values above each other.</summary>
    /// <param name="models">The figures, at least one.</param>
    /// <param name="path">The file; its extension (.pdf, .svg or .png) is the format.</param>
    /// <param name="widthMm">The width in millimetres, above 0.</param>
    /// <param name="heightMm">The height of each figure in millimetres, above 0.</param>
    /// <exception cref="ArgumentException">The extension is unknown, or there are no figures.</exception>
    /// <exception cref="Drawing.FontNotFoundException">No usable font is installed.</exception>
    /// <exception cref="InvalidOperationException">A figure cannot be drawn.</exception>
    public static void Save(
        this IReadOnlyList<PlotModel> models,
        string path,
        double widthMm = 160,
        double heightMm = 70
    )
    {
        ArgumentNullException.ThrowIfNull(models);
        FigureExport.Save(models, path, widthMm, heightMm);
    }

    /// <summary>
    /// The figure as the text of an SVG drawing, for a page or a notebook; docs/package.md says how notebooks show
    /// figures by themselves.
    /// </summary>
    /// <param name="model">The figure.</param>
    /// <param name="widthMm">The width in millimetres, above 0.</param>
    /// <param name="heightMm">The height in millimetres, above 0.</param>
    /// <exception cref="Drawing.FontNotFoundException">No usable font is installed.</exception>
    /// <exception cref="InvalidOperationException">The figure cannot be drawn.</exception>
    public static string ToSvg(this PlotModel model, double widthMm = 160, double heightMm = 100)
    {
        ArgumentNullException.ThrowIfNull(model);
        return FigureExport.ToSvg(model, widthMm, heightMm);
    }

    private static double[] Rising<T>(SweepTable<T> table, string name)
    {
        var axis =
            table.Plan.Axes.FirstOrDefault(a => a.Name == name)
            ?? throw new ArgumentException(
                $"There is no axis '{name}'; there are: {string.Join(", ", table.Plan.Axes.Select(a => a.Name))}.",
                nameof(name)
            );
        return [.. Enumerable.Range(0, axis.Count).Select(axis.Number).Order()];
    }

    private static string Missing<T>(SweepTable<T> table)
    {
        var meanings = table
            .Select(row => row.Status)
            .Where(status => status != SweepStatus.Done)
            .Distinct()
            .Order()
            .Select(status =>
                status switch
                {
                    SweepStatus.Diverged => "diverged",
                    SweepStatus.Failed => "failed",
                    SweepStatus.NotRun => "not run",
                    _ => throw new UnreachableException($"status is {status}"),
                }
            );
        return string.Join(", ", meanings.DefaultIfEmpty("no value"));
    }

    // Half-way to the neighbour, so that one diverged parameter has a width.
    private static double Between(DiagramColumn[] sorted, int left, int right) =>
        (sorted[Math.Max(left, 0)].Parameter + sorted[Math.Min(right, sorted.Length - 1)].Parameter) / 2;
}
