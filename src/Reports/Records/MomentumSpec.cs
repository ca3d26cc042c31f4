using System.Text.Json.Serialization;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// A forecast of an instability of heavy-ball descent of a network, and the run that tests it: a row a step, with the
/// columns of <see cref="Dynamics.Forecasting.MomentumTrial"/>. Where the instability never came the record is that of
/// <see cref="InstabilitySpec"/>.
/// </summary>
/// <param name="Plan">The plan.</param>
public sealed record MomentumSpec(MomentumPlan Plan) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "heavy-ball";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Plan.Forecast.Approach + (3 * Plan.Forecast.Horizon);

    internal override TrainingSpec Network => Plan.Forecast.Training;

    internal override RunCost Expected => new(Work, Plan.Forecast.Horizon * RunCost.ForecastStep);

    internal override RunOutcome Execute(RunContext context)
    {
        var (train, initial) = context.Start(Plan.Forecast.Training);
        return InstabilitySpec.Steps(
            Plan.Forecast,
            MomentumRun.Execute(Plan, train, initial, context.Progress, context.Cancellation)
        );
    }
}
