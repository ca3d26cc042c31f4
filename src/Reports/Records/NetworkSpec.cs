using System.Text.Json.Serialization;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>A network run.</summary>
/// <param name="Training">Its specification.</param>
public sealed record NetworkSpec(TrainingSpec Training) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "network";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Training.Steps;

    internal override RunOutcome Execute(RunContext context)
    {
        var data = context.Load(Training);
        return Execute(context, data.Train, data.Test, null);
    }

    /// <summary>Runs it on data that have been loaded, from weights that have been read or are drawn from the seed.</summary>
    internal RunOutcome Execute(RunContext context, LabelledImages train, LabelledImages test, double[]? initial)
    {
        using var journal = context.Journal?.Open(this);
        var outcome = TrainingRun.Execute(Training, train, test, initial, context.Progress, journal, context.Cancellation);
        return new RunOutcome(outcome.Series, outcome.Result.Reason, outcome.Result.Steps, outcome.GradientEquivalents) { Weights = outcome.Weights, ResumedAt = journal?.FoundStep };
    }
}
