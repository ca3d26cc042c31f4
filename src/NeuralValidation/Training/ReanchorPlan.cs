using FlatBias.Dynamics.Forecasting;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Training;

/// <summary>A long forecast of a network by several collocation jets, (4.17), and the run that tests it.</summary>
/// <param name="Forecast">How the run gets to the first jet, what is measured, and the horizon; the jets are collocation jets, and no theory is asked.</param>
/// <param name="Window">The most steps that one jet is to carry, at least 8.</param>
public sealed record ReanchorPlan(ForecastPlan Forecast, int Window)
{
    /// <summary>Checks every value against the data, before any work.</summary>
    /// <param name="samples">The training samples, or others of their shape and kind.</param>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate(LabelledSamples samples)
    {
        if (Forecast.Collocation is null)
            throw new ArgumentException(
                "A forecast by several jets is one by collocation jets; a Taylor jet has no swing."
            );
        Forecast.Validate(samples);
        Options().Validate();
    }

    internal ReanchorOptions Options() =>
        new(
            Forecast.Horizon,
            Window,
            Forecast.Krylov,
            Forecast.Collocation!,
            ForecastRun.TrialTolerance,
            Forecast.Training.Seed,
            ForecastRun.JetTolerance
        );
}
