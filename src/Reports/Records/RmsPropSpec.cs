using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
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
        var training = Plan.Forecast.Training;
        var train = context.Inputs.Data(training).Train;
        var initial = context.Inputs.InitialWeights(training, train);
        var outcome = RmsPropRun.Execute(Plan, train, initial, context.Progress, context.Cancellation);
        if (outcome.Series is not { } series)
            return InstabilitySpec.NeverCame(Plan.Forecast, outcome.StepSize, outcome.Reference, outcome.TotalCost);
        return new RunOutcome(
            series,
            series.Rows <= Plan.Forecast.Horizon ? StopReason.Diverged : StopReason.StepLimit,
            outcome.Reference + series.Rows - 1,
            outcome.TotalCost
        );
    }
}
