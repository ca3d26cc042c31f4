using FlatBias.Dynamics;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Native;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;

namespace FlatBias.NeuralValidation.Training;

/// <summary>A forecast of one instability of a network from one local measurement, (4.7), (4.9), and the run that tests it.</summary>
public sealed record ForecastPlan
{
    /// <summary>The network, its data and its initial weights; its step size is that of the approach, below the edge.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>
    /// Which instability after the push is forecast, 1 for the first. The run goes through those before it: one is over once the sharpness, averaged over two steps, is back below the edge and the excursion below ten times
    /// <see cref="Excursion"/>; the next begins where the sharpness is above the edge again with the excursion at least <see cref="Excursion"/>.
    /// </summary>
    public int Instability { get; init; } = 1;

    /// <summary>Steps of the approach.</summary>
    public int Approach { get; init; } = 1000;

    /// <summary>After the approach the step size is set to this number over the sharpness found there: just above 2.</summary>
    public double Push { get; init; } = 2.1;

    /// <summary>The reference point is the first at which the excursion along v_1, |g . v_1| / S, is at least this.</summary>
    public double Excursion { get; init; } = 1e-3;

    /// <summary>The order K of the jet, 2 to 6.</summary>
    public int Order { get; init; } = 4;

    /// <summary>Krylov vectors of the jet.</summary>
    public int Krylov { get; init; } = 36;

    /// <summary>Whether the jet carries the cubic coupling (4.10).</summary>
    public bool Cubic { get; init; }

    /// <summary>Steps forecast.</summary>
    public int Horizon { get; init; } = 150;

    /// <summary>Names of the theories that forecast: all, unless told otherwise.</summary>
    public IReadOnlyList<string> Theories { get; init; } = [.. TheoryCatalogue.All.Select(theory => theory.Name)];
}

/// <summary>What a forecast run leaves behind.</summary>
/// <param name="Trial">Forecasts and run side by side.</param>
/// <param name="StepSize">The step size of the instability.</param>
/// <param name="Reference">The step of the reference point, counted from the start of training.</param>
/// <param name="TotalCost">The cost of everything in gradient-equivalents.</param>
public sealed record ForecastOutcome(TrialOutcome Trial, double StepSize, int Reference, double TotalCost);

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
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Forecasts and run side by side.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InvalidOperationException">The instability was not reached within ten times the horizon, for each before it as well.</exception>
    public static ForecastOutcome Execute(ForecastPlan plan, LabelledImages train, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(train);
        Require.InRange(plan.Instability, 1, name: "instability");
        TorchRuntime.EnsureLoaded();
        var spec = plan.Training;
        spec.Validate(train.Features, train.Classes);
        var architecture = spec.Architecture(train.Features, train.Classes);
        var type = spec.Precision == "float64" ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        using var surface = new NetworkSurface(architecture, train.Pixels, train.Labels, type, torch.device(spec.Device));
        using var theta = surface.Parameters(Initialisation.LeCunNormal(architecture, spec.Seed));
        using var gradient = surface.Space.Create();
        using var leading = new LeadingPair<torch.Tensor>(surface, TrialTolerance, spec.Seed);
        var made = 0;
        for (; made < plan.Approach; made++) Step(spec.StepSize);
        Measure();
        var stepSize = plan.Push / leading.Sharpness;
        var last = plan.Approach + (Patience * plan.Horizon * plan.Instability);
        for (var number = 1; ; number++)
        {
            Wait(() => stepSize * leading.Sharpness > 2 && leading.Excursion >= plan.Excursion);
            if (number == plan.Instability) break;
            var previous = leading.Sharpness;
            Wait(() => stepSize * (leading.Sharpness + previous) / 2 < 2 && leading.Excursion < Settled * plan.Excursion, () => previous = leading.Sharpness);
        }

        var reference = made;
        var theories = plan.Theories.Select(name => TheoryCatalogue.All.Single(t => t.Name == name)).ToArray();
        var trial = ForecastTrial.Run(
            surface, theta, stepSize, theories, new TrialOptions(plan.Horizon, plan.Order, plan.Krylov, plan.Cubic, TrialTolerance, spec.Seed, JetTolerance, TrailingTolerance, Trust: plan.Krylov > 0), t => progress?.Invoke(reference + t), cancellation);
        return new ForecastOutcome(trial, stepSize, reference, surface.Cost.GradientEquivalents);

        void Wait(Func<bool> reached, Action? before = null)
        {
            for (; !reached(); made++)
            {
                if (made > last) throw new InvalidOperationException($"No excursion of {plan.Excursion} in instability {plan.Instability} was reached within {last - plan.Approach} steps past the edge.");
                before?.Invoke();
                Step(stepSize);
                Measure();
            }
        }

        void Measure()
        {
            using var point = surface.At(theta);
            leading.Measure(point);
        }

        void Step(double size)
        {
            cancellation.ThrowIfCancellationRequested();
            surface.LossAndGradient(theta, gradient);
            surface.Space.Axpy(-size, gradient, theta);
            progress?.Invoke(made);
        }
    }
}
