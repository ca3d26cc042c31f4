using FlatBias.Dynamics.Observables;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// How one theory's forecast fared against the run, by horizon. Errors are relative: of the sharpness to the run's at the same step; of the displacement to the run's largest |u|; of the loss to the range that the run's loss
/// goes through; of moments to the run's largest. A theory of the path about which the run oscillates is judged by |u - its path| against its amplitude. Rotation is in degrees. Empty where the theory forecasts nothing of it.
/// </summary>
/// <param name="Theory">The theory's name.</param>
/// <param name="Sharpness">Errors of S_t.</param>
/// <param name="Displacement">Errors of u_t.</param>
/// <param name="Loss">Errors of L_t.</param>
/// <param name="Rotation">Errors of the angle of v_1 from the reference, in degrees.</param>
/// <param name="ThirdMoment">Errors of m_3 along the reference v_1.</param>
/// <param name="Validity">The theory's own diagnostic.</param>
public sealed record ForecastScore(
    string Theory,
    double[] Sharpness,
    double[] Displacement,
    double[] Loss,
    double[] Rotation,
    double[] ThirdMoment,
    double[] Validity
)
{
    /// <summary>The error that counts as wrong.</summary>
    public const double Wrong = 0.1;

    /// <summary>Judges a theory from the series of a trial.</summary>
    /// <param name="series">The series, as <see cref="TrialOutcome"/> describes it.</param>
    /// <param name="theory">The theory's name.</param>
    /// <returns>The score, or null when the theory declined.</returns>
    public static ForecastScore? Of(SeriesTable series, string theory)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (!series.Has(Columns.Forecast(theory, Columns.Validity)))
            return null;
        var loss = series[Columns.Loss];
        return new ForecastScore(
            theory,
            Errors(series, theory, Columns.Sharpness, t => series[Columns.Sharpness][t]),
            series.Has(Columns.Forecast(theory, Columns.Amplitude))
                ? EnvelopeErrors(series, theory)
                : Errors(series, theory, Columns.Displacement, Peak(series, Columns.Displacement)),
            Errors(series, theory, Columns.Loss, _ => loss.Max() - loss.Min()),
            Errors(series, theory, Columns.ReferenceRotation, _ => 1),
            Errors(series, theory, Columns.ReferenceMoment[3], Peak(series, Columns.ReferenceMoment[3])),
            series.Array(Columns.Forecast(theory, Columns.Validity))
        );
    }

    /// <summary>The first step at which an error is above <see cref="Wrong"/> or is no number; the number of rows when it never is.</summary>
    /// <param name="errors">Errors by horizon.</param>
    public static int WrongFrom(double[] errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var first = Array.FindIndex(errors, e => !(e <= Wrong));
        return first < 0 ? errors.Length : first;
    }

    private static Func<int, double> Peak(SeriesTable series, string column)
    {
        // Not asked of a column that is not there.
        double? peak = null;
        return _ => peak ??= series[column].Max(Math.Abs);
    }

    private static double[] Errors(SeriesTable series, string theory, string column, Func<int, double> scale)
    {
        if (!series.Has(Columns.Forecast(theory, column)))
            return [];
        var (forecast, run) = (series[Columns.Forecast(theory, column)], series[column]);
        return [.. Enumerable.Range(0, series.Rows).Select(t => Ratio(Math.Abs(forecast[t] - run[t]), scale(t)))];
    }

    private static double[] EnvelopeErrors(SeriesTable series, string theory)
    {
        var peak = Peak(series, Columns.Displacement)(0);
        var (path, amplitude, run) = (
            series[Columns.Forecast(theory, Columns.Displacement)],
            series[Columns.Forecast(theory, Columns.Amplitude)],
            series[Columns.Displacement]
        );
        return
        [
            .. Enumerable
                .Range(0, series.Rows)
                .Select(t => Ratio(Math.Abs(Math.Abs(run[t] - path[t]) - amplitude[t]), peak)),
        ];
    }

    /// <summary>No error relative to nothing is no error.</summary>
    private static double Ratio(double error, double scale) => error == 0 ? 0 : error / Math.Abs(scale);
}
