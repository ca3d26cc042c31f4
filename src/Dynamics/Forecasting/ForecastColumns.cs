using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// Forecasts as columns: each under the name of the run's column that it forecasts, with the theory's in front.
/// </summary>
internal static class ForecastColumns
{
    private const double Degrees = 180 / Math.PI;

    // Those that trials measure along the reference direction.
    private const int FirstMoment = 3,
        LastMoment = 4;

    /// <summary>
    /// Writes what a theory said of step t into the table's last row; what it said nothing of is left out.
    /// </summary>
    public static void Write(SeriesTable table, Forecast forecast, int t)
    {
        Set(Columns.Displacement, forecast.Displacement);
        Set(Columns.Sharpness, forecast.Sharpness);
        Set(Columns.Loss, forecast.Loss);
        Set(Columns.ReferenceRotation, forecast.Rotation, Degrees);
        Set(Columns.Amplitude, forecast.Amplitude);
        for (var k = FirstMoment; k <= Math.Min(LastMoment, forecast.Moments.Length); k++)
            Set(Columns.ReferenceMoment[k], forecast.Moments[k - 1]);
        Set(Columns.Validity, forecast.Validity);

        void Set(string column, double[] series, double unit = 1)
        {
            if (series.Length > 0)
                table.Set(Columns.Forecast(forecast.Theory, column), series[t] * unit);
        }
    }
}
