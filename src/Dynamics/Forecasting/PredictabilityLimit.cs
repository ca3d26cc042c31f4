using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// What no forecast can be expected to beat, (4.18): the mean relative difference of S between a run and the same run
/// started a thousandth of its largest |u| away along v.
/// </summary>
internal static class PredictabilityLimit
{
    private const double Share = 1e-3;

    /// <summary>How far away the second run starts.</summary>
    public static double Displacement(SeriesTable run) => Share * run[Columns.Displacement].Max(Math.Abs);

    /// <summary>The mean relative difference of S between a run and another; infinite where the other ends before it, or a difference is no number.</summary>
    public static double Of(SeriesTable run, ReadOnlySpan<double> other)
    {
        if (other.Length < run.Rows)
            return double.PositiveInfinity;
        var (sharpness, sum) = (run[Columns.Sharpness], 0.0);
        for (var t = 0; t < run.Rows; t++)
            sum += other[t] == sharpness[t] ? 0 : Math.Abs((other[t] - sharpness[t]) / sharpness[t]);
        return double.IsNaN(sum) ? double.PositiveInfinity : sum / run.Rows;
    }
}
