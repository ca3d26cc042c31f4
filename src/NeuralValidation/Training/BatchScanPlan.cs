using FlatBias.Dynamics.Forecasting;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Training;

/// <summary>A forecast of many batch sizes of a network from one jet, (4.19), (4.20), and the runs that test it.</summary>
/// <param name="Forecast">How the run gets to the jet, what is measured, and the horizon; the jet is a collocation jet, and no theory is asked.</param>
/// <param name="Batches">The minibatches, one entry a size, with the draws of each.</param>
/// <param name="Every">Runs are measured at every n-th step and at their end, from 1 to the horizon.</param>
/// <param name="Onward">The first two runs of each size go on to this step: at least the horizon, or 0 for none.</param>
public sealed record BatchScanPlan(
    ForecastPlan Forecast,
    IReadOnlyList<StochasticOptions> Batches,
    int Every = 1,
    int Onward = 0
)
{
    /// <summary>Checks every value against the data, before any work.</summary>
    /// <param name="samples">The training samples, or others of their shape and kind.</param>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate(LabelledSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (Forecast.Collocation is null)
            throw new ArgumentException(
                "A forecast with minibatches needs a collocation jet: the noise is measured at the nodes of its swing."
            );
        Forecast.Validate(samples);
        Options().Validate(samples.Count);
    }

    internal BatchScanOptions Options() =>
        new(
            Batches,
            Forecast.Horizon,
            Forecast.Krylov,
            Forecast.Collocation!,
            Every,
            Onward,
            ForecastRun.TrialTolerance,
            Forecast.Training.Seed,
            ForecastRun.JetTolerance
        );
}
