namespace FlatBias.Reports.Claims;

/// <summary>The values of an axis of a grid, and extremes among values measured along it.</summary>
internal static class Axes
{
    /// <summary>count values from first to last, evenly spaced.</summary>
    public static double[] Linear(double first, double last, int count) =>
        [.. Enumerable.Range(0, count).Select(i => first + ((last - first) * i / (count - 1)))];

    /// <summary>The index of the largest value among the first count.</summary>
    public static int IndexOfLargest(IReadOnlyList<double> values, int from, int to)
    {
        var best = from;
        for (var i = from; i < to; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }

    /// <summary>The larger of two numbers, NaN standing for none: a maximum over nothing stays NaN, and no claim is confirmed by it.</summary>
    public static double Larger(double a, double b) => double.IsNaN(a) ? b : Math.Max(a, b);
}
