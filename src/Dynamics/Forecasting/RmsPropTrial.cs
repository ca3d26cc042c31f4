using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// One trial of RMSProp, (4.27), (4.28): the way to its instability by the rule itself; from there two forecasts from one
/// collocation jet in the metric of the preconditioner as it stands there, one with it frozen and one with it let go; and
/// the run with it frozen and that of the rule.
/// </summary>
public static class RmsPropTrial
{
    /// <summary>Approaches, forecasts and runs.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The start; holds the end point of the rule let go afterwards.</param>
    /// <param name="approach">The way to the reference point, by the rule from its first step on: at least one step before the push, and no momentum. Its push is over the effective sharpness, its excursion the length in theta.</param>
    /// <param name="secondDecay">b2 in [0, 1).</param>
    /// <param name="epsilon">eps, at least 0.</param>
    /// <param name="horizon">T, the steps forecast, at least 1.</param>
    /// <param name="krylov">The number r of Krylov vectors of the jet, at least 1.</param>
    /// <param name="options">What the jet measures.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>
    /// One row a step of the rule let go: step, displacement (in the metric), loss and effective_sharpness (with the
    /// rule's own P of that step), each with forecast_ before it as forecast of it, (4.28), with frozen_ of the run with P
    /// frozen, NaN from where that diverges, and with frozen_forecast_ as forecast of that; constant in every row jet_cost,
    /// trust_path (e_S along the path forecast for the rule), path_cost, step_size and reference. Null where the
    /// instability never came. And the step size, and the steps to the reference point or to the end of the wait.
    /// </returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static (SeriesTable? Series, double StepSize, int Reference) Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        ApproachOptions approach,
        double secondDecay,
        double epsilon,
        int horizon,
        int krylov,
        CollocationOptions options,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(approach);
        ArgumentNullException.ThrowIfNull(options);
        Require.InRange(approach.Steps, 1, name: "approach");
        if (approach.Momentum != 0)
            throw new ArgumentException($"momentum is {approach.Momentum}; RMSProp has none.", nameof(approach));
        Require.NotNegative(Require.Finite(epsilon));
        Require.InRange(horizon, 1);
        Require.InRange(krylov, 1);
        options.Validate();
        var space = surface.Space;
        using var rule = new AdaptiveRule<TVector>(
            space,
            new AdaptiveConstants("rmsprop", 0, secondDecay, epsilon, BiasCorrection: false)
        );
        var way = Approach.Run(surface, theta, default, rule, approach, progress, cancellation);
        if (!way.Reached)
            return (null, way.StepSize, way.Steps);
        TVector place = space.Create(),
            root = space.Create(),
            work = space.Create();
        try
        {
            rule.TryPrecondition(root);
            using var metric = new MetricSurface<TVector>(surface, theta, root);
            using var reference = new ReferencePoint<TVector>(space, place);
            var before = surface.Cost.GradientEquivalents;
            MomentumTrial.Lead(metric, place, approach.Seed, reference.Direction);
            List<(double, double, double)> letGo = [];
            PathTrust? trust = null;
            var (forecast, _, _, _) = MomentumForecast.Measure(
                metric,
                place,
                reference.Direction,
                work,
                0,
                krylov,
                way.StepSize,
                horizon,
                options,
                trusts: false,
                (jet, basis) =>
                    (letGo, trust) = RmsPropForecast.LetGo(
                        metric,
                        place,
                        jet,
                        reference.Direction,
                        basis,
                        root,
                        rule,
                        way.StepSize,
                        horizon
                    )
            );
            var cost = surface.Cost.GradientEquivalents - before - trust!.Cost;
            using var descent = new GradientDescent<TVector>(space);
            var frozen = Follow(metric, descent, place, reference.Displacement);
            var run = Follow(
                surface,
                rule,
                theta,
                there =>
                {
                    metric.Coordinates(there, work);
                    return reference.Displacement(work);
                }
            );
            var rows = run.Count;
            var lost = Enumerable.Repeat((double.NaN, double.NaN, double.NaN), rows);
            return (
                SeriesTable.From([
                    (Columns.Step, [.. Enumerable.Range(0, rows).Select(t => (double)t)]),
                    .. Named(column => column, run),
                    .. Named(column => Columns.Forecast(Columns.Frozen, column), [.. frozen.Concat(lost).Take(rows)]),
                    .. Named(column => Columns.Forecast(Columns.JetForecast, column), [.. letGo.Take(rows)]),
                    Said(Columns.Displacement, forecast.Displacement),
                    Said(Columns.Loss, forecast.Loss),
                    Said(Columns.EffectiveSharpness, forecast.Sharpness),
                    Constant(Columns.JetCost, cost),
                    Constant(Columns.TrustPath, trust.Error),
                    Constant(Columns.PathCost, trust.Cost),
                    Constant(Columns.StepSize, way.StepSize),
                    Constant(Columns.Reference, way.Steps),
                ]),
                way.StepSize,
                way.Steps
            );

            (string, double[]) Said(string column, double[] values) =>
                (Columns.Forecast(Columns.FrozenForecast, column), values[..rows]);

            (string, double[]) Constant(string name, double value) => (name, [.. Enumerable.Repeat(value, rows)]);
        }
        finally
        {
            space.Release(place);
            space.Release(root);
            space.Release(work);
        }

        List<(double Displacement, double Loss, double Sharpness)> Follow(
            ISurface<TVector> over,
            IUpdateRule<TVector> by,
            TVector from,
            Func<TVector, double> displacement
        )
        {
            using var leading = new LeadingPair<TVector>(
                space,
                approach.Tolerance,
                approach.Seed,
                by.IsPreconditioned ? by : null
            );
            List<(double, double, double)> path = [];
            Observer<TVector> watch = new(
                1,
                state =>
                {
                    // A point that is no longer finite ends the path before it.
                    if (state.End == StopReason.Diverged)
                        return;
                    leading.Measure(state.Point!, state.Theta);
                    path.Add((displacement(state.Theta), state.Loss, leading.Sharpness));
                    progress?.Invoke(way.Steps + state.Step);
                }
            )
            {
                NeedsPoint = true,
            };
            var limits = DescentLimits.AllOf(horizon);
            var end = DescentLoop.Run(over, by, way.StepSize, limits, from, [watch], cancellation: cancellation);
            return end.Reason == StopReason.Cancelled ? throw new OperationCanceledException(cancellation) : path;
        }
    }

    private static IEnumerable<(string, double[])> Named(
        Func<string, string> name,
        List<(double Displacement, double Loss, double Sharpness)> path
    ) =>
        [
            (name(Columns.Displacement), [.. path.Select(point => point.Displacement)]),
            (name(Columns.Loss), [.. path.Select(point => point.Loss)]),
            (name(Columns.EffectiveSharpness), [.. path.Select(point => point.Sharpness)]),
        ];
}
