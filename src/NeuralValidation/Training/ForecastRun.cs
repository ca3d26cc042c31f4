using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;
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
    private const double TrialTolerance = 1e-4;

    // The jet is exact of any direction; that this one is v_1 shows in the rotation, to 1e-6 over the relative gap, below 0.01 degrees. lambda_P is good to 1e-6 over its relative gap.
    private const double JetTolerance = 1e-6, TrailingTolerance = 1e-3;

    // In units of the excursion that begins an instability: an instability whose u has not come down to this has not ended.
    private const double Settled = 10;

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
    public static ForecastOutcome Execute(ForecastPlan plan, LabelledImages train, double[]? initial = null, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(train);
        plan.Validate(train.Features, train.Classes);
        TorchRuntime.EnsureLoaded();
        var spec = plan.Training;
        var architecture = spec.Architecture(train.Features, train.Classes);
        var type = spec.Precision == "float64" ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        using var surface = new NetworkSurface(architecture, train.Pixels, train.Labels, type, torch.device(spec.Device), spec.Chunk);
        using var theta = surface.Parameters(initial ?? Initialisation.LeCunNormal(architecture, spec.Seed));
        using var approach = new Approach(plan, surface, theta, progress, cancellation);
        if (!approach.Reach()) return new ForecastOutcome(null, approach.StepSize, approach.Steps, surface.Cost.GradientEquivalents);
        var theories = plan.Theories.Select(TheoryCatalogue.All.Find).ToArray();
        var options = new TrialOptions(plan.Horizon, plan.Order, plan.Krylov, plan.Cubic, TrialTolerance, spec.Seed, JetTolerance, TrailingTolerance, Trust: plan.Krylov > 0);
        var trial = ForecastTrial.Run(surface, theta, approach.StepSize, theories, options, t => progress?.Invoke(approach.Steps + t), cancellation);
        return new ForecastOutcome(trial, approach.StepSize, approach.Steps, surface.Cost.GradientEquivalents);
    }

    /// <summary>The way to the reference point.</summary>
    private sealed class Approach(ForecastPlan plan, NetworkSurface surface, torch.Tensor theta, Action<int>? progress, CancellationToken cancellation) : IDisposable
    {
        private readonly LeadingPair<torch.Tensor> _leading = new(surface, TrialTolerance, plan.Training.Seed);
        private readonly torch.Tensor _gradient = surface.Space.Create();

        /// <summary>Steps made.</summary>
        public int Steps { get; private set; }

        /// <summary>The step size past the edge; NaN as long as the sharpness that it is set by is not known.</summary>
        public double StepSize { get; private set; } = double.NaN;

        /// <summary>Whether the reference point was reached; theta is there then.</summary>
        public bool Reach()
        {
            while (Steps < plan.Approach)
                if (!Step(plan.Training.StepSize.Constant)) return false;
            if (!Measure()) return false;
            StepSize = plan.Push / _leading.Sharpness;
            for (var number = 1; ; number++)
            {
                if (!Wait(_ => StepSize * _leading.Sharpness > 2 && _leading.Excursion >= plan.Excursion)) return false;
                if (number == plan.Instability) return true;
                if (!Wait(previous => StepSize * (_leading.Sharpness + previous) / 2 < 2 && _leading.Excursion < Settled * plan.Excursion)) return false;
            }
        }

        public void Dispose()
        {
            _leading.Dispose();
            _gradient.Dispose();
        }

        /// <summary>Steps until a condition holds, which is told the sharpness before the last step.</summary>
        private bool Wait(Func<double, bool> reached)
        {
            var last = plan.Approach + ((long)Patience * plan.Horizon * plan.Instability);
            for (var previous = _leading.Sharpness; !reached(previous);)
            {
                previous = _leading.Sharpness;
                if (Steps >= last || !Step(StepSize) || !Measure()) return false;
            }

            return true;
        }

        /// <summary>Whether there was something finite to measure.</summary>
        private bool Measure()
        {
            using var point = surface.At(theta);
            if (!double.IsFinite(surface.Space.Norm(point.Gradient))) return false;
            _leading.Measure(point);
            return _leading.Sharpness > 0;
        }

        private bool Step(double size)
        {
            cancellation.ThrowIfCancellationRequested();
            var loss = surface.LossAndGradient(theta, _gradient);
            surface.Space.Axpy(-size, _gradient, theta);
            progress?.Invoke(Steps);
            Steps++;
            return double.IsFinite(loss);
        }
    }
}
