using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// One jet, many batch sizes, (4.19): from one collocation jet and the noise of the samples over its swing, bands of S, u
/// and L are forecast for each size, and the stochastic gap (4.20); then the runs of each are made.
/// </summary>
public static class BatchScan
{
    /// <summary>Forecasts for every batch size, then makes the runs.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface, a mean over samples.</param>
    /// <param name="theta">The reference point; left as it is.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="options">What is forecast.</param>
    /// <param name="progress">Called with the number of steps made, of all runs together; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>
    /// A row for each step of a run at which it was measured: batch_size, draw (the run, from 1), step, loss, displacement
    /// and sharpness; beside them mean and 90 % band of the forecast, NaN beyond its horizon; and what is one number for
    /// all rows of a size: forecasts_lost, gap_leading, gap_map, gap_forecast, gap_forecast_error, noise_cost, jet_cost,
    /// trust_path and path_cost. A run that left the finite numbers has rows up to there.
    /// </returns>
    /// <exception cref="ArgumentException">An option is out of range, or the surface is no mean over samples.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SeriesTable Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        double stepSize,
        BatchScanOptions options,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(stepSize);
        var samples = StochasticTrial.Samples(surface);
        options.Validate(samples.Samples);
        using var reference = new ReferencePoint<TVector>(surface.Space, theta);
        var said = Predict(samples, theta, stepSize, options, reference.Direction);
        var (series, before) = (new SeriesTable(), 0);
        var cadence = new RunCadence(options.Horizon, options.Tolerance, options.Seed, options.Every, options.Onward);
        foreach (var (batch, forecast) in options.Batches.Zip(said))
        {
            var start = before;
            var runs = StochasticRuns.Make(
                samples,
                reference,
                batch,
                stepSize,
                cadence,
                t => progress?.Invoke(start + t),
                cancellation
            );
            before += cadence.Steps(batch.Draws);
            forecast.Write(series, batch.Batch.Size, runs, cadence);
        }

        return series;
    }

    /// <summary>All that is said before any run.</summary>
    private static BatchForecast[] Predict<TVector>(
        IStochasticSurface<TVector> surface,
        TVector theta,
        double stepSize,
        BatchScanOptions options,
        TVector direction
    )
    {
        var space = surface.Space;
        var before = surface.Cost.GradientEquivalents;
        using var point = surface.At(theta);
        using var frame = new EigenFrame<TVector>(space, 1);
        using (
            var solver = new LanczosEigensolver<TVector>(
                space,
                new LanczosOptions(options.JetTolerance, Trailing: false)
            )
        )
        {
            var random = new Random(options.Seed);
            var start = space.Create();
            space.FillGaussian(start, random);
            solver.Solve(point.HessianVector, start, random, frame);
            space.Release(start);
        }

        space.Copy(frame.Vectors[0], direction);
        using var basis = Jet.Basis(space, options.Krylov)!;
        var runs = new JetRuns([stepSize], options.Horizon);
        var jet = CollocationJet.Along(
            surface,
            theta,
            point,
            direction,
            basis,
            runs,
            options.Collocation,
            gap: frame.Gap(0)
        );
        var cost = surface.Cost.GradientEquivalents - before;
        var trust = PathTrust.Measure(surface, theta, direction, basis, jet, stepSize, options.Horizon);
        before = surface.Cost.GradientEquivalents;
        var noise = SampleNoise.Measure(surface, theta, direction, basis, jet.Krylov!.Dimension, jet.Swing);
        var noiseCost = surface.Cost.GradientEquivalents - before;
        return
        [
            .. options.Batches.Select(batch => new BatchForecast(
                StochasticForecast.Draw(jet, noise, batch, stepSize, options.Horizon),
                StochasticGap.Of(jet, stepSize, noise.Variance * batch.Batch.Variance(noise.Samples)),
                stepSize,
                options.Seed,
                cost,
                noiseCost,
                trust
            )),
        ];
    }
}
