using System.Text.Json.Serialization;
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
        var outcome = TrainingRun.Execute(Training, data.Train, data.Test, null, context.Progress, context.Cancellation);
        return new RunOutcome(outcome.Series, outcome.Result.Reason, outcome.Result.Steps, outcome.GradientEquivalents);
    }
}
