using MathNet.Numerics.Distributions;

namespace FlatBias.Dynamics.Stability;

/// <summary>How to count boxes.</summary>
/// <param name="Ratio">Boxes shrink by this from one level to the next, at least 2. Take the ratio of a self-similar set: others make the counts oscillate about the line.</param>
/// <param name="CoarsestLevel">
/// The first level that the fit may use, at least 1: boxes of the extent of the set over Ratio^level.
/// </param>
/// <param name="FinestLevel">The last level looked at, at least two above the coarsest.</param>
/// <param name="PointsPerBox">
/// The fit uses no level with fewer points an occupied box on average than this, above 1: below it, boxes are empty for
/// want of points.
/// </param>
public sealed record BoxCountingOptions(
    int Ratio = 2,
    int CoarsestLevel = 2,
    int FinestLevel = 12,
    double PointsPerBox = 10
);

/// <summary>A box-counting dimension with the fit that it comes from.</summary>
/// <param name="Dimension">The slope of log N against log(1 / box size) over the levels of the fit.</param>
/// <param name="StandardError">
/// Of the slope, eq. (10.26): from the scatter about the line, and from the trend of the slope across the fit, which is
/// how
/// far it is from its limit. Twice this covers 95 of 100 where the scatter is normal.
/// </param>
/// <param name="CoarsestLevel">The first level of the fit, chosen.</param>
/// <param name="FinestLevel">The last level of the fit, chosen.</param>
/// <param name="Counts">N, the number of occupied boxes, for the levels from 1 on.</param>
/// <param name="LocalSlopes">
/// The slopes between one level and the next, for the levels from 1 on: what the choice is made from.
/// </param>
public sealed record BoxDimension(
    double Dimension,
    double StandardError,
    int CoarsestLevel,
    int FinestLevel,
    int[] Counts,
    double[] LocalSlopes
);

