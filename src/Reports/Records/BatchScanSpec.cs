using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// Forecasts of many batch sizes of a network from one jet, and the runs that test them: a row for each measured step of
/// a run, with the columns of <see cref="BatchScan"/>, and step_size and reference (the step of the jet) constant in every
/// row. Where the instability never came the record is that of <see cref="InstabilitySpec"/>.
/// </summary>
/// <param name="Plan">The plan.</param>
public sealed record BatchScanSpec(BatchScanPlan Plan) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "batch-scan";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work =>
        (int)
            Math.Min(
                int.MaxValue,
                Plan.Forecast.Approach
                    + ((long)Plan.Batches.Sum(batch => batch.Draws) * Plan.Forecast.Horizon)
                    + (2L * Plan.Batches.Count * Math.Max(0, Plan.Onward - Plan.Forecast.Horizon))
            );

    internal override TrainingSpec Network => Plan.Forecast.Training;

    // S is followed at each step of the horizon of every draw; the long runs look at it every few.
    internal override RunCost Expected => new(Work, Work * RunCost.Tracking);

    internal override RunOutcome Execute(RunContext context)
    {
        var (train, initial) = context.Start(Plan.Forecast.Training);
        var outcome = BatchScanRun.Execute(Plan, train, initial, context.Progress, context.Cancellation);
        if (outcome.Forecast is not { } rows)
            return InstabilitySpec.NeverCame(Plan.Forecast, outcome);
        var series = SeriesTable.From([
            .. rows.Names.Select(name => (name, rows.Array(name))),
            (Columns.StepSize, [.. Enumerable.Repeat(outcome.StepSize, rows.Rows)]),
            (Columns.Reference, [.. Enumerable.Repeat((double)outcome.Reference, rows.Rows)]),
        ]);
        return new RunOutcome(series, StopReason.StepLimit, outcome.Reference, outcome.TotalCost);
    }
}
