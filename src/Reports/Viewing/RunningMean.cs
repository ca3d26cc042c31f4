namespace FlatBias.Reports.Viewing;

/// <summary>
/// The mean over a window of measurements around each, cut at the ends; what is not finite is left out.
/// </summary>
internal static class RunningMean
{
    /// <summary>The means.</summary>
    /// <param name="values">The values.</param>
    /// <param name="width">Measurements in a window, at least 1: (width - 1) / 2 before, the rest after.</param>
    /// <returns>One a value; NaN where the window holds no finite one.</returns>
    public static double[] Of(IReadOnlyList<double> values, int width)
    {
        var means = new double[values.Count];
        for (var i = 0; i < means.Length; i++)
        {
            var (mean, count) = (0.0, 0);
            var first = Math.Max(0, i - ((width - 1) / 2));
            for (var j = first; j < Math.Min(values.Count, (long)i - ((width - 1) / 2) + width); j++)
                if (double.IsFinite(values[j]))
                    mean += (values[j] - mean) / ++count;
            means[i] = count > 0 ? mean : double.NaN;
        }

        return means;
    }
}
