using OxyPlot;

namespace FlatBias.Reports.Figures;

/// <summary>
/// Thins series to what paper can show. A period-2 oscillation is lost by taking every n-th point, so each bucket, about a point of
/// the page wide, keeps its first, last, lowest and highest point in their order: the drawn outline does not change.
/// </summary>
internal static class Decimation
{
    /// <summary>Series up to this length are drawn as they are.</summary>
    internal const int Limit = 2000;

    private const int Buckets = 500;
    private const int Columns = 1200;
    private const int Rows = 900;

    /// <summary>Thins a line. Undefined points are gaps, of which each bucket keeps one.</summary>
    /// <param name="points">The points in order.</param>
    /// <param name="logX">Whether the x axis is logarithmic.</param>
    /// <returns>A subsequence of the points, at most about seven to a bucket.</returns>
    internal static List<DataPoint> Line(IReadOnlyList<DataPoint> points, bool logX = false)
    {
        if (points.Count <= Limit)
            return [.. points];

        var bucketOf = BucketOf(points, logX);
        var kept = new List<DataPoint>();
        for (var start = 0; start < points.Count; )
        {
            var end = start + 1;
            while (end < points.Count && bucketOf(end) == bucketOf(start))
                end++;
            Keep(points, start, end, kept);
            start = end;
        }

        return kept;
    }

    /// <summary>Thins a cloud: of the points that would print on one spot it keeps the first.</summary>
    /// <param name="points">The points.</param>
    /// <param name="logX">Whether the x axis is logarithmic.</param>
    /// <param name="logY">Whether the y axis is logarithmic.</param>
    /// <returns>A subsequence of the defined points.</returns>
    internal static List<DataPoint> Cloud(IReadOnlyList<DataPoint> points, bool logX = false, bool logY = false)
    {
        var defined = points.Where(IsDefined).ToList();
        if (defined.Count <= Limit)
            return defined;

        var column = Cell([.. defined.Select(p => Scaled(p.X, logX))], Columns);
        var row = Cell([.. defined.Select(p => Scaled(p.Y, logY))], Rows);
        var taken = new HashSet<(int, int)>();
        return [.. defined.Where((_, i) => taken.Add((column(i), row(i))))];
    }

    private static bool IsDefined(DataPoint point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static double Scaled(double value, bool log) => log ? Math.Log(value) : value;

    // Equal widths on the page where x rises, so that the left of a logarithmic axis keeps its detail; equal counts on a curve that turns back.
    private static Func<int, int> BucketOf(IReadOnlyList<DataPoint> points, bool logX)
    {
        var x = new double[points.Count];
        var last = double.NegativeInfinity;
        for (var i = 0; i < x.Length; i++)
        {
            var defined = IsDefined(points[i]);
            if (defined && points[i].X < last)
                return index => (int)((long)index * Buckets / points.Count);
            if (defined)
                last = points[i].X;
            x[i] =
                defined ? Scaled(last, logX)
                : i == 0 ? double.NaN
                : x[i - 1];
        }

        return Cell(x, Buckets);
    }

    private static Func<int, int> Cell(double[] values, int cells)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0);
        var (low, high) = (finite.Min(), finite.Max());

        // Halved, because the difference of two large values may overflow.
        var half = high / 2 - low / 2;
        return i =>
            half > 0 && double.IsFinite(values[i])
                ? Math.Min(cells - 1, (int)((values[i] / 2 - low / 2) / half * cells))
                : 0;
    }

    private static void Keep(IReadOnlyList<DataPoint> points, int start, int end, List<DataPoint> kept)
    {
        var indices = new SortedSet<int>();
        int low = -1,
            high = -1,
            left = -1,
            right = -1,
            first = -1,
            last = -1,
            gap = -1;
        for (var i = start; i < end; i++)
        {
            if (!IsDefined(points[i]))
            {
                gap = gap < 0 ? i : gap;
                continue;
            }

            first = first < 0 ? i : first;
            last = i;
            low = low < 0 || points[i].Y < points[low].Y ? i : low;
            high = high < 0 || points[i].Y > points[high].Y ? i : high;
            left = left < 0 || points[i].X < points[left].X ? i : left;
            right = right < 0 || points[i].X > points[right].X ? i : right;
        }

        indices.UnionWith([first, last, low, high, left, right, gap]);
        indices.Remove(-1);
        kept.AddRange(indices.Select(i => points[i]));
    }
}
