namespace FlatBias.Reports.Figures;

/// <summary>Labels of logarithmic axes that whole decades are too few for.</summary>
internal static class LogarithmicTicks
{
    private const int FewestLabels = 3;

    // What is tried in this order where whole decades give too few labels.
    private static readonly double[][] Parts =
    [
        [1, 3],
        [1, 2, 5],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
    ];

    /// <summary>Places for at least three labels instead of OxyPlot's; null where there are as many.</summary>
    /// <param name="labels">OxyPlot's places.</param>
    /// <param name="low">The axis' lower end.</param>
    /// <param name="high">Its upper end.</param>
    internal static List<double>? Instead(IEnumerable<double> labels, double low, double high)
    {
        if (!(low > 0 && high > low && double.IsFinite(high)) || labels.Count(Inside) >= FewestLabels)
            return null;
        int first = (int)Math.Floor(Math.Log10(low)),
            last = (int)Math.Ceiling(Math.Log10(high));
        int[] decades = [.. Enumerable.Range(first, last - first + 1)];
        // Whole decades as far apart as leaves enough of them, then parts of each.
        return Enumerable
            .Range(1, decades.Length)
            .Reverse()
            .Select(apart => decades.Where(decade => decade % apart == 0).Select(decade => Math.Pow(10, decade)))
            .Concat(
                Parts.Select(parts => decades.SelectMany(decade => parts.Select(part => part * Math.Pow(10, decade))))
            )
            .Select(candidate => candidate.Where(Inside).ToList())
            .Append(Even(low, high))
            .First(candidate => candidate.Count >= FewestLabels);

        bool Inside(double value) => value >= low && value <= high;
    }

    /// <summary>Round numbers at even distances, for less than half a decade; the ends where rounding leaves nothing between them.</summary>
    private static List<double> Even(double low, double high)
    {
        var wanted = (high - low) / (FewestLabels + 1);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        var step = new[] { 5 * unit, 2 * unit, unit }.First(part => part <= wanted || part == unit);
        List<double> values =
        [
            .. Enumerable
                .Range(0, (int)Math.Min(100, ((high - low) / step) + 2))
                .Select(i => (Math.Ceiling(low / step) + i) * step)
                .Where(value => value >= low && value <= high)
                .Distinct(),
        ];
        return values.Count >= FewestLabels ? values : [low, low + ((high - low) / 2), high];
    }
}
