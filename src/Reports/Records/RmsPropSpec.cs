using System.Text.Json.Serialization;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// A forecast of an instability of RMSProp on a network, and the runs that test it: a row a step, with the columns of
/// <see cref="Dynamics.Forecasting.RmsPropTrial"/>. Where the instability never came the record is that of
/// <see cref="InstabilitySpec"/>.
/// </summary>
/// <param name="Plan">The plan.</param>
public sealed record RmsPropSpec(RmsPropPlan Plan) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "rmsprop";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Plan.Forecast.Approach + (4 * Plan.Forecast.Horizon);

    internal override TrainingSpec Network => Plan.Forecast.Training;

    // Two runs are tracked, where a forecast by a jet has one.
    internal override RunCost Expected => new(Work, Plan.Forecast.Horizon * (RunCost.ForecastStep + RunCost.Tracking));

    internal override RunOutcome Execute(RunContext context)
    {
        var (train, initial) = context.Start(Plan.Forecast.Training);
        return InstabilitySpec.Steps(
            Plan.Forecast,
            RmsPropRun.Execute(Plan, train, initial, context.Progress, context.Cancellation)
        );
    }
}
