using System.Text.Json.Serialization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;

namespace FlatBias.NeuralValidation.Training;

/// <summary>A forecast of one instability of a network from one local measurement, (4.7), (4.9), and the run that tests it.</summary>
public sealed record ForecastPlan
{
    // Far beyond what makes sense, and within what memory and numbers hold: every theory keeps a dozen series as long as the horizon.
    private const int LongestHorizon = 100_000,
        MostInstabilities = 1000;
    private const double LargestPush = 100;

    /// <summary>The network, its data and its initial weights; its step size is that of the approach, below the edge.</summary>
    public TrainingSpec Training { get; init; } =
        new()
        {
            Train = 300,
            Test = 1,
            Network = NetworkChoice.FullyConnected([24, 24], Activation.Tanh),
            Loss = NetworkLoss.MeanSquaredError,
            StepSize = 0.01,
            Eigenpairs = 1,
            Precision = "float64",
        };

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

    /// <summary>The order K of a Taylor jet, 2 to 6.</summary>
    public int Order { get; init; } = 4;

    /// <summary>Krylov vectors of the jet.</summary>
    public int Krylov { get; init; } = 36;

    /// <summary>Whether a Taylor jet carries the cubic coupling (4.10).</summary>
    public bool Cubic { get; init; }

    /// <summary>
    /// Whether a Taylor jet (4.7) is measured. Beside a collocation jet, a theory forecasts from the Taylor jet, and from
    /// the collocation jet what declines there, as the orders above K do.
    /// </summary>
    public bool Taylor { get; init; } = true;

    /// <summary>What a collocation jet (4.11) measures; null for none.</summary>
    public CollocationOptions? Collocation { get; init; }

    /// <summary>Whether the predictability limit (4.18) is measured, by a second run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Predictability { get; init; }

    /// <summary>Whether the limit of the jet's span (4.22) is measured, by a run on the exact loss there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SpanLimit { get; init; }

    /// <summary>Stochastic descent that is forecast from the same jet and run as well, (4.19); null for none.</summary>
    public StochasticOptions? Stochastic { get; init; }

    /// <summary>Steps forecast.</summary>
    public int Horizon { get; init; } = 150;

    /// <summary>Names of the theories that forecast: all, unless told otherwise.</summary>
    public IReadOnlyList<string> Theories { get; init; } = TheoryCatalogue.All.Names;

    /// <summary>Checks every value against the data, before any work.</summary>
    /// <param name="samples">The training samples, or others of their shape and kind.</param>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate(LabelledSamples samples)
    {
        Training.Validate(samples);
        if (
            Training.Optimiser != OptimiserSpec.GradientDescent
            || Training.Batch is not null
            || Training.StepSize is not ConstantStepSize
        )
            throw new ArgumentException(
                "A forecast is of full-batch gradient descent with a constant step size; the training must have no other optimiser, weight decay, minibatches or schedule. Minibatches of the instability itself are stated apart."
            );
        Require.InRange(Instability, 1, MostInstabilities, "instability");
        Require.InRange(Approach, 0, name: "approach");
        if (!(Require.Positive(Push, "push") <= LargestPush))
            throw new ArgumentOutOfRangeException(
                nameof(Push),
                $"push is {Push}; it must be above 0 and at most {LargestPush}."
            );
        Require.Positive(Excursion, "excursion");
        Require.InRange(Order, 2, 6, "order");
        Require.InRange(Krylov, Cubic || Collocation is not null || SpanLimit ? 1 : 0, name: "krylov");
        Collocation?.Validate();
        if (!Taylor && Collocation is null)
            throw new ArgumentException("There is no jet to forecast from.");
        if (!Taylor && Cubic)
            throw new ArgumentException(
                "The cubic coupling is of a Taylor jet; a collocation jet measures the floor at the ends of its swing."
            );
        Stochastic?.Validate(samples.Count);
        if (Stochastic is not null && Collocation is null)
            throw new ArgumentException(
                "A forecast with minibatches needs a collocation jet: the noise is measured at the nodes of its swing."
            );
        Require.InRange(Horizon, 1, LongestHorizon, "horizon");
        foreach (var name in Theories)
            TheoryCatalogue.All.Find(name);
    }
}
