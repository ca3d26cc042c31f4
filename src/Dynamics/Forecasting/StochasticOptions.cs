using FlatBias.Dynamics.Descent;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>Where the gradient noise of a forecast comes from, (4.19).</summary>
public enum BatchNoise
{
    /// <summary>Batches are drawn, and the samples' own gradients taken over the swing.</summary>
    Samples,

    /// <summary>The normal distribution with their covariance at the reference point: cheaper, and too narrow.</summary>
    Gaussian,
}

/// <summary>A forecast of stochastic descent from a jet, (4.19), and the runs that it is held against.</summary>
/// <param name="Batch">
/// The minibatches. Of N draws the runs take the seeds from that of the plan on, one each, and the forecasts the next N.
/// </param>
/// <param name="Draws">N, the number of forecasts and of runs, from 2 to 1000.</param>
/// <param name="Noise">Where the noise of the forecasts comes from.</param>
public sealed record StochasticOptions(
    BatchPlan Batch,
    int Draws = StochasticOptions.DefaultDraws,
    BatchNoise Noise = BatchNoise.Samples
)
{
    /// <summary>The number of draws unless another is given.</summary>
    public const int DefaultDraws = 20;

    private const int MostDraws = 1000;

    /// <summary>Checks the numbers.</summary>
    /// <param name="samples">The number of samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names it.</exception>
    public void Validate(int samples)
    {
        Batch.Sampler(samples);
        Require.InRange(Draws, 2, MostDraws, "draws");
        if (!Enum.IsDefined(Noise))
            throw new ArgumentOutOfRangeException(nameof(Noise), Noise, $"noise is {Noise}; it is not known.");
    }

    /// <summary>The minibatches of a run.</summary>
    /// <param name="draw">Its number, from 0.</param>
    /// <returns>The plan with the seed of that run.</returns>
    public BatchPlan OfRun(int draw) => Batch with { Seed = unchecked(Batch.Seed + draw) };

    /// <summary>The minibatches of a forecast.</summary>
    /// <param name="draw">Its number, from 0.</param>
    /// <returns>The plan with the seed of that forecast.</returns>
    public BatchPlan OfForecast(int draw) => OfRun(unchecked(Draws + draw));
}
