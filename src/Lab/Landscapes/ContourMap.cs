using System.Globalization;
using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Lab.Drawing;

namespace FlatBias.Lab.Landscapes;

/// <summary>
/// The map: contours of the loss in the plane of two coordinates through the start, the run and gradient flow.
/// </summary>
internal static class ContourMap
{
    private const int Columns = 72,
        Rows = 54,
        Bands = 24,
        Points = 301;

    /// <summary>The map of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="previous">
    /// The map before, whose contours are taken over where they are the same; null for none.
    /// </param>
    /// <param name="keepRange">Whether the edges stay as they were, as while the start is dragged.</param>
    public static Figure Of(LandscapeRun run, Figure? previous, bool keepRange)
    {
        if (run.X == run.Y)
            return Profile(run);
        var range = Range(run, previous, keepRange);
        var raster =
            previous?.Raster is { } old && previous.Title == Title(run) && Same(old, range) ? old : Loss(run, range);
        List<Curve> curves = [new("run", run.Coordinate(run.X), run.Coordinate(run.Y), "path", 1)];
        if (run.Flow.Length > 0)
            curves.Add(new("gradient flow", run.Flow[run.X], run.Flow[run.Y], "dash", 5));
        return new Figure(Title(run), $"θ{Subscript(run.X + 1)}", $"θ{Subscript(run.Y + 1)}", curves)
        {
            Raster = raster,
            Handle = [run.Start[run.X], run.Start[run.Y]],
            Path = 0,
            Group = LandscapeFigures.Group,
            Range = range,
        };
    }

    /// <summary>The loss along one coordinate, where both axes are the same.</summary>
    private static Figure Profile(LandscapeRun run)
    {
        var (left, right) = Extent(run, run.X);
        double[] theta = [.. run.Start],
            xs = new double[Points],
            losses = new double[Points];
        for (var i = 0; i < Points; i++)
        {
            xs[i] = theta[run.X] = left + ((right - left) * i / (Points - 1));
            losses[i] = run.Landscape.Loss(theta);
        }

        return new Figure(
            Title(run),
            $"θ{Subscript(run.X + 1)}",
            "loss",
            new Curve("loss", xs, losses, "line", 0),
            new Curve("run", run.Coordinate(run.X), run.Series[FlatBias.Dynamics.Observables.Columns.Loss], "path", 1)
        )
        {
            Path = 1,
            Group = LandscapeFigures.Group,
            Range = [left, right, losses.Min(), losses.Max()],
        };
    }

    /// <summary>The landscape and the plane; other coordinates are those of the start.</summary>
    private static string Title(LandscapeRun run)
    {
        var rest = string.Join(',', run.Start.Where((_, i) => i != run.X && i != run.Y).Select(v => $"{v:R}"));
        var parameters = string.Join(',', run.Settings.Parameters.Select(p => $"{p.Key}={p.Value}"));
        return $"{run.Landscape.Name} {parameters} {run.X + 1},{run.Y + 1} {rest}";
    }

    private static double[] Range(LandscapeRun run, Figure? previous, bool keepRange)
    {
        if (run.Settings.Map.Length > 0)
        {
            var map = FieldException.Guard(_ => "map", () => ParameterValues.ParseList("map", run.Settings.Map));
            return map.Length == 4 && map[0] < map[1] && map[2] < map[3]
                ? map
                : throw new FieldException("map", "The map's edges are four numbers: left, right, bottom, top.");
        }

        if (keepRange && previous is not null)
            return previous.Range;
        var (left, right) = Extent(run, run.X);
        var (bottom, top) = Extent(run, run.Y);
        return [left, right, bottom, top];
    }

    /// <summary>
    /// What holds a coordinate of start, run and flow, with a margin. A run that diverges would shrink all the rest to
    /// a point: what lies further from the start than twenty times its median distance is left outside.
    /// </summary>
    private static (double Low, double High) Extent(LandscapeRun run, int coordinate)
    {
        var start = run.Start[coordinate];
        double[] path = [.. run.Coordinate(coordinate).Where(double.IsFinite)];
        if (run.Reason == StopReason.Diverged)
        {
            double[] distances = [.. path.Select(value => Math.Abs(value - start)).Order()];
            var limit = 20 * distances[distances.Length / 2];
            path = [.. path.Where(value => Math.Abs(value - start) <= limit)];
        }

        double[] flow = run.Flow.Length > 0 ? [.. run.Flow[coordinate].Where(double.IsFinite)] : [];
        double[] all = [start, .. path, .. flow];
        var (low, high) = (all.Min(), all.Max());
        var margin = high > low ? 0.12 * (high - low) : Math.Max(0.5, 0.5 * Math.Abs(start));
        return (low - margin, high + margin);
    }

    private static bool Same(Raster raster, double[] range) =>
        raster.Left == range[0] && raster.Right == range[1] && raster.Bottom == range[2] && raster.Top == range[3];

    /// <summary>
    /// The logarithm of the loss above its least value on the map: valleys span many orders of magnitude.
    /// </summary>
    private static Raster Loss(LandscapeRun run, double[] range)
    {
        var values = new double[Columns * Rows];
        double[] theta = [.. run.Start];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                theta[run.X] = range[0] + ((range[1] - range[0]) * column / (Columns - 1));
                theta[run.Y] = range[2] + ((range[3] - range[2]) * row / (Rows - 1));
                values[(row * Columns) + column] = run.Landscape.Loss(theta);
            }
        }

        double[] finite = [.. values.Where(double.IsFinite).Order()];
        if (finite.Length == 0)
            return Make(values, 0, 1);
        var least = finite[0];
        // The offset keeps the floor from minus infinity: a thousandth of the median height.
        var offset = Math.Max((finite[finite.Length / 2] - least) * 1e-3, double.Epsilon);
        for (var i = 0; i < values.Length; i++)
            values[i] = double.IsFinite(values[i]) ? Math.Log10(values[i] - least + offset) : double.NaN;
        return Make(values, Math.Log10(offset), Math.Log10(finite[^1] - least + offset));

        Raster Make(double[] shown, double low, double high) =>
            new(shown, Columns, range[0], range[1], range[2], range[3], low, high, Bands)
            {
                Label = "log₁₀ of the loss above its least here",
            };
    }

    /// <summary>A whole number in subscript.</summary>
    public static string Subscript(int index) =>
        string.Concat(index.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('₀' + digit - '0')));

    /// <summary>
    /// A coordinate dragged on the map, to a thousandth of the map's width: no finer than the hand that drags.
    /// </summary>
    public static double Rounded(double value, double extent)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(extent)) - 3);
        // Divided by a whole number where the unit is a fraction, so that the text is short.
        return unit < 1
            ? Math.Round(value * Math.Round(1 / unit)) / Math.Round(1 / unit)
            : Math.Round(value / unit) * unit;
    }
}
