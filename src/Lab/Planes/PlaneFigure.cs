using FlatBias.Lab.Drawing;
using FlatBias.Lab.Landscapes;
using FlatBias.Quadratic.Catalogue;

namespace FlatBias.Lab.Planes;

/// <summary>The picture of a plane, as far as it is computed.</summary>
internal static class PlaneFigure
{
    private static PlaneSettings? _flipOf;
    private static FlipAmplitude? _flip;

    private static readonly string[] Outcomes = ["converged", "went on", "diverged"];

    /// <summary>Draws what there is.</summary>
    /// <param name="settings">Settings that a job was made from.</param>
    /// <param name="rows">The rows computed; null where not yet.</param>
    public static Figure Of(PlaneSettings settings, double[]?[] rows) =>
        settings.Kind == PlaneSettings.Orbits ? Orbits(settings, rows) : Cells(settings, rows);

    /// <summary>How far it is, in words.</summary>
    public static string Progress(PlaneSettings settings, double[]?[] rows)
    {
        var done = rows.Count(row => row is not null);
        if (done < rows.Length)
            return $"{done} of {rows.Length} rows computed";
        double[] all = [.. rows.SelectMany(row => row!)];
        var none = all.Count(double.IsNaN);
        return settings.Kind == PlaneSettings.Orbits
            ? $"{rows.Length} step sizes, {rows.Count(row => row!.Length == 0)} of them diverged"
            : $"{all.Length} points, {none} without a value (grey)";
    }

    private static Figure Cells(PlaneSettings settings, double[]?[] rows)
    {
        var (columns, _) = settings.Counts();
        var (left, right) = PlaneSettings.Range("x-range", settings.XRange);
        var (bottom, top) = PlaneSettings.Range("y-range", settings.YRange);
        double[] values = [.. rows.SelectMany(row => row ?? Enumerable.Repeat(double.NaN, columns))];
        double[] finite = [.. values.Where(double.IsFinite)];
        // A point is the middle of its cell.
        var (dx, dy) = ((right - left) / (columns - 1) / 2, (top - bottom) / (rows.Length - 1) / 2);
        string[] kinds = settings.Kind switch
        {
            PlaneSettings.Outcome => Outcomes,
            PlaneSettings.Basins =>
            [
                .. Enumerable.Range(1, finite.Length == 0 ? 0 : (int)finite.Max() + 1).Select(i => $"{i}"),
            ],
            _ => [],
        };
        double[] box = [left - dx, right + dx, bottom - dy, top + dy];
        return new Figure($"{settings.Kind} of {settings.Landscape}", settings.X, settings.Y)
        {
            Raster = new(
                values,
                columns,
                box[0],
                box[1],
                box[2],
                box[3],
                finite.Length == 0 ? 0 : finite.Min(),
                finite.Length == 0 ? 1 : finite.Max(),
                Bands: 0
            )
            {
                Kinds = kinds,
            },
            Range = box,
            Zoom = true,
        };
    }

    private static Figure Orbits(PlaneSettings settings, double[]?[] rows)
    {
        var (left, right) = PlaneSettings.Range("x-range", settings.XRange);
        double[] stepSizes = PlaneJob.Spread(left, right, rows.Length);
        List<double> x = [],
            y = [];
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var value in rows[i] ?? [])
            {
                x.Add(stepSizes[i]);
                y.Add(value);
            }
        }

        List<Curve> curves = [new("orbit", x, y, "points", 0)];
        if (Flip(settings) is { } flip)
        {
            (double Low, double High)[] cycle = [.. stepSizes.Select(flip.Cycle)];
            curves.Add(new("flip normal form", stepSizes, [.. cycle.Select(ends => ends.High)], "line", 1));
            curves.Add(new("flip normal form", stepSizes, [.. cycle.Select(ends => ends.Low)], "line", 1));
        }

        return new Figure($"orbits of {settings.Landscape}", "step size η", settings.Y, curves)
        {
            Zoom = true,
            Range = [left, right],
        };
    }

    /// <summary>The normal form at the minimum, where there is one.</summary>
    private static FlipAmplitude? Flip(PlaneSettings settings)
    {
        // One plane is drawn many times while it is computed.
        if (!ReferenceEquals(_flipOf, settings))
            (_flipOf, _flip) = (settings, FindFlip(settings));
        return _flip;
    }

    private static FlipAmplitude? FindFlip(PlaneSettings settings)
    {
        var study = settings.Study();
        var start = PlaneJob.StartOf(study);
        return FlipAmplitude.At(
            LandscapeCatalogue.Build(settings.Landscape, settings.Parameters).Landscape,
            start,
            PlaneJob.Coordinate("y", settings.Y, start.Length)
        );
    }
}
