using FlatBias.Dynamics.Forecasting;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Training;

/// <summary>Forecasts a long run of a real network jet after jet, and makes it.</summary>
public static class ReanchorRun
{
    /// <summary>Approaches the first instability as <see cref="ForecastRun"/> does, then forecasts and runs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="train">Training data.</param>
    /// <param name="initial">Initial parameters in the order of the flat vector, or null to draw them from the seed.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The plan does not fit the data.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ForecastOutcome<ReanchorOutcome> Execute(
        ReanchorPlan plan,
        LabelledSamples train,
        double[]? initial = null,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(train);
        plan.Validate(train);
        return ForecastRun.AtInstability(
            plan.Forecast,
            train,
            initial,
            progress,
            (at, stepSize, made) =>
                ReanchoredForecast.Run(at.Surface, at.Theta, stepSize, plan.Options(), made, cancellation),
            cancellation
        );
    }
}
