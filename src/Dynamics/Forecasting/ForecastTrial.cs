using System.Runtime.ExceptionServices;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// One trial of all theories: from one reference point a jet, from the jet the forecasts, all before any step is made;
/// then gradient descent (1.1) from the same point, measured at every step by the probe that measures all runs.
/// The same code for landscapes and networks.
/// </summary>
public static class ForecastTrial
{
    /// <summary>Makes the trial.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point; holds the end point afterwards.</param>
    /// <param name="stepSize">The step size eta of the run forecast, finite and above 0.</param>
    /// <param name="theories">Those who forecast.</param>
    /// <param name="options">What is forecast.</param>
    /// <param name="progress">Called after each step with the number of steps made, those of stochastic runs included; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Forecasts and run side by side.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The loss at the reference point is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrialOutcome Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        double stepSize,
        IReadOnlyList<ITheory> theories,
        TrialOptions options,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(theories);
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(stepSize);
        Require.InRange(options.Horizon, 1, name: "horizon");
        Require.InRange(options.Krylov, options.Collocation is null ? 0 : 1, name: "krylov");
        Require.InRange(options.Krylov, options.SpanLimit ? 1 : 0, name: "krylov");
        if (!options.Taylor && options.Collocation is null)
            throw new ArgumentException("There is no jet to forecast from.", nameof(options));
        using var reference = new ReferencePoint<TVector>(surface.Space, theta);
        var (forecasts, taylor, collocation, cost, span, stochastic) = Predict(
            surface,
            theta,
            stepSize,
            theories,
            options,
            reference.Direction,
            cancellation
        );
        var declined = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var forecast in forecasts)
            if (forecast.Declined is { } reason)
                declined[forecast.Theory] = reason;
        Forecast[] made = [.. forecasts.Where(forecast => forecast.Declined is null)];
        var (series, end) = Descend(surface, theta, stepSize, options, reference, made, progress, cancellation);
        if (end == StopReason.Cancelled)
            throw new OperationCanceledException(cancellation);
        return new TrialOutcome(series, declined, cost, end == StopReason.Diverged)
        {
            Taylor = taylor,
            Collocation = collocation,
            Predictability = options.Predictability ? Predictability(series) : null,
            SpanLimit = span is null ? null : PredictabilityLimit.Of(series, span),
            Stochastic = stochastic?.Run(
                surface,
                reference,
                stepSize,
                options,
                t => progress?.Invoke(options.Horizon + t),
                cancellation
            ),
        };

        double Predictability(SeriesTable run)
        {
            var moved = surface.Space.Create();
            reference.Move(PredictabilityLimit.Displacement(run), moved);
            var displaced = SharpnessRun.Make(surface, moved, stepSize, options, cancellation);
            surface.Space.Release(moved);
            return PredictabilityLimit.Of(run, displaced);
        }
    }

    /// <summary>The run, with what was said of each step beside what the probe finds there.</summary>
    private static (SeriesTable Series, StopReason End) Descend<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        double stepSize,
        TrialOptions options,
        ReferencePoint<TVector> reference,
        Forecast[] forecasts,
        Action<int>? progress,
        CancellationToken cancellation
    )
    {
        var solver = new LanczosOptions(options.Tolerance, Trailing: false);
        // One pair: the forecasts are of v_1. The trailing one is nobody's forecast, and measured at the start only.
        var measured = new CurvatureProbeOptions(1, solver, Seed: options.Seed) { TrailingEvery = int.MaxValue };
        using var rule = new GradientDescent<TVector>(surface.Space);
        using var probe = new CurvatureProbe<TVector>(surface, measured, rule);
        var series = new SeriesTable();
        Observer<TVector> trial = new(
            1,
            state =>
            {
                // A point that is no longer finite ends the series before it.
                if (state.End == StopReason.Diverged)
                    return;
                series.AddRow();
                series.Set(Columns.Step, state.Step);
                series.Set(Columns.Displacement, reference.Displacement(state.Theta));
                probe.Measure(state.Point!, state.Theta, state.StepSize, series);
                reference.WriteRotation(probe.Frame.Vectors, series);
                reference.WriteMoments(state.Point!, series);
                foreach (var forecast in forecasts)
                    ForecastColumns.Write(series, forecast, state.Step);
                progress?.Invoke(state.Step);
            }
        )
        {
            NeedsPoint = true,
        };
        var limits = DescentLimits.AllOf(options.Horizon);
        var result = DescentLoop.Run(surface, rule, stepSize, limits, theta, [trial], cancellation: cancellation);
        return (series, result.Reason);
    }

    /// <summary>All that is said before the run, how far the jets that it is said from agree with the surface, and what they cost together.</summary>
    private static (
        Forecast[] Forecasts,
        TrialJet? Taylor,
        TrialJet? Collocation,
        double Cost,
        double[]? Span,
        StochasticTrial? Stochastic
    ) Predict<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        double stepSize,
        IReadOnlyList<ITheory> theories,
        TrialOptions options,
        TVector direction,
        CancellationToken cancellation
    )
    {
        using var point = surface.At(theta);
        using var basis = Jet.Basis(surface.Space, options.Krylov);
        var before = surface.Cost.GradientEquivalents;
        var (trailing, gap) = LeadingPair(surface.Space, point, options, direction);
        var (pair, checks) = (surface.Cost.GradientEquivalents - before, 0.0);
        List<Jet> jets = [];
        var taylor = options.Taylor
            ? Measured(() => Jet.Along(surface, point, direction, options.Order, trailing, gap, basis, options.Cubic))
            : null;
        var collocation = options.Collocation is { } looks
            ? Measured(() =>
                CollocationJet.Along(
                    surface,
                    theta,
                    point,
                    direction,
                    basis!,
                    stepSize,
                    options.Horizon,
                    looks,
                    trailing,
                    gap
                )
            )
            : null;
        var cost = surface.Cost.GradientEquivalents - before - checks;
        var span = options.SpanLimit
            ? SpanLimit.Sharpness(
                surface,
                theta,
                direction,
                basis!,
                jets[^1].Krylov!.Dimension,
                stepSize,
                options,
                cancellation
            )
            : null;
        var stochastic = StochasticTrial.Predict(surface, theta, stepSize, options, direction, basis, jets[^1]);
        return (Said(theories, jets, stepSize, options.Horizon), taylor, collocation, cost, span, stochastic);

        TrialJet Measured(Func<Jet> measure)
        {
            var start = surface.Cost.GradientEquivalents;
            var jet = measure();
            jets.Add(jet);
            // A jet from which nothing can be said of u, for want of a leading direction, has no distance to be held at.
            var along = options.Trust ? new MemoryTheory(jet.Order).Predict(jet, stepSize, options.Horizon) : null;
            var isHeld = along is { Declined: null };
            var trust =
                isHeld && jet.Swing is null
                    ? ModelTrust.Measure(surface, theta, point, direction, jet, along!.Displacement.Max(Math.Abs))
                    : null;
            var result = new TrialJet(pair + surface.Cost.GradientEquivalents - start)
            {
                Trust = trust,
                Swing = jet.Swing,
                // A forecast by memory has Krylov vectors.
                Path = isHeld
                    ? PathTrust.Measure(surface, theta, direction, basis!, jet, stepSize, options.Horizon)
                    : null,
            };
            checks += result.Path?.Cost ?? 0;
            return result;
        }
    }

    /// <summary>Every theory's forecast from the first jet from which it makes one; the last one's reason where it makes none.</summary>
    private static Forecast[] Said(IReadOnlyList<ITheory> theories, List<Jet> jets, double stepSize, int steps)
    {
        var forecasts = new Forecast[theories.Count];
        try
        {
            Parallel.For(
                0,
                theories.Count,
                i =>
                {
                    foreach (var jet in jets)
                        if ((forecasts[i] = theories[i].Predict(jet, stepSize, steps)).Declined is null)
                            break;
                }
            );
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return forecasts;
    }

    /// <summary>
    /// The leading pair at the reference point; its v_1 becomes the reference direction, with the sign that the solver
    /// gives it: u, m_1 and m_3 change theirs with it, and nothing else does.
    /// </summary>
    private static (double Trailing, double Gap) LeadingPair<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        TrialOptions options,
        TVector direction
    )
    {
        using var frame = new EigenFrame<TVector>(space, 1);
        var random = new Random(options.Seed);
        var start = space.Create();
        space.FillGaussian(start, random);
        var again = options.TrailingTolerance > options.JetTolerance;
        using (
            var solver = new LanczosEigensolver<TVector>(
                space,
                new LanczosOptions(Math.Max(options.JetTolerance, options.TrailingTolerance))
            )
        )
        {
            // Copies of v_1 are looked for once, beside the pair that is kept.
            if (again)
                solver.Iterate(point.HessianVector, start, random, frame, trailing: true, default);
            else
                solver.Solve(point.HessianVector, start, random, frame);
        }

        var trailing = frame.Trailing;
        if (again)
        {
            using var solver = new LanczosEigensolver<TVector>(
                space,
                new LanczosOptions(options.JetTolerance, Trailing: false)
            );
            space.Copy(frame.Vectors[0], start);
            solver.Solve(point.HessianVector, start, random, frame);
        }

        space.Release(start);
        space.Copy(frame.Vectors[0], direction);
        return (trailing, frame.Gap(0));
    }
}
