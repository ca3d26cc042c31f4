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

/// <summary>What a forecast by several jets leaves behind.</summary>
/// <param name="Forecast">Forecasts and run side by side; null where the instability never came.</param>
/// <param name="StepSize">The step size of the run.</param>
/// <param name="Reference">The step of the first jet, counted from the start of training; where the instability never came, the last step made.</param>
/// <param name="TotalCost">The cost of everything in gradient-equivalents.</param>
public sealed record ReanchorRunOutcome(ReanchorOutcome? Forecast, double StepSize, int Reference, double TotalCost);
