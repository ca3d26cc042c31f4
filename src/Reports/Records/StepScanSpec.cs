using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// Forecasts of many step sizes of a network from one jet, and the runs that test them: a row a step size, with the
/// columns of <see cref="StepScanOutcome"/>, and reference (the step of the jet), jet_cost (gradient-equivalents),
/// swing_low, swing_high and swing_turning constant in every row.
/// </summary>
/// <param name="Plan">The plan.</param>
public sealed record StepScanSpec(StepScanPlan Plan) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "step-scan";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work =>
        (int)Math.Min(int.MaxValue, Plan.Approach + ((long)Plan.StepSizes.Count * Plan.Horizon));

    internal override TrainingSpec Network => Plan.Training;

    internal override RunCost Expected => new(Work, Work * RunCost.Tracking);

    internal override RunOutcome Execute(RunContext context)
    {
        var (train, initial) = context.Start(Plan.Training);
        var (scan, cost) = StepScanRun.Execute(Plan, train, initial, context.Progress, context.Cancellation);
        var rows = scan.Series.Rows;
        (string, double[]) Constant(string name, double value) => (name, [.. Enumerable.Repeat(value, rows)]);
        var series = SeriesTable.From([
            .. scan.Series.Names.Select(name => (name, scan.Series.Array(name))),
            Constant(Columns.Reference, Plan.Approach),
            Constant(Columns.JetCost, scan.JetCost),
            Constant(Columns.SwingLow, scan.Swing.Low),
            Constant(Columns.SwingHigh, scan.Swing.High),
            Constant(Columns.SwingTurning, scan.Swing.Turning),
        ]);
        var steps = Plan.Approach + (int)series[Columns.StepsMade].Sum();
        return new RunOutcome(series, StopReason.StepLimit, steps, cost);
    }
}
