using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.NeuralValidation.Data;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>Forecasts many step sizes of a real network from one jet, and runs them.</summary>
public static class StepScanRun
{
    /// <summary>Trains below the edge, measures one jet, forecasts every step size, then makes the runs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="train">Training data.</param>
    /// <param name="initial">Initial parameters in the order of the flat vector, or null to draw them from the seed.</param>
    /// <param name="progress">Called with the number of steps made, of all runs together; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Forecasts and runs side by side, and the cost of everything in gradient-equivalents.</returns>
    /// <exception cref="ArgumentException">The plan does not fit the data, the approach diverges, or a step size is not past the edge.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static (StepScanOutcome Scan, double TotalCost) Execute(
        StepScanPlan plan,
        LabelledSamples train,
        double[]? initial = null,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(train);
        plan.Validate(train);
        using var at = NetworkAt.Of(plan.Training, train, initial);
        var (surface, theta) = (at.Surface, at.Theta);
        using (var rule = new GradientDescent<torch.Tensor>(surface.Space))
        {
            Observer<torch.Tensor> counts = new(1, state => progress?.Invoke(state.Step));
            // All steps, wherever they lead, unless the loss leaves the numbers that a run is about.
            var limits = new DescentLimits(plan.Approach, double.NegativeInfinity);
            var result = DescentLoop.Run(
                surface,
                rule,
                plan.Training.StepSize,
                limits,
                theta,
                [counts],
                cancellation: cancellation
            );
            cancellation.ThrowIfCancellationRequested();
            if (result.Reason != StopReason.StepLimit)
                throw new ArgumentException(
                    $"The approach diverges after {result.Steps} steps at step size {plan.Training.StepSize.Constant}; choose one below the edge."
                );
        }

        var scan = StepScan.Run(
            surface,
            theta,
            plan.Options(ForecastRun.TrialTolerance, ForecastRun.JetTolerance),
            t => progress?.Invoke(plan.Approach + t),
            cancellation
        );
        return (scan, surface.Cost.GradientEquivalents);
    }
}
