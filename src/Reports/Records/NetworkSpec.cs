using System.Text.Json.Serialization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables.OnRequest;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>
/// A network run: a training as a run of its own, whose key names its record; forecasts of networks begin with a
/// training too.
/// </summary>
/// <param name="Training">Its specification.</param>
public sealed record NetworkSpec(TrainingSpec Training) : RunSpec
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Label => "network";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Work => Training.Steps;

    internal override TrainingSpec Network => Training;

    internal override RunCost Expected
    {
        get
        {
            var steps = Training.Steps * (Training.LossTarget is null ? 1 : RunCost.ReachedAt);
            var rows = 1 + (steps / Training.MeasureEvery);
            var layers = Training.LayersEvery is { } every ? 1 + ((rows - 1) / every) : 0;
            return new RunCost(
                steps,
                (
                    rows
                    * (
                        RunCost.Row
                        + (Training.TraceProbes ?? 0)
                        + (Training.Observables ?? []).Sum(name => ObservableCatalogue.All.Find(name).Products)
                    )
                )
                    + (layers * RunCost.Layers)
                    + ((Training.SpectrumSteps?.Count ?? 0) * RunCost.Spectrum)
                    + (steps * Training.Exponents)
            );
        }
    }

    internal override bool GoesOnFrom(RunSpec other) =>
        other is NetworkSpec shorter
        && shorter.Training.Steps < Training.Steps
        && (shorter with { Training = shorter.Training with { Steps = Training.Steps } }).ToJson() == ToJson();

    internal override RunOutcome Execute(RunContext context)
    {
        var (train, test) = (context.Inputs.Data(Training).Train, context.Inputs.Data(Training).Test);
        var initial = context.Inputs.InitialWeights(Training, train);
        using var journal = context.Journal?.Open(this);
        var hooks = new TrainingHooks
        {
            Measured = context.Measured,
            Spectrum = context.Journal is { Folder: var folder }
                ? (step, spectrum) => SpectrumFile.Of(spectrum).Write(SpectrumFile.InRecord(folder, step))
                : null,
        };
        return TrainingRun.Execute(
            Training,
            train,
            test,
            initial,
            context.Progress,
            journal,
            hooks,
            context.Cancellation
        );
    }
}
