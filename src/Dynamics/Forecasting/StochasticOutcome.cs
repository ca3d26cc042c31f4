using FlatBias.Dynamics.Theories;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>A forecast of stochastic descent beside the runs that it was of.</summary>
/// <param name="Forecast">The draws of the forecast, all made before any run.</param>
/// <param name="Runs">The runs.</param>
/// <param name="StepSize">The step size eta.</param>
/// <param name="NoiseCost">What the samples' gradients at the nodes cost, in gradient-equivalents, beyond the jet.</param>
/// <param name="RunCost">What the runs cost, S at every step included.</param>
/// <param name="Gap">The stochastic gap (4.20) with the numbers of the jet; null where it has none.</param>
public sealed record StochasticOutcome(
    StochasticPaths Forecast,
    StochasticPaths Runs,
    double StepSize,
    double NoiseCost,
    double RunCost,
    StochasticGap? Gap
)
{
    /// <summary>The error of the forecast mean of S: the mean over the steps of its relative difference from the mean over the runs. NaN where either has no mean.</summary>
    public double MeanError =>
        StochasticBand
            .Of(Forecast.Sharpness)
            .Mean.Zip(StochasticBand.Of(Runs.Sharpness).Mean, (forecast, run) => Math.Abs((forecast - run) / run))
            .Average();
}
