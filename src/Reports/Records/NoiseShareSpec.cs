using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Reports.Records;

/// <summary>
/// Stochastic gradient descent on diagonal regression with the contraction of its imbalances split as in (3.12):
/// <see cref="NoiseShare"/>, whose columns these are.
/// </summary>
/// <param name="Landscape">Diagonal regression by name, with its parameters.</param>
/// <param name="Start">The start (u, v).</param>
/// <param name="StepSize">The step size eta.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="Batch">The minibatches.</param>
public sealed record NoiseShareSpec(
    LandscapeChoice Landscape,
    double[] Start,
    double StepSize,
    int Steps,
    BatchPlan Batch
) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => $"noise-share-{Landscape.Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Steps;

    internal override RunCost Expected => new(Steps, 0);

    internal override RunOutcome Execute(RunContext context)
    {
        var landscape = (DiagonalRegression)Landscape.Build();
        var sampler = Batch.Sampler(landscape.Samples);
        var (series, result) = NoiseShare.Run(
            landscape,
            [.. Start],
            StepSize,
            Steps,
            sampler,
            context.Progress,
            context.Cancellation
        );
        return new RunOutcome(series, result.Reason, result.Steps, landscape.Cost.GradientEquivalents);
    }
}
