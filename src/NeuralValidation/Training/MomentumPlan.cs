using FlatBias.Dynamics;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Training;

/// <summary>A forecast of an instability of heavy-ball descent of a network, (4.26), and the run that tests it.</summary>
/// <param name="Forecast">How the run gets to the jet, what is measured, and the horizon; the jet is a collocation jet, and of theories rod flow may be asked.</param>
/// <param name="Momentum">b, in [0, 1); the step size after the push is 1 + b times as large as without, as the edge is.</param>
public sealed record MomentumPlan(ForecastPlan Forecast, double Momentum)
{
    /// <summary>Checks every value against the data, before any work.</summary>
    /// <param name="samples">The training samples, or others of their shape and kind.</param>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate(LabelledSamples samples)
    {
        if (Forecast.Collocation is null)
            throw new ArgumentException(
                "A forecast of heavy-ball descent is one by a collocation jet, whose basis begins from the momentum too."
            );
        Forecast.Validate(samples);
        if (Forecast.Theories.FirstOrDefault(name => name != Columns.RodForecast) is { } other)
            throw new ArgumentException(
                $"theories names '{other}'; with momentum none but {Columns.RodForecast} has a form, (6.10)."
            );
        Require.Decay(Momentum, "momentum");
    }
}

/// <summary>Forecasts an instability of heavy-ball descent of a real network and runs it.</summary>
public static class MomentumRun
{
    /// <summary>Approaches the instability, forecasts it and runs it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="train">Training data.</param>
    /// <param name="initial">Initial parameters in the order of the flat vector, or null to draw them from the seed.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The plan does not fit the data.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ForecastOutcome<SeriesTable> Execute(
        MomentumPlan plan,
        LabelledSamples train,
        double[]? initial = null,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(train);
        plan.Validate(train);
        var forecast = plan.Forecast;
        using var at = NetworkAt.Of(forecast.Training, train, initial);
        var (series, stepSize, reference) = MomentumTrial.Run(
            at.Surface,
            at.Theta,
            ForecastRun.Way(forecast) with
            {
                Momentum = plan.Momentum,
            },
            forecast.Horizon,
            forecast.Krylov,
            forecast.Collocation!,
            forecast.Theories.Contains(Columns.RodForecast),
            progress,
            cancellation
        );
        return new(series, stepSize, reference, at.Surface.Cost.GradientEquivalents);
    }
}
