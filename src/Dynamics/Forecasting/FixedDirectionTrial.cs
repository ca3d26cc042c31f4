using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// Theories beside a run on a surface whose unstable direction is known and does not turn, as the first coordinate of a
/// polynomial valley (section 4): the jet is taken along it, and the run is measured along it. Where v_1 may turn, it
/// is
/// <see cref="ForecastTrial"/> that measures.
/// </summary>
public static class FixedDirectionTrial
{
    /// <summary>Lets every theory forecast the whole horizon, then makes the run.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point; holds the end point afterwards.</param>
    /// <param name="direction">The unit vector v.</param>
    /// <param name="order">The order K of the jet, from 2 to the surface's highest.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="steps">The horizon, at least 0.</param>
    /// <param name="theories">Those who forecast.</param>
    /// <param name="progress">Called after each step with the number of steps made; may be null.</param>
    /// <param name="cancellation">Ends the run as Cancelled.</param>
    /// <returns>
    /// How the run ended, and a row a step: step, displacement (v . (theta - theta_0)), curvature (D^2 L[v, v], which
    /// need not be the largest eigenvalue), loss, and for each theory that did not decline what it forecasts, as in
    /// <see cref="TrialOutcome"/>.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The loss at the reference point is not finite.</exception>
    public static (SeriesTable Series, DescentResult Result) Run<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector direction,
        int order,
        double stepSize,
        int steps,
        IReadOnlyList<ITheory> theories,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(theories);
        Require.Positive(stepSize);
        using var reference = new ReferencePoint<TVector>(surface.Space, theta);
        surface.Space.Copy(direction, reference.Direction);
        Forecast[] forecasts;
        using (var point = surface.At(theta))
        {
            var jet = Jet.Along(surface, point, reference.Direction, order);
            forecasts = [.. theories.Select(theory => theory.Predict(jet, stepSize, steps))];
        }

        forecasts = [.. forecasts.Where(forecast => forecast.Declined is null)];
        var (series, moments) = (new SeriesTable(), new double[2]);
        Observer<TVector> trial = new(
            1,
            state =>
            {
                state.Point!.DirectionalDerivatives(reference.Direction, moments);
                series.AddRow();
                series.Set(Columns.Step, state.Step);
                series.Set(Columns.Displacement, reference.Displacement(state.Theta));
                series.Set("curvature", moments[1]);
                series.Set(Columns.Loss, state.Loss);
                foreach (var forecast in forecasts)
                    ForecastColumns.Write(series, forecast, state.Step);
                progress?.Invoke(state.Step);
            }
        )
        {
            NeedsPoint = true,
        };
        using var rule = new GradientDescent<TVector>(surface.Space);
        var limits = new DescentLimits(steps);
        var result = DescentLoop.Run(surface, rule, stepSize, limits, theta, [trial], cancellation: cancellation);
        return (series, result);
    }
}
