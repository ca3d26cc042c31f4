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
        var (train, test) = FashionMnist.Load(context.DataFolder, Training.Train, Training.Test);
        var outcome = TrainingRun.Execute(Training, train, test, null, context.Progress, context.Cancellation);
        return new RunOutcome(outcome.Series, outcome.Result.Reason, outcome.Result.Steps, outcome.GradientEquivalents);
    }
}
