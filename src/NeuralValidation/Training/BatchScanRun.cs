using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Training;

/// <summary>Forecasts many batch sizes of a real network from one jet, and runs them.</summary>
public static class BatchScanRun
{
    /// <summary>Approaches the instability as <see cref="ForecastRun"/> does, then forecasts every size and makes the runs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="train">Training data.</param>
    /// <param name="initial">Initial parameters in the order of the flat vector, or null to draw them from the seed.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The plan does not fit the data.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ForecastOutcome<SeriesTable> Execute(
        BatchScanPlan plan,
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
            (at, stepSize, made) => BatchScan.Run(at.Surface, at.Theta, stepSize, plan.Options(), made, cancellation),
            cancellation
        );
    }
}
