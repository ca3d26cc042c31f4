using FlatBias.Dynamics;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FlatBias.Reports.Figures;

public static partial class PlotStyle
{
    private const int Shades = 128;
    private const int MarksAcross = 24;
    private const int MarksUp = 10;

    // Lighter than every colour of the map, which ends in a yellow: missing cells are this grey, and crossed as well.
    private static readonly OxyColor MissingColour = OxyColor.FromRgb(0xED, 0xED, 0xED);

    /// <summary>
    /// Creates a heat map with a labelled colour axis. Its palette (viridis) is perceptually uniform and rises in lightness, so that it
    /// survives greyscale. Cells without a value are light grey with crosses, and the legend says what that means.
    /// </summary>
    /// <param name="title">The title; empty for none.</param>
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
        string title,
        string xLabel,
        string yLabel,
        string cLabel,
        IReadOnlyList<double> x,
        IReadOnlyList<double> y,
        double[,] values,
        bool logC = false,
        string missing = "diverged"
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        return Cells(title, xLabel, yLabel, x, y, values, logC, missing, shown => ColourAxis(cLabel, shown, logC));
    }

    /// <summary>Creates a map of what came of each cell: one of a few outcomes, whose colours the legend names.</summary>
    /// <param name="title">The title; empty for none.</param>
    /// <param name="xLabel">The x axis' label, with the unit.</param>
    /// <param name="yLabel">The y axis' label, with the unit.</param>
    /// <param name="x">The cells' x values, as of a heat map.</param>
    /// <param name="y">The cells' y values.</param>
    /// <param name="outcomes">The places of the outcomes among the names, indexed [x, y]; NaN where there is none.</param>
    /// <param name="names">The names, at least two.</param>
    /// <param name="missing">What a missing outcome means, for the legend.</param>
    /// <exception cref="ArgumentException">The sizes differ, or the grid is not even.</exception>
    internal static PlotModel OutcomeMap(
        string title,
        string xLabel,
        string yLabel,
        IReadOnlyList<double> x,
        IReadOnlyList<double> y,
        double[,] outcomes,
        IReadOnlyList<string> names,
        string missing
    )
    {
        var palette = OxyPalettes.Viridis(names.Count);
        var model = Cells(title, xLabel, yLabel, x, y, outcomes, log: false, missing, _ => Axis());
        foreach (var (name, colour) in names.Zip(palette.Colors))
            model.Series.Add(new LegendKey { Title = name, Fill = colour });
        return model;

        // Each outcome in the middle of its colour; the legend stands for the axis.
        LinearColorAxis Axis() =>
            new()
            {
                Palette = palette,
                InvalidNumberColor = MissingColour,
                Position = AxisPosition.None,
                Minimum = -0.5,
                Maximum = names.Count - 0.5,
            };
    }

    private static PlotModel Cells(
        string title,
        string xLabel,
        string yLabel,
        IReadOnlyList<double> x,
        IReadOnlyList<double> y,
        double[,] values,
        bool log,
        string missing,
        Func<double[,], Axis> colours
    )
    {
        var (logX, logY) = (IsLogGrid(x, nameof(x)), IsLogGrid(y, nameof(y)));
        Require.Length(values.GetLength(0), x.Count, "values, along x,");
        Require.Length(values.GetLength(1), y.Count, "values, along y,");

        var shown = Shown(values, log, out var holes);
        var model = Create(title, xLabel, yLabel, logX, logY);
        foreach (var axis in model.Axes)
        {
            axis.MinimumPadding = axis.MaximumPadding = 0;
            axis.MajorGridlineStyle = LineStyle.None;
        }

        model.Axes.Add(colours(shown));
        model.Series.Add(
            new HeatMapSeries
            {
                X0 = x[0],
                X1 = x[^1],
                Y0 = y[0],
                Y1 = y[^1],
                Data = shown,
                Interpolate = false,
                RenderMethod = HeatMapRenderMethod.Rectangles,
                EdgeRenderingMode = EdgeRenderingMode.PreferSpeed,
            }
        );
        if (holes.Count > 0)
            model.Series.Add(MissingMarks(x, y, holes, missing));
        return model;
    }

    private static double[,] Shown(double[,] values, bool log, out List<(int X, int Y)> holes)
    {
        var shown = (double[,])values.Clone();
        holes = [];
        for (var i = 0; i < values.GetLength(0); i++)
        {
            for (var j = 0; j < values.GetLength(1); j++)
            {
                if (CanBeDrawn(values[i, j], log))
                    continue;
                shown[i, j] = double.NaN;
                holes.Add((i, j));
            }
        }

        return shown;
    }

    private static Axis ColourAxis(string label, double[,] shown, bool log)
    {
        var palette = OxyPalettes.Viridis(Shades);
        Axis axis = log
            ? new LabelledLogarithmicColorAxis { Palette = palette, InvalidNumberColor = MissingColour }
            : new LinearColorAxis { Palette = palette, InvalidNumberColor = MissingColour };
        TickLabels.Use(axis, log);
        axis.Position = AxisPosition.Right;
        axis.Title = label;
        axis.TitleColor = axis.TextColor = Ink;
        axis.TicklineColor = FrameColour;
        axis.AxisDistance = 6;
        axis.AxisTitleDistance = 10;
        axis.IntervalLength = TickDistance(log);
        axis.EdgeRenderingMode = EdgeRenderingMode.PreferSpeed;

        // One value for all cells, or none at all, still needs an axis with two ends.
        var finite = shown.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(1).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        if (low == high)
        {
            var margin = Math.Max(1e-9, Math.Abs(low) / 2);
            (low, high) = log ? (Math.Max(low / 2, double.Epsilon), low * 2) : (low - margin, low + margin);
        }

        (axis.Minimum, axis.Maximum) = (Math.Max(low, -double.MaxValue), Math.Min(high, double.MaxValue));
        return axis;
    }

    // A line without its stroke: a scatter series would take its colours from the colour axis, and draw nothing for lack of values.
    private static LegendKey MissingMarks(
        IReadOnlyList<double> x,
        IReadOnlyList<double> y,
        List<(int X, int Y)> holes,
        string meaning
    )
    {
        var (strideX, strideY) = ((x.Count - 1) / MarksAcross + 1, (y.Count - 1) / MarksUp + 1);
        var marks = new LegendKey
        {
            Title = TitleOf(meaning),
            Fill = MissingColour,
            Color = OxyColors.Transparent,
            LineStyle = LineStyle.None,
            MinimumSegmentLength = 0,
            MarkerType = MarkerType.Cross,
            MarkerStroke = ReferenceColour,
            MarkerStrokeThickness = 0.6,
            MarkerSize = 1.75,
        };

        // Lone holes between the strides are still grey; a region of them is crossed.
        marks.Points.AddRange(
            holes
                .Where(hole => hole.X % strideX == 0 && hole.Y % strideY == 0)
                .Select(hole => new DataPoint(x[hole.X], y[hole.Y]))
        );
        return marks;
    }

    private static bool IsLogGrid(IReadOnlyList<double> grid, string name)
    {
        ArgumentNullException.ThrowIfNull(grid, name);
        Require.InRange(grid.Count, 2, name: $"{name}.Count");
        if (IsEven(grid))
            return false;
        if (grid.All(value => value > 0) && IsEven([.. grid.Select(value => Math.Log(value))]))
            return true;
        throw new ArgumentException($"{name} must rise evenly, or its logarithm must.", name);
    }

    private static bool IsEven(IReadOnlyList<double> grid)
    {
        var step = (grid[^1] - grid[0]) / (grid.Count - 1);
        return double.IsFinite(step)
            && step > 0
            && Enumerable
                .Range(0, grid.Count)
                .All(i => Math.Abs(grid[i] - grid[0] - i * step) <= 1e-6 * step * grid.Count);
    }
}
