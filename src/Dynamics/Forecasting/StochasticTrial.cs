using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>The part of a trial that is about stochastic descent: what is said of it before any step, and the runs afterwards.</summary>
/// <param name="Forecast">The draws of the forecast.</param>
/// <param name="Cost">What the noise cost to measure.</param>
/// <param name="Gap">The stochastic gap of the jet; null where it has none.</param>
internal sealed record StochasticTrial(StochasticPaths Forecast, double Cost, StochasticGap? Gap)
{
    /// <summary>Measures the noise at the nodes of a jet, and forecasts from both; null where nobody asked.</summary>
    public static StochasticTrial? Predict<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        double stepSize,
        TrialOptions options,
        TVector direction,
        IVectorBlock<TVector>? basis,
        Jet jet
    )
    {
        if (options.Stochastic is not { } stochastic)
            return null;
        var (samples, krylov, before) = (Samples(surface), jet.Krylov, surface.Cost.GradientEquivalents);
        if (basis is null || krylov is null)
            throw new ArgumentException("A forecast of stochastic descent needs Krylov vectors.", nameof(options));
        stochastic.Validate(samples.Samples);
        var noise = SampleNoise.Measure(
            samples,
            theta,
            direction,
            basis,
            krylov.Dimension,
            stochastic.Noise == BatchNoise.Samples ? jet.Swing : null
        );
        var cost = surface.Cost.GradientEquivalents - before;
        var variance = noise.Variance * stochastic.Batch.Variance(noise.Samples);
        return new StochasticTrial(
            StochasticForecast.Draw(jet, noise, stochastic, stepSize, options.Horizon),
            cost,
            StochasticGap.Of(jet, stepSize, variance)
        );
    }

    /// <summary>Makes the runs.</summary>
    public StochasticOutcome Run<TVector>(
        ISurface<TVector> surface,
        ReferencePoint<TVector> reference,
        double stepSize,
        TrialOptions options,
        Action<int>? progress,
        CancellationToken cancellation
    )
    {
        var before = surface.Cost.GradientEquivalents;
        var runs = StochasticRuns.Make(
            Samples(surface),
            reference,
            options.Stochastic!,
            stepSize,
            new RunCadence(options.Horizon, options.Tolerance, options.Seed),
            progress,
            cancellation
        );
        return new StochasticOutcome(Forecast, runs, stepSize, Cost, surface.Cost.GradientEquivalents - before, Gap);
    }

    /// <summary>A surface whose samples can be drawn.</summary>
    public static IStochasticSurface<TVector> Samples<TVector>(ISurface<TVector> surface) =>
        surface as IStochasticSurface<TVector>
        ?? throw new ArgumentException("Minibatches need a surface that is a mean over samples.", nameof(surface));
}
