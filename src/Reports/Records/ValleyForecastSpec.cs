using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;

namespace FlatBias.Reports.Records;

/// <summary>
/// Theories forecast a run on a landscape from one jet, then the run is made: <see cref="FixedDirectionTrial"/> along the
/// first coordinate, the landscape's unstable one.
/// </summary>
/// <param name="Landscape">The landscape.</param>
/// <param name="Start">The reference point.</param>
/// <param name="Order">The order K of the jet.</param>
/// <param name="Theories">Names of the theories.</param>
/// <param name="StepSize">The step size eta.</param>
/// <param name="Steps">The horizon.</param>
public sealed record ValleyForecastSpec(
    LandscapeChoice Landscape,
    double[] Start,
    int Order,
    string[] Theories,
    double StepSize,
    int Steps
) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => $"forecast-{Landscape.Name}";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Steps;

    internal override RunCost Expected => new(Steps * RunCost.LandscapeRow, 0);

    internal override RunOutcome Execute(RunContext context)
    {
        var landscape = Landscape.Build();
        double[] theta = [.. Start],
            direction = new double[landscape.Dimension];
        direction[0] = 1;
        ITheory[] theories = [.. Theories.Select(TheoryCatalogue.All.Find)];
        var (series, result) = FixedDirectionTrial.Run(
            landscape,
            theta,
            direction,
            Order,
            StepSize,
            Steps,
            theories,
            context.Progress,
            context.Cancellation
        );
        return new RunOutcome(series, result.Reason, result.Steps, landscape.Cost.GradientEquivalents);
    }
}
