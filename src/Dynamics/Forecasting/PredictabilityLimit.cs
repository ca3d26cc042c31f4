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

    /// <summary>The limit; infinite where the displaced run ends before the other, or a difference is no number.</summary>
    public static double Of(SeriesTable run, SeriesTable displaced)
    {
        if (displaced.Rows < run.Rows)
            return double.PositiveInfinity;
        var (sharpness, other) = (run[Columns.Sharpness], displaced[Columns.Sharpness]);
        var sum = 0.0;
        for (var t = 0; t < run.Rows; t++)
            sum += other[t] == sharpness[t] ? 0 : Math.Abs((other[t] - sharpness[t]) / sharpness[t]);
        return double.IsNaN(sum) ? double.PositiveInfinity : sum / run.Rows;
    }
}
