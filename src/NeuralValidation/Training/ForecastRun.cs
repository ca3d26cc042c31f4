using FlatBias.Dynamics;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
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

    /// <summary>Steps forecast.</summary>
    public int Horizon { get; init; } = 150;

    /// <summary>Names of the theories that forecast.</summary>
    public IReadOnlyList<string> Theories { get; init; } = ["moment-map-2", "moment-map-4", "memory-map-2", "memory-map-4", "memory-map-4-fixed"];
}

/// <summary>What a forecast run leaves behind.</summary>
/// <param name="Series">One row a step from the reference point on: step, displacement, sharpness, loss, rotation (degrees from the reference v_1), and THEORY_displacement, THEORY_sharpness, THEORY_loss, THEORY_rotation (degrees), THEORY_validity.</param>
/// <param name="StepSize">The step size of the instability.</param>
/// <param name="Reference">The step of the reference point, counted from the start of training.</param>
/// <param name="JetCost">The cost of the jet in gradient-equivalents.</param>
/// <param name="TotalCost">The cost of everything.</param>
public sealed record ForecastOutcome(SeriesTable Series, double StepSize, int Reference, double JetCost, double TotalCost);

/// <summary>Forecasts an instability of a real network and runs it.</summary>
public static class ForecastRun
{
    private const double Degrees = 180 / Math.PI;

    /// <summary>Approaches below the edge, pushes past it, waits for the excursion, measures one jet, lets every theory forecast, then makes the steps and measures them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="train">Training data.</param>
    /// <param name="progress">Called with the number of steps made; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Forecasts and run side by side.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InvalidOperationException">The excursion was not reached within ten times the horizon.</exception>
    public static ForecastOutcome Execute(ForecastPlan plan, LabelledImages train, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(train);
        TorchRuntime.EnsureLoaded();
        var spec = plan.Training;
        spec.Validate(train.Features, train.Classes);
        var architecture = spec.Architecture(train.Features, train.Classes);
        var type = spec.Precision == "float64" ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        using var surface = new NetworkSurface(architecture, train.Pixels, train.Labels, type, torch.device(spec.Device));
        using var theta = surface.Parameters(Initialisation.LeCunNormal(architecture, spec.Seed));
        using var gradient = surface.Space.Create();
        using var leading = new LeadingPair(surface, spec.Seed);
        var made = 0;
        for (; made < plan.Approach; made++) Step(spec.StepSize);
        var stepSize = plan.Push / leading.Measure(theta).Sharpness;
        for (; leading.Measure(theta) is var at && !(stepSize * at.Sharpness > 2 && at.Excursion >= plan.Excursion); made++)
        {
            if (made > plan.Approach + (10 * plan.Horizon)) throw new InvalidOperationException($"No excursion of {plan.Excursion} was reached within {10 * plan.Horizon} steps past the edge.");
            Step(stepSize);
        }

        var reference = made;
        var before = surface.Cost.GradientEquivalents;
        var jet = Jet.Measure(surface, theta, plan.Order, new LanczosOptions(1e-8), spec.Seed, plan.Krylov);
        var cost = surface.Cost.GradientEquivalents - before;
        Forecast[] forecasts = [.. plan.Theories.Select(name => TheoryCatalogue.All.Single(t => t.Name == name).Predict(jet, stepSize, plan.Horizon))];
        var series = Run();
        return new ForecastOutcome(series, stepSize, reference, cost, surface.Cost.GradientEquivalents);

        void Step(double size)
        {
            cancellation.ThrowIfCancellationRequested();
            surface.LossAndGradient(theta, gradient);
            surface.Space.Axpy(-size, gradient, theta);
            progress?.Invoke(made);
        }

        SeriesTable Run()
        {
            var table = new SeriesTable();
            leading.SetReference(theta);
            for (var t = 0; ; t++, made++)
            {
                var (sharpness, _) = leading.Measure(theta);
                table.AddRow();
                table.Set(Columns.Step, t);
                table.Set("displacement", leading.Displacement(theta));
                table.Set(Columns.Sharpness, sharpness);
                table.Set(Columns.Loss, leading.Loss);
                table.Set("rotation", leading.Rotation() * Degrees);
                foreach (var forecast in forecasts) Write(table, forecast, t);
                if (t == plan.Horizon) return table;
                Step(stepSize);
            }
        }
    }

    private static void Write(SeriesTable table, Forecast forecast, int t)
    {
        if (forecast.Declined is not null) return;
        if (forecast.Displacement.Length > 0) table.Set($"{forecast.Theory}_displacement", forecast.Displacement[t]);
        table.Set($"{forecast.Theory}_sharpness", forecast.Sharpness[t]);
        table.Set($"{forecast.Theory}_loss", forecast.Loss[t]);
        if (forecast.Rotation.Length > 0) table.Set($"{forecast.Theory}_rotation", forecast.Rotation[t] * Degrees);
        table.Set($"{forecast.Theory}_validity", forecast.Validity[t]);
    }
}
