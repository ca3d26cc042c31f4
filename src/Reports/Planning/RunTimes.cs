using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Planning;

/// <summary>Expected seconds of runs on this machine: their counts by the times of their networks' gradients, each network timed once.</summary>
/// <param name="times">The times by what they depend on.</param>
internal sealed class RunTimes(IReadOnlyDictionary<TrainingSpec, TrainingTimes> times)
{
    // A gradient of a landscape with what is measured beside it; all of them together take seconds.
    private const double Landscape = 1e-6;

    /// <summary>Times the networks of some runs, one after the other: the time of a processor is that of the whole process.</summary>
    public static RunTimes Of(IEnumerable<RunSpec> specs, RunInputs inputs, CancellationToken cancellation)
    {
        TrainingSpec[] keys =
        [
            .. specs.Select(spec => spec.Network).OfType<TrainingSpec>().Select(TrainingTimes.Key).Distinct(),
        ];
        // While the first are timed, the process still compiles what all of them run, which counts as its time.
        _ = Round();
        return new RunTimes(Round());

        Dictionary<TrainingSpec, TrainingTimes> Round() =>
            keys.ToDictionary(
                key => key,
                key =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    return TrainingTimes.Measure(key, inputs.Data(key).Train);
                }
            );
    }

    /// <summary>What making a run is expected to take, in seconds.</summary>
    public double Seconds(RunSpec spec) =>
        spec.Network is { } training && times[TrainingTimes.Key(training)] is var time
            ? (spec.Expected.Steps * time.Step) + (spec.Expected.Products * time.Product)
            : spec.Expected.Steps * Landscape;

    /// <summary>The same with several runs at a time, each begun as soon as one has ended.</summary>
    public double Wall(IReadOnlyList<RunSpec> specs, int atOnce)
    {
        var loads = new double[atOnce];
        foreach (var spec in specs)
            loads[Array.IndexOf(loads, loads.Min())] += Seconds(spec);
        return loads.Max();
    }
}
