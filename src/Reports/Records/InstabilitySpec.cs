using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>The forecast of an instability of a network, and the run that tests it; columns as in <see cref="ForecastOutcome"/>, with step_size, reference (the step of the jet), jet_cost (gradient-equivalents) and, where the jet was held against the surface, trust_distance, trust_curvature and trust_feedback (<see cref="ModelTrust"/>) constant in every row. A note "jet" says that it did not hold.</summary>
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
        var (trial, rows) = (outcome.Trial, outcome.Trial.Series.Rows);
        (string, double[]) Constant(string name, double value) => (name, [.. Enumerable.Repeat(value, rows)]);
        var series = Dynamics.Observables.SeriesTable.From(
        [
            .. trial.Series.Names.Select(name => (name, trial.Series.Array(name))),
            Constant("step_size", outcome.StepSize),
            Constant("reference", outcome.Reference),
            Constant("jet_cost", trial.JetCost),
            .. trial.Trust is not { } trust ? [] : new[] { Constant("trust_distance", trust.Distance), Constant("trust_curvature", trust.Curvature), Constant("trust_feedback", trust.Feedback) },
        ]);
        if (trial.Trust is { Holds: false } broken)
            trial.Declined["jet"] = $"at u = {broken.Distance:G3}, the excursion forecast, the jet misses the curvature of the surface by {broken.Curvature:G3} of itself and the push on the floor by {broken.Feedback:G3}; nothing forecast from it is to be believed";
        return new RunOutcome(series, trial.Diverged ? StopReason.Diverged : StopReason.StepLimit, outcome.Reference + rows - 1, outcome.TotalCost, trial.Declined);
    }
}
