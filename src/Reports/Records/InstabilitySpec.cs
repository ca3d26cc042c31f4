using System.Globalization;
using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// The forecast of an instability of a network, and the run that tests it; columns as in <see cref="TrialOutcome"/>,
/// with step_size, reference (the step of the jet) and, constant in every row, what each jet cost and how far it agrees
/// with the surface: jet_cost, trust_distance, trust_curvature, trust_feedback and trust_ends (<see cref="ModelTrust"/>),
/// trust_path and path_cost (<see cref="PathTrust"/>) of a Taylor jet; collocation_cost, collocation_path,
/// collocation_path_cost, swing_low, swing_high and swing_turning (<see cref="Dynamics.Jets.Swing"/>) of a collocation
/// jet; predictability and span_limit where they were measured. A note "jet" says that the Taylor jet did not hold. Where the
/// instability never came there is one row of step, step_size and reference, and a note "run".
/// </summary>
/// <param name="Plan">The plan.</param>
public sealed record InstabilitySpec(ForecastPlan Plan) : RunSpec
{
    /// <summary>The names of the notes that are not of theories.</summary>
    internal const string JetNote = "jet",
        RunNote = "run";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "instability";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Plan.Approach + ((3 + (Plan.Stochastic?.Draws ?? 0)) * Plan.Horizon);

    internal override TrainingSpec Network => Plan.Training;

    internal override RunCost Expected
    {
        get
        {
            var draws = Plan.Stochastic?.Draws ?? 0;
            return new RunCost(
                Plan.Approach + ((2 + draws) * Plan.Horizon),
                Plan.Horizon
                    * (RunCost.ForecastStep + (Plan.SpanLimit ? RunCost.SpanStep : 0) + (draws * RunCost.Tracking))
            );
        }
    }

    internal override RunOutcome Execute(RunContext context)
    {
        var (train, initial) = context.Start(Plan.Training);
        var outcome = ForecastRun.Execute(Plan, train, initial, context.Progress, context.Cancellation);
        if (outcome.Forecast is not { } trial)
            return NeverCame(Plan, outcome);
        var rows = trial.Series.Rows;
        (string, double[]) Constant(string name, double value) => (name, [.. Enumerable.Repeat(value, rows)]);
        var series = SeriesTable.From([
            .. trial.Series.Names.Select(name => (name, trial.Series.Array(name))),
            Constant(Columns.Reference, outcome.Reference),
            .. JetColumns.OfTaylor(trial.Taylor, rows),
            .. JetColumns.OfCollocation(trial.Collocation, rows),
            .. trial.Predictability is not { } limit ? [] : new[] { Constant(Columns.Predictability, limit) },
            .. trial.SpanLimit is not { } span ? [] : new[] { Constant(Columns.SpanLimit, span) },
            .. trial.Stochastic is not { } stochastic ? [] : StochasticSeries.Of(stochastic, rows),
        ]);
        if (trial.Taylor?.Trust is { Holds: false } broken)
            trial.Declined[JetNote] =
                $"at u = {broken.Distance:G3}, the excursion forecast, the jet misses the mean curvature of the surface by {broken.Curvature:G3} of itself, its curvature at the ends by {broken.Ends:G3} and the push on the floor by {broken.Feedback:G3}; nothing forecast from it is to be believed";
        return new RunOutcome(
            series,
            trial.Diverged ? StopReason.Diverged : StopReason.StepLimit,
            outcome.Reference + rows - 1,
            outcome.TotalCost,
            trial.Declined
        );
    }

    /// <summary>The outcome of a series with a row a step from the reference on, or that where the instability never came.</summary>
    internal static RunOutcome Steps(ForecastPlan plan, ForecastOutcome<SeriesTable> outcome) =>
        outcome.Forecast is not { } series
            ? NeverCame(plan, outcome)
            : new RunOutcome(
                series,
                series.Rows <= plan.Horizon ? StopReason.Diverged : StopReason.StepLimit,
                outcome.Reference + series.Rows - 1,
                outcome.TotalCost
            );

    /// <summary>The outcome where the instability of a plan never came.</summary>
    internal static RunOutcome NeverCame<TForecast>(ForecastPlan plan, ForecastOutcome<TForecast> outcome)
        where TForecast : class
    {
        var series = SeriesTable.From([
            (Columns.Step, [0.0]),
            (Columns.StepSize, [outcome.StepSize]),
            (Columns.Reference, [outcome.Reference]),
        ]);
        var notes = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [RunNote] = string.Create(
                CultureInfo.InvariantCulture,
                $"instability {plan.Instability} had not begun when the run ended after {outcome.Reference} steps, diverged or at the end of the patience: no excursion of {plan.Excursion} above the edge"
            ),
        };
        return new RunOutcome(series, StopReason.StepLimit, outcome.Reference, outcome.TotalCost, notes);
    }
}
