namespace FlatBias.Reports.Claims;

/// <summary>Grids and small statistics that chapters share.</summary>
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
            if (values[i] > values[best]) best = i;
        return best;
    }

    /// <summary>The mean of replicates and the half-width of its 95 % interval by Student's t; NaN for a single one.</summary>
    public static (double Mean, double HalfWidth) MeanWithInterval(IReadOnlyList<double> values)
    {
        var (mean, deviation) = MathNet.Numerics.Statistics.Statistics.MeanStandardDeviation(values);
        var quantile = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, Math.Max(1, values.Count - 1), 0.975);
        return (mean, quantile * deviation / Math.Sqrt(values.Count));
    }

    /// <summary>The larger of two numbers, NaN standing for none: a maximum over nothing stays NaN, and no claim is confirmed by it.</summary>
    public static double Larger(double a, double b) => double.IsNaN(a) ? b : Math.Max(a, b);
}
