using FlatBias.Dynamics;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Training;

/// <summary>A forecast of an instability of RMSProp on a network, (4.27), and the runs that test it.</summary>
/// <param name="Forecast">How the run gets to the jet, by RMSProp from the first step on, at least one; what is measured, and the horizon. The jet is a collocation jet, and no theory is asked.</param>
/// <param name="SecondDecay">b2, the decay of the mean of squares, in [0, 1).</param>
/// <param name="Epsilon">eps, added to what divides, finite and at least 0.</param>
public sealed record RmsPropPlan(ForecastPlan Forecast, double SecondDecay, double Epsilon)
{
    /// <summary>Checks every value against the data, before any work.</summary>
    /// <param name="samples">The training samples, or others of their shape and kind.</param>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate(LabelledSamples samples)
    {
        if (Forecast.Collocation is null)
            throw new ArgumentException(
                "A forecast of RMSProp is one by a collocation jet, in the metric of its preconditioner."
            );
        Forecast.Validate(samples);
        Require.InRange(Forecast.Approach, 1, name: "approach");
        Require.Decay(SecondDecay, "second-decay");
        Require.NotNegative(Require.Finite(Epsilon, "epsilon"), "epsilon");
    }
}

/// <summary>Forecasts an instability of RMSProp on a real network and runs it.</summary>
public static class RmsPropRun
{
    /// <summary>Approaches the instability, forecasts it and runs it, with the preconditioner frozen and let go.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="train">Training data.</param>
    /// <param name="initial">Initial parameters in the order of the flat vector, or null to draw them from the seed.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The plan does not fit the data.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ForecastOutcome<SeriesTable> Execute(
        RmsPropPlan plan,
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
        var (series, stepSize, reference) = RmsPropTrial.Run(
            at.Surface,
            at.Theta,
            ForecastRun.Way(forecast),
            plan.SecondDecay,
            plan.Epsilon,
            forecast.Horizon,
            forecast.Krylov,
            forecast.Collocation!,
            progress,
            cancellation
        );
        return new(series, stepSize, reference, at.Surface.Cost.GradientEquivalents);
    }
}
