using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Data;

namespace FlatBias.NeuralValidation.Training;

/// <summary>Forecasts an instability of a real network and runs it.</summary>
public static class ForecastRun
{
    // Tight enough that the sharpness is good to six digits (its error is the residual squared over the gap) and the angle to 1e-4 over the relative gap.
    internal const double TrialTolerance = 1e-4;

    // The jet is exact of any direction; that this one is v_1 shows in the rotation, to 1e-6 over the relative gap, below 0.01 degrees. lambda_P is good to 1e-6 over its relative gap.
    internal const double JetTolerance = 1e-6;
    private const double TrailingTolerance = 1e-3;

    // Steps waited for each instability, in horizons.
    private const int Patience = 10;

    /// <summary>Approaches below the edge, pushes past it, waits for the excursion, measures one jet, lets every theory forecast, then makes the steps and measures them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="train">Training data.</param>
    /// <param name="initial">Initial parameters in the order of the flat vector, or null to draw them from the seed.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Forecasts and run side by side; without them where the instability was not reached within ten horizons, for each before it as well, or the run diverged on the way.</returns>
    /// <exception cref="ArgumentException">The plan does not fit the data.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ForecastOutcome<TrialOutcome> Execute(
        ForecastPlan plan,
        LabelledSamples train,
        double[]? initial = null,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(train);
        plan.Validate(train);
        var spec = plan.Training;
        var theories = plan.Theories.Select(TheoryCatalogue.All.Find).ToArray();
        var options = new TrialOptions(
            plan.Horizon,
            plan.Order,
            plan.Krylov,
            plan.Cubic,
            TrialTolerance,
            spec.Seed,
            JetTolerance,
            TrailingTolerance,
            plan.Krylov > 0,
            plan.Collocation,
            plan.Predictability,
            plan.Taylor,
            plan.SpanLimit,
            plan.Stochastic
        );
        return AtInstability(
            plan,
            train,
            initial,
            progress,
            (at, stepSize, made) =>
                ForecastTrial.Run(at.Surface, at.Theta, stepSize, theories, options, made, cancellation),
            cancellation
        );
    }

    /// <summary>Makes the run of a plan up to its instability, and there a forecast: from the network at that point, the step size, and a callback for the steps made from there on.</summary>
    internal static ForecastOutcome<TForecast> AtInstability<TForecast>(
        ForecastPlan plan,
        LabelledSamples train,
        double[]? initial,
        Action<int>? progress,
        Func<NetworkAt, double, Action<int>, TForecast> forecast,
        CancellationToken cancellation
    )
        where TForecast : class
    {
        using var at = NetworkAt.Of(plan.Training, train, initial);
        var approach = Approach.Run(at.Surface, at.Theta, Way(plan), progress, cancellation);
        var made = approach.Reached ? forecast(at, approach.StepSize, t => progress?.Invoke(approach.Steps + t)) : null;
        return new(made, approach.StepSize, approach.Steps, at.Surface.Cost.GradientEquivalents);
    }

    /// <summary>How the run of a plan gets to its reference point.</summary>
    internal static ApproachOptions Way(ForecastPlan plan) =>
        new(plan.Training.StepSize.Constant, plan.Approach, plan.Push, Patience * plan.Horizon)
        {
            Excursion = plan.Excursion,
            Instability = plan.Instability,
            Tolerance = TrialTolerance,
            Seed = plan.Training.Seed,
        };
}
