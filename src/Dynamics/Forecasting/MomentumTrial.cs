using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// One trial of heavy-ball descent, (4.26): the way to its instability, from there the forecast of
/// <see cref="MomentumForecast"/>, on its model that of a rival where it is asked for, and the run that tests them.
/// </summary>
public static class MomentumTrial
{
    // Of a run that is compared with a forecast to some per mille.
    private const double JetTolerance = 1e-6;

    /// <summary>Approaches, forecasts and runs.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The start; holds the end point afterwards.</param>
    /// <param name="approach">The way to the reference point, with the momentum b.</param>
    /// <param name="horizon">T, the steps forecast, at least 1.</param>
    /// <param name="krylov">The number r of Krylov vectors of the jet, at least 1.</param>
    /// <param name="options">What the jet measures.</param>
    /// <param name="rod">Whether rod flow forecasts as well, <see cref="HeavyBallRod"/>.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>
    /// One row a step: step, displacement, loss and sharpness of the run, each with forecast_ before it as forecast, and forecast_validity; and with rod, the same four with rod-flow_ before them;
    /// constant in every row jet_cost, trust_path (e_S along the path forecast), path_cost, step_size and reference. Null
    /// where the instability never came. And the step size, and the steps to the reference point or to the end of the wait.
    /// </returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static (SeriesTable? Series, double StepSize, int Reference) Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        ApproachOptions approach,
        int horizon,
        int krylov,
        CollocationOptions options,
        bool rod = false,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(approach);
        ArgumentNullException.ThrowIfNull(options);
        Require.InRange(horizon, 1);
        Require.InRange(krylov, 1);
        options.Validate();
        var space = surface.Space;
        var momentum = space.Create();
        try
        {
            var way = Approach.Run(surface, theta, momentum, null, approach, progress, cancellation);
            if (!way.Reached)
                return (null, way.StepSize, way.Steps);
            using var reference = new ReferencePoint<TVector>(space, theta);
            var before = surface.Cost.GradientEquivalents;
            Lead(surface, theta, approach.Seed, reference.Direction);
            var (forecast, trust, jet, held) = MomentumForecast.Measure(
                surface,
                theta,
                reference.Direction,
                momentum,
                approach.Momentum,
                krylov,
                way.StepSize,
                horizon,
                options,
                trusts: true
            );
            var cost = surface.Cost.GradientEquivalents - before - trust!.Cost;
            var rival = rod ? HeavyBallRod.Predict(jet, way.StepSize, approach.Momentum, held, horizon) : null;
            var series = new SeriesTable();
            using var leading = new LeadingPair<TVector>(space, approach.Tolerance, approach.Seed);
            Observer<TVector> watch = new(
                1,
                state =>
                {
                    // A point that is no longer finite ends the series before it.
                    if (state.End == StopReason.Diverged)
                        return;
                    leading.Measure(state.Point!, state.Theta);
                    series.AddRow();
                    series.Set(Columns.Step, state.Step);
                    series.Set(Columns.Displacement, reference.Displacement(state.Theta));
                    series.Set(Columns.Loss, state.Loss);
                    series.Set(Columns.Sharpness, leading.Sharpness);
                    Said(Columns.JetForecast, forecast, state.Step);
                    if (rival is not null)
                        Said(Columns.RodForecast, rival, state.Step);
                    series.Set(Columns.JetCost, cost);
                    series.Set(Columns.TrustPath, trust.Error);
                    series.Set(Columns.PathCost, trust.Cost);
                    series.Set(Columns.StepSize, way.StepSize);
                    series.Set(Columns.Reference, way.Steps);
                    progress?.Invoke(way.Steps + state.Step);
                }
            )
            {
                NeedsPoint = true,
            };
            using var rule = new Momentum<TVector>(space, approach.Momentum);
            // A step of no length: the rule then has the momentum of the run.
            rule.Apply(0, momentum, theta);
            var limits = DescentLimits.AllOf(horizon);
            var end = DescentLoop.Run(surface, rule, way.StepSize, limits, theta, [watch], cancellation: cancellation);
            return end.Reason == StopReason.Cancelled
                ? throw new OperationCanceledException(cancellation)
                : (series, way.StepSize, way.Steps);

            void Said(string theory, Forecast forecast, int step)
            {
                series.Set(Columns.Forecast(theory, Columns.Displacement), forecast.Displacement[step]);
                series.Set(Columns.Forecast(theory, Columns.Loss), forecast.Loss[step]);
                series.Set(Columns.Forecast(theory, Columns.Sharpness), forecast.Sharpness[step]);
                series.Set(Columns.Forecast(theory, Columns.Validity), forecast.Validity[step]);
            }
        }
        finally
        {
            space.Release(momentum);
        }
    }

    /// <summary>direction := v_1.</summary>
    internal static void Lead<TVector>(ISurface<TVector> surface, TVector theta, int seed, TVector direction)
    {
        var space = surface.Space;
        using var point = surface.At(theta);
        using var frame = new EigenFrame<TVector>(space, 1);
        using var solver = new LanczosEigensolver<TVector>(space, new LanczosOptions(JetTolerance, Trailing: false));
        var (random, start) = (new Random(seed), space.Create());
        space.FillGaussian(start, random);
        solver.Solve(point.HessianVector, start, random, frame);
        space.Release(start);
        space.Copy(frame.Vectors[0], direction);
    }
}
