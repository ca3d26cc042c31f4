using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// A long forecast by several collocation jets, (4.17). From each jet the path ahead is forecast and held against the
/// surface, (4.16), before its steps are made; it is used for as many steps as e_S stays within its limit, and the next jet
/// is taken at the point that the run has come to. It is therefore a forecast from the last of these points, and not
/// from the first: the run itself is known up to there.
/// </summary>
public static class ReanchoredForecast
{
    /// <summary>Forecasts and runs, jet after jet.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The start; holds the end point afterwards.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="options">What is forecast.</param>
    /// <param name="progress">Called after each step with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Forecasts and run side by side.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the loss at the start is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ReanchorOutcome Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        double stepSize,
        ReanchorOptions options,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(options);
        Require.Positive(stepSize);
        options.Validate();
        using var way = new Way<TVector>(surface, theta, stepSize, options, progress);
        return way.Go(cancellation);
    }

    private sealed class Way<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        double stepSize,
        ReanchorOptions options,
        Action<int>? progress
    ) : IDisposable
    {
        private readonly Anchor<TVector> _anchor = new(surface, stepSize, options);
        private readonly TVector _last = surface.Space.Create(),
            _before = surface.Space.Create();
        private readonly LeadingPair<TVector> _leading = new(surface.Space, options.Tolerance, options.Seed);
        private readonly SeriesTable _series = new();
        private double[] _hessian = [];
        private double[] _first = [];
        private int _made;

        public ReanchorOutcome Go(CancellationToken cancellation)
        {
            while (_made < options.Horizon)
            {
                var (steps, cost, trust) = Ahead();
                var end = Descend(steps, cost, trust, cancellation);
                if (end == StopReason.Cancelled)
                    throw new OperationCanceledException(cancellation);
                if (end == StopReason.Diverged)
                    return new ReanchorOutcome(_series, true);
                _made += steps;
            }

            return new ReanchorOutcome(_series, false);
        }

        public void Dispose()
        {
            _anchor.Dispose();
            _leading.Dispose();
            surface.Space.Release(_last);
            surface.Space.Release(_before);
        }

        /// <summary>The next jet, the steps that it is used for, what it cost and how far it could be trusted.</summary>
        private (int Steps, double Cost, PathTrust Trust) Ahead()
        {
            var window = Math.Min(options.Window, options.Horizon - _made);
            var before = surface.Cost.GradientEquivalents;
            var jet = _anchor.Take(theta, _last, window);
            var cost = surface.Cost.GradientEquivalents - before;
            _hessian = new double[_anchor.Model.Dimension * _anchor.Model.Dimension];
            if (_made == 0)
                _first = CarriedOn();
            before = surface.Cost.GradientEquivalents;
            for (var steps = window; ; steps = Math.Max(ReanchorOptions.ShortestWindow, steps / 2))
            {
                var trust = _anchor.Trust(jet, steps);
                if (trust.Holds || steps <= ReanchorOptions.ShortestWindow)
                    return (steps, cost, trust.At(surface.Cost.GradientEquivalents - before));
            }
        }

        /// <summary>S by the present jet over all steps, for as long as its path is finite.</summary>
        private double[] CarriedOn() =>
            [.. ModelPath.Descend(_anchor.Model, stepSize, options.Horizon, start: _anchor.Start).Select(Sharpness)];

        private double Sharpness(double[] place)
        {
            _anchor.Model.Hessian(place, _hessian);
            return SymmetricEigen.Leading(_hessian, _anchor.Model.Dimension).Value;
        }

        private StopReason Descend(int steps, double cost, PathTrust trust, CancellationToken cancellation)
        {
            var (from, first) = (_made, true);
            Observer<TVector> trial = new(
                1,
                state =>
                {
                    // A point that is no longer finite ends the series before it.
                    if (state.End == StopReason.Diverged)
                        return;
                    surface.Space.Copy(state.Theta, _last);
                    surface.Space.Axpy(-1, _before, _last);
                    surface.Space.Copy(state.Theta, _before);
                    // Where a jet is taken stands already, as the last that the jet before it forecast.
                    if (state.Step == 0 && from > 0)
                        return;
                    Write(state, from);
                    if (first)
                    {
                        _series.Set(Columns.JetCost, cost);
                        _series.Set(Columns.TrustPath, trust.Error);
                        _series.Set(Columns.PathCost, trust.Cost);
                    }

                    first = false;
                    progress?.Invoke(from + state.Step);
                }
            )
            {
                NeedsPoint = true,
            };
            using var rule = new GradientDescent<TVector>(surface.Space);
            var limits = DescentLimits.AllOf(steps);
            return DescentLoop.Run(surface, rule, stepSize, limits, theta, [trial], cancellation: cancellation).Reason;
        }

        private void Write(DescentState<TVector> state, int from)
        {
            var before = MeasurementCost.Of(surface.Cost);
            _leading.Measure(state.Point!, state.Theta);
            _series.AddRow();
            _series.Set(Columns.Step, from + state.Step);
            _series.Set(Columns.Loss, state.Loss);
            _series.Set(Columns.Sharpness, _leading.Sharpness);
            MeasurementCost.Of(surface.Cost).Less(before).Write(_series);
            _series.Set(Columns.Anchor, from);
            // Beyond the end of the path there is no forecast.
            var (model, path) = (_anchor.Model, _anchor.Path);
            var there = state.Step < path.Length;
            _series.Set(
                Columns.Forecast(Columns.JetForecast, Columns.Loss),
                there ? _anchor.Loss + model.LossChange(path[state.Step]) : double.NaN
            );
            _series.Set(
                Columns.Forecast(Columns.JetForecast, Columns.Sharpness),
                there ? Sharpness(path[state.Step]) : double.NaN
            );
            var step = from + state.Step;
            _series.Set(Columns.FirstSharpness, step < _first.Length ? _first[step] : double.NaN);
        }
    }
}
