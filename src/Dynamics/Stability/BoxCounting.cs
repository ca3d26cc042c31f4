namespace FlatBias.Dynamics.Stability;

/// <summary>How to count boxes.</summary>
/// <param name="Ratio">Boxes shrink by this from one level to the next, at least 2. Take the ratio of a self-similar set: others make the counts oscillate about the line.</param>
/// <param name="CoarsestLevel">The first level of the fit, at least 1: boxes of the extent of the set over Ratio^level.</param>
/// <param name="FinestLevel">The last level looked at, at least two above the coarsest.</param>
/// <param name="PointsPerBox">The fit ends at the last level with at least this many points an occupied box on average, above 1: below it, boxes are empty for want of points.</param>
public sealed record BoxCountingOptions(int Ratio = 2, int CoarsestLevel = 2, int FinestLevel = 12, double PointsPerBox = 10);

/// <summary>A box-counting dimension with the fit that it comes from.</summary>
/// <param name="Dimension">The slope of log N against log(1 / box size).</param>
/// <param name="StandardError">Of the slope, from the scatter about the line: it does not see a bend that all points share.</param>
/// <param name="CoarsestLevel">The first level of the fit.</param>
/// <param name="FinestLevel">The last level of the fit.</param>
/// <param name="Counts">N, the number of occupied boxes, for the levels from 1 on.</param>
public sealed record BoxDimension(double Dimension, double StandardError, int CoarsestLevel, int FinestLevel, int[] Counts);

/// <summary>The box-counting dimension of a set of points.</summary>
public static class BoxCounting
{
    /// <summary>Counts boxes and fits the slope by least squares.</summary>
    /// <param name="points">The points, dimension numbers each, one after the other; finite, not all equal.</param>
    /// <param name="dimension">The dimension of the space, from 1 to 6.</param>
    /// <param name="options">Levels of the fit.</param>
    /// <returns>The dimension.</returns>
    /// <exception cref="ArgumentException">There are too few points to fit three levels, or a level has more boxes than can be numbered.</exception>
    public static BoxDimension Measure(ReadOnlySpan<double> points, int dimension, BoxCountingOptions? options = null)
    {
        options ??= new BoxCountingOptions();
        Require.InRange(dimension, 1, 6);
        Require.InRange(options.Ratio, 2, 1024);
        Require.InRange(options.CoarsestLevel, 1);
        Require.InRange(options.FinestLevel, options.CoarsestLevel + 2);
        if (!(options.PointsPerBox > 1 && double.IsFinite(options.PointsPerBox)))
            throw new ArgumentOutOfRangeException(nameof(options), options.PointsPerBox, $"PointsPerBox is {options.PointsPerBox}; it must be a finite number above 1.");
        if (points.IsEmpty || points.Length % dimension != 0) throw new ArgumentException($"points has {points.Length} elements; it must have a positive multiple of {dimension}.", nameof(points));
        Require.AllFinite(points);
        // Numbers up to 2^53 are exact as products of doubles.
        if (dimension * options.FinestLevel * Math.Log2(options.Ratio) > 53)
            throw new ArgumentOutOfRangeException(nameof(options), options.FinestLevel, $"FinestLevel is {options.FinestLevel}; it must be at most {(int)(53 / (dimension * Math.Log2(options.Ratio)))} with this ratio and dimension.");
        var (low, extent) = Bounds(points, dimension);
        var keys = new long[points.Length / dimension];
        var counts = new int[options.FinestLevel];
        var finest = 0;
        for (var level = 1; level <= options.FinestLevel; level++)
        {
            counts[level - 1] = Count(points, low, extent, (long)Math.Pow(options.Ratio, level), keys);
            if (keys.Length >= options.PointsPerBox * counts[level - 1]) finest = level;
        }

        if (finest < options.CoarsestLevel + 2)
            throw new ArgumentException($"{keys.Length} points fill boxes with {options.PointsPerBox} points each down to level {finest} only; the fit needs levels {options.CoarsestLevel} to {options.CoarsestLevel + 2}.", nameof(points));
        var (slope, error) = Fit(counts, options.CoarsestLevel, finest, Math.Log(options.Ratio));
        return new BoxDimension(slope, error, options.CoarsestLevel, finest, counts);
    }

    private static (double[] Low, double Extent) Bounds(ReadOnlySpan<double> points, int dimension)
    {
        double[] low = [.. points[..dimension]], high = [.. low];
        for (var i = 0; i < points.Length; i++)
        {
            low[i % dimension] = Math.Min(low[i % dimension], points[i]);
            high[i % dimension] = Math.Max(high[i % dimension], points[i]);
        }

        var extent = low.Zip(high, (a, b) => b - a).Max();
        // Were it 0, the set would be one point: dimension 0, and nothing to fit.
        return extent > 0 && double.IsFinite(extent) ? (low, extent) : throw new ArgumentException("points must not all be equal, nor further apart than float64 holds.", nameof(points));
    }

    private static int Count(ReadOnlySpan<double> points, double[] low, double extent, long boxes, long[] keys)
    {
        for (var p = 0; p < keys.Length; p++)
        {
            var key = 0L;
            for (var i = 0; i < low.Length; i++)
                key = (key * boxes) + Math.Min((long)((points[(p * low.Length) + i] - low[i]) / extent * boxes), boxes - 1);
            keys[p] = key;
        }

        Array.Sort(keys);
        var count = 1;
        for (var p = 1; p < keys.Length; p++)
            if (keys[p] != keys[p - 1]) count++;
        return count;
    }

    private static (double Slope, double Error) Fit(int[] counts, int coarsest, int finest, double unit)
    {
        var n = finest - coarsest + 1;
        var (x, y) = ((coarsest + finest) / 2.0, Enumerable.Range(coarsest, n).Average(l => Math.Log(counts[l - 1])));
        var (xx, xy) = (0.0, 0.0);
        for (var l = coarsest; l <= finest; l++)
        {
            xx += (l - x) * (l - x);
            xy += (l - x) * (Math.Log(counts[l - 1]) - y);
        }

        var slope = xy / xx;
        var scatter = Enumerable.Range(coarsest, n).Sum(l => Math.Pow(Math.Log(counts[l - 1]) - y - (slope * (l - x)), 2));
        return (slope / unit, Math.Sqrt(scatter / (n - 2) / xx) / unit);
    }
}
