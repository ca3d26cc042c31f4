using System.Collections.Concurrent;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Sweeps;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>Reads the options of a training by name.</summary>
/// <param name="options">Names without their dashes, and values as written.</param>
/// <returns>The training, and the file of its initial weights where there is one.</returns>
/// <exception cref="ArgumentException">An option is unknown, or its value is wrong.</exception>
internal delegate (TrainingSpec Training, string? Weights) TrainingReader(
    IReadOnlyList<KeyValuePair<string, string>> options
);

/// <summary>The training of a network.</summary>
/// <param name="Reader">Reads its options.</param>
/// <param name="Options">The options that hold at every point, by name.</param>
internal sealed record NetworkStudy(TrainingReader Reader, OrderedDictionary<string, string> Options) : SweepStudy
{
    // Data are read once for all points.
    private readonly ConcurrentDictionary<string, RunInputs> _inputs = new(StringComparer.Ordinal);

    public override string Subject => $"trainings of {Training().Training.Network.Name}";

    public override SweepValues Values => NetworkValues.Instance;

    public override bool KeepsEach => true;

    public override int AtOnce => Devices.IsCuda(Training().Training.Device) ? 1 : base.AtOnce;

    public override SweepStudy With(string name, string value)
    {
        var study = this with { Options = new(Options, StringComparer.Ordinal) { [name] = value } };
        study.Training();
        return study;
    }

    public override void Check()
    {
        var (training, inputs) = Training();
        training.Validate(inputs.Data(training).Train);
    }

    public override ISweepEnd Measure(SweepPoint point)
    {
        var (training, inputs) = ((NetworkStudy)At(point)).Training();
        var run = MadeRun.Of(new NetworkSpec(inputs.Complete(training)), new RunContext(inputs, point.Cancellation));
        point.Cancellation.ThrowIfCancellationRequested();
        return NetworkEnd.Of(run.Outcome);
    }

    private (TrainingSpec Training, RunInputs Inputs) Training()
    {
        var (training, weights) = Reader([.. Options]);
        return (training, _inputs.GetOrAdd(weights ?? "", _ => new RunInputs(weights: weights)));
    }
}
