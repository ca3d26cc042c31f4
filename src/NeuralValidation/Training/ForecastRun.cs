using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>What a forecast run leaves behind.</summary>
/// <param name="Trial">Forecasts and run side by side; null where the instability never came.</param>
/// <param name="StepSize">The step size of the instability.</param>
/// <param name="Reference">The step of the reference point, counted from the start of training; where the instability never came, the last step made.</param>
/// <param name="TotalCost">The cost of everything in gradient-equivalents.</param>
public sealed record ForecastOutcome(TrialOutcome? Trial, double StepSize, int Reference, double TotalCost);

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
    public static ForecastOutcome Execute(
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
        TorchRuntime.EnsureLoaded();
        var spec = plan.Training;
        using var surface = Surface(spec, train);
        using var theta = surface.Parameters(Initial(spec, train, initial));
        var approach = Approach.Run(surface, theta, Way(plan), progress, cancellation);
        if (!approach.Reached)
            return new ForecastOutcome(null, approach.StepSize, approach.Steps, surface.Cost.GradientEquivalents);
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
        var trial = ForecastTrial.Run(
            surface,
            theta,
            approach.StepSize,
            theories,
            options,
            t => progress?.Invoke(approach.Steps + t),
            cancellation
        );
        return new ForecastOutcome(trial, approach.StepSize, approach.Steps, surface.Cost.GradientEquivalents);
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

    /// <summary>The loss of a network as a surface.</summary>
    internal static NetworkSurface Surface(TrainingSpec spec, LabelledSamples train) =>
        new(
            spec.Model(train),
            spec.Loss.Smoothed(spec.LabelSmoothing),
            train,
            spec.Precision == "float64" ? torch.ScalarType.Float64 : torch.ScalarType.Float32,
            torch.device(spec.Device),
            spec.Chunk
        )
        {
            L2 = spec.L2,
        };

    /// <summary>The initial parameters, given or drawn.</summary>
    internal static double[] Initial(TrainingSpec spec, LabelledSamples train, double[]? given) =>
        given ?? spec.Initialisation.Draw(spec.Model(train).Layout, spec.Seed);
}