/// <summary>
/// The box-counting dimension of a set of points. Boxes as large as the set see its outline, and boxes as small as its
/// spacing its points; between them local slopes agree, and there, where the error (10.26) is least, the line is
/// fitted.
/// </summary>
public static class BoxCounting
{
    /// <summary>Counts boxes, chooses the levels, and fits the slope by least squares.</summary>
    /// <param name="points">The points, dimension numbers each, one after the other; finite, not all equal.</param>
    /// <param name="dimension">The dimension of the space, from 1 to 6.</param>
    /// <param name="options">Levels to choose from.</param>
    /// <exception cref="ArgumentException">There are too few points to fit three levels, or a level has more boxes than can be numbered.</exception>
    public static BoxDimension Measure(ReadOnlySpan<double> points, int dimension, BoxCountingOptions? options = null)
    {
        options ??= new BoxCountingOptions();
        Require.InRange(dimension, 1, 6);
        Require.InRange(options.Ratio, 2, 1024);
        Require.InRange(options.CoarsestLevel, 1);
        Require.InRange(options.FinestLevel, options.CoarsestLevel + 2);
        if (!(options.PointsPerBox > 1 && double.IsFinite(options.PointsPerBox)))
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.PointsPerBox,
                $"PointsPerBox is {options.PointsPerBox}; it must be a finite number above 1."
            );
        if (points.IsEmpty || points.Length % dimension != 0)
            throw new ArgumentException(
                $"points has {points.Length} elements; it must have a positive multiple of {dimension}.",
                nameof(points)
            );
        Require.AllFinite(points);
        // Numbers up to 2^53 are exact as products of doubles.
        if (dimension * options.FinestLevel * Math.Log2(options.Ratio) > 53)
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.FinestLevel,
                $"FinestLevel is {options.FinestLevel}; it must be at most {(int)(53 / (dimension * Math.Log2(options.Ratio)))} with this ratio and dimension."
            );
        var (low, extent) = Bounds(points, dimension);
        var keys = new long[points.Length / dimension];
        var counts = new int[options.FinestLevel];
        var finest = 0;
        for (var level = 1; level <= options.FinestLevel; level++)
        {
            counts[level - 1] = Count(points, low, extent, (long)Math.Pow(options.Ratio, level), keys);
            if (keys.Length >= options.PointsPerBox * counts[level - 1])
                finest = level;
        }

        if (finest < options.CoarsestLevel + 2)
            throw new ArgumentException(
                $"{keys.Length} points fill boxes with {options.PointsPerBox} points each down to level {finest} only; the fit needs levels {options.CoarsestLevel} to {options.CoarsestLevel + 2}.",
                nameof(points)
            );
        var unit = Math.Log(options.Ratio);
        var fit = Best(counts, options.CoarsestLevel, finest, unit);
        double[] slopes = [.. counts.Zip(counts.Skip(1), (n, next) => Math.Log(next / (double)n) / unit)];
        return new BoxDimension(fit.Slope, fit.Error, fit.Coarsest, fit.Finest, counts, slopes);
    }

    private static (double[] Low, double Extent) Bounds(ReadOnlySpan<double> points, int dimension)
    {
        double[] low = [.. points[..dimension]],
            high = [.. low];
        for (var i = 0; i < points.Length; i++)
        {
            low[i % dimension] = Math.Min(low[i % dimension], points[i]);
            high[i % dimension] = Math.Max(high[i % dimension], points[i]);
        }

        var extent = low.Zip(high, (a, b) => b - a).Max();
        // Were it 0, the set would be one point: dimension 0, and nothing to fit.
        return extent > 0 && double.IsFinite(extent)
            ? (low, extent)
            : throw new ArgumentException(
                "points must not all be equal, nor further apart than float64 holds.",
                nameof(points)
            );
    }

    private static int Count(ReadOnlySpan<double> points, double[] low, double extent, long boxes, long[] keys)
    {
        for (var p = 0; p < keys.Length; p++)
        {
            var key = 0L;
            for (var i = 0; i < low.Length; i++)
                key =
                    (key * boxes)
                    + Math.Min((long)((points[(p * low.Length) + i] - low[i]) / extent * boxes), boxes - 1);
            keys[p] = key;
        }

        Array.Sort(keys);
        var count = 1;
        for (var p = 1; p < keys.Length; p++)
            if (keys[p] != keys[p - 1])
                count++;
        return count;
    }

    /// <summary>
    /// The fit of least error over at least three successive levels; of those with an error of up to twice that, the
    /// longest: the least of many estimates is partly luck.
    /// </summary>
    private static (double Slope, double Error, int Coarsest, int Finest) Best(
        int[] counts,
        int coarsest,
        int finest,
        double unit
    )
    {
        List<(double Slope, double Error, int Coarsest, int Finest)> fits = [];
        for (var first = coarsest; first + 2 <= finest; first++)
        for (var last = first + 2; last <= finest; last++)
            fits.Add(Fit(counts, first, last, unit));
        // Exact powers differ by roundings of their logarithms.
        var limit = (2 * fits.Min(fit => fit.Error)) + 1e-13;
        return fits.Where(fit => fit.Error <= limit)
            .OrderByDescending(fit => fit.Finest - fit.Coarsest)
            .ThenBy(fit => fit.Error)
            .First();
    }

    private static (double Slope, double Error, int Coarsest, int Finest) Fit(
        int[] counts,
        int first,
        int last,
        double unit
    )
    {
        var n = last - first + 1;
        double[] x = [.. Enumerable.Range(0, n).Select(i => i - ((n - 1) / 2.0))],
            y = [.. counts[(first - 1)..last].Select(count => Math.Log(count) / unit)];
        // Orthogonal to a constant: the line, and the parabola, also orthogonal to the line.
        var mean = x.Average(t => t * t);
        double[] parabola = [.. x.Select(t => (t * t) - mean)];
        var slope = Dot(x, y) / Dot(x, x);
        var bend = Dot(parabola, y) / Dot(parabola, parabola);
        var level = y.Average();
        var scatter = Enumerable.Range(0, n).Sum(i => Math.Pow(y[i] - level - (slope * x[i]), 2));
        // Few residuals say little of their own size: Student's factor, by which an interval of 95 in 100 is wider than
        // that of a normal error.
        var student = StudentT.InvCDF(0, 1, n - 2, 0.975) / Normal.InvCDF(0, 1, 0.975);
        var random = student * Math.Sqrt(scatter / (n - 2) / Dot(x, x));
        // The slope of the parabola changes by 2 bend a level: half of that from one end of the fit to the other.
        return (slope, double.Hypot(random, bend * (n - 1)), first, last);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (s, t) => s * t).Sum();
}
