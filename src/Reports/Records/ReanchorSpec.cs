using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// A long forecast of a network by several jets, and the run that tests it: columns as in <see cref="ReanchorOutcome"/>,
/// with step_size and reference (the step of the first jet) constant in every row. Where the instability never came the
/// record is that of <see cref="InstabilitySpec"/>.
/// </summary>
/// <param name="Plan">The plan.</param>
public sealed record ReanchorSpec(ReanchorPlan Plan) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "reanchored";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Plan.Forecast.Approach + (3 * Plan.Forecast.Horizon);

    internal override TrainingSpec Network => Plan.Forecast.Training;

    internal override RunCost Expected =>
        new(Plan.Forecast.Approach + (2 * Plan.Forecast.Horizon), Plan.Forecast.Horizon * RunCost.ForecastStep);

    internal override RunOutcome Execute(RunContext context)
    {
        var (train, initial) = context.Start(Plan.Forecast.Training);
        var outcome = ReanchorRun.Execute(Plan, train, initial, context.Progress, context.Cancellation);
        if (outcome.Forecast is not { } forecast)
            return InstabilitySpec.NeverCame(Plan.Forecast, outcome);
        var rows = forecast.Series.Rows;
        var series = SeriesTable.From([
            .. forecast.Series.Names.Select(name => (name, forecast.Series.Array(name))),
            (Columns.StepSize, [.. Enumerable.Repeat(outcome.StepSize, rows)]),
            (Columns.Reference, [.. Enumerable.Repeat((double)outcome.Reference, rows)]),
        ]);
        return new RunOutcome(
            series,
            forecast.Diverged ? StopReason.Diverged : StopReason.StepLimit,
            outcome.Reference + rows - 1,
            outcome.TotalCost
        );
    }
}
