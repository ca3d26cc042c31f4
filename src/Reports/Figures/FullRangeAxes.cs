using OxyPlot.Axes;

namespace FlatBias.Reports.Figures;

/// <summary>
/// A logarithmic axis over the whole range of float64. OxyPlot's own pads its ends by a share of the decades, and takes
/// one that leaves the range for no number at all:
/// 1 to 1e300 then became 1 to 100. Here such an end stops at the last number.
/// </summary>
internal sealed class FullRangeLogarithmicAxis : LogarithmicAxis
{
    /// <summary>The places of labels and ticks: at least three labels, since a scale cannot be read from one or two.</summary>
    /// <inheritdoc/>
    public override void GetTickValues(
        out IList<double> majorLabelValues,
        out IList<double> majorTickValues,
        out IList<double> minorTickValues
    )
    {
        base.GetTickValues(out majorLabelValues, out majorTickValues, out minorTickValues);
        if (LogarithmicTicks.Instead(majorLabelValues, ActualMinimum, ActualMaximum) is { } values)
            (majorLabelValues, majorTickValues) = (values, values);
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

/// <summary>A logarithmic colour axis with at least three labels, as the other axes have.</summary>
internal sealed class LabelledLogarithmicColorAxis : LogarithmicColorAxis
{
    /// <inheritdoc/>
    public override void GetTickValues(
        out IList<double> majorLabelValues,
        out IList<double> majorTickValues,
        out IList<double> minorTickValues
    )
    {
        base.GetTickValues(out majorLabelValues, out majorTickValues, out minorTickValues);
        if (LogarithmicTicks.Instead(majorLabelValues, ActualMinimum, ActualMaximum) is { } values)
            (majorLabelValues, majorTickValues) = (values, values);
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
