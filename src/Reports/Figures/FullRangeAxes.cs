using OxyPlot.Axes;

namespace FlatBias.Reports.Figures;

/// <summary>
/// A logarithmic axis over the whole range of float64. OxyPlot's own pads its ends by a share of the decades, and takes
/// one that leaves the range for no number at all:
/// 1 to 1e300 then became 1 to 100. Here such an end stops at the last number.
/// </summary>
internal sealed class FullRangeLogarithmicAxis : LogarithmicAxis
{
    private const int FewestLabels = 3;

    // What is tried in this order where whole decades give too few labels.
    private static readonly double[][] Parts =
    [
        [1, 3],
        [1, 2, 5],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
    ];

    /// <summary>The places of labels and ticks: at least three labels, since a scale cannot be read from one or two.</summary>
    /// <inheritdoc/>
    public override void GetTickValues(
        out IList<double> majorLabelValues,
        out IList<double> majorTickValues,
        out IList<double> minorTickValues
    )
    {
        base.GetTickValues(out majorLabelValues, out majorTickValues, out minorTickValues);
        var (low, high) = (ActualMinimum, ActualMaximum);
        if (!(low > 0 && high > low && double.IsFinite(high)) || majorLabelValues.Count(Inside) >= FewestLabels)
            return;
        int first = (int)Math.Floor(Math.Log10(low)),
            last = (int)Math.Ceiling(Math.Log10(high));
        int[] decades = [.. Enumerable.Range(first, last - first + 1)];
        // Whole decades as far apart as leaves enough of them, then parts of each.
        var values = Enumerable
            .Range(1, decades.Length)
            .Reverse()
            .Select(apart => decades.Where(decade => decade % apart == 0).Select(decade => Math.Pow(10, decade)))
            .Concat(
                Parts.Select(parts => decades.SelectMany(decade => parts.Select(part => part * Math.Pow(10, decade))))
            )
            .Select(candidate => candidate.Where(Inside).ToList())
            .Append(Even(low, high))
            .First(candidate => candidate.Count >= FewestLabels);
        (majorLabelValues, majorTickValues) = (values, values);

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

    /// <inheritdoc/>
    protected override void CoerceActualMaxMin()
    {
        if (DataMinimum > 0 && !(double.IsFinite(ActualMaximum) && double.IsFinite(ActualMinimum) && ActualMinimum > 0))
        {
            var (low, high) = (Math.Log(DataMinimum), Math.Log(DataMaximum));
            var (below, above) =
                low == high
                    ? (Math.Log(10), Math.Log(10))
                    : (MinimumPadding * (high - low), MaximumPadding * (high - low));
            ActualMinimum = double.IsNaN(Minimum) ? Math.Max(double.Epsilon, Math.Exp(low - below)) : Minimum;
            ActualMaximum = double.IsNaN(Maximum) ? Math.Min(double.MaxValue, Math.Exp(high + above)) : Maximum;
        }

        base.CoerceActualMaxMin();
    }
}

/// <summary>A linear axis that has a width around a single value of any size. OxyPlot's own widens by 1 around a
/// negative one, which below -1e16 is no width.</summary>
internal sealed class FullRangeLinearAxis : LinearAxis
{
    /// <inheritdoc/>
    protected override void CoerceActualMaxMin()
    {
        if (double.IsFinite(DataMinimum) && DataMinimum == DataMaximum && !(ActualMinimum < ActualMaximum))
        {
            var half = Math.Abs(DataMinimum) / 2;
            (ActualMinimum, ActualMaximum) = (DataMinimum - half, DataMinimum + half);
        }

        base.CoerceActualMaxMin();
    }
}
