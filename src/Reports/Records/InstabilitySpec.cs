using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>The forecast of an instability of a network, and the run that tests it; columns as in <see cref="ForecastOutcome"/>, with jet_cost (gradient-equivalents) and step_size constant in every row.</summary>
/// <param name="Plan">The plan.</param>
public sealed record InstabilitySpec(ForecastPlan Plan) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "instability";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Plan.Approach + (3 * Plan.Horizon);

    internal override RunOutcome Execute(RunContext context)
    {
        var outcome = ForecastRun.Execute(Plan, context.Load(Plan.Training).Train, context.Progress, context.Cancellation);
        var rows = outcome.Series.Rows;
        var series = Dynamics.Observables.SeriesTable.From(
        [
            .. outcome.Series.Names.Select(name => (name, outcome.Series.Array(name))),
            ("step_size", [.. Enumerable.Repeat(outcome.StepSize, rows)]),
            ("jet_cost", [.. Enumerable.Repeat(outcome.JetCost, rows)]),
        ]);
        return new RunOutcome(series, StopReason.StepLimit, outcome.Reference + Plan.Horizon, outcome.TotalCost);
    }
}
