using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Planning;

/// <summary>The runs of a shard of a report, balanced by what they are expected to take.</summary>
internal static class RunShare
{
    /// <summary>What a tensor of a network costs beside its multiplications, in such: the calls that a gradient makes of it.</summary>
    private const double Calls = 3e5;

    /// <summary>
    /// The share of a shard, the runs in the order given. It follows from the runs and the number of shards alone, not from
    /// the machine nor from what is finished, so that shards which know nothing of each other have every run once.
    /// </summary>
    public static RunSpec[] Of(IReadOnlyList<RunSpec> specs, Shard shard, RunInputs inputs)
    {
        if (shard == Shard.Whole)
            return [.. specs];
        var shares = Deal([.. specs.Select(spec => Weight(spec, inputs))], shard.Count);
        return [.. specs.Where((_, i) => shares[i] == shard.Index - 1)];
    }

    /// <summary>
    /// Deals costs out, the largest first and each to whoever has least by then: the largest share exceeds the mean by less
    /// than one cost (Graham 1969).
    /// </summary>
    /// <returns>For each cost whose it is, from 0.</returns>
    public static int[] Deal(IReadOnlyList<double> costs, int shares)
    {
        var owners = new int[costs.Count];
        var waiting = new PriorityQueue<int, (double Load, int Share)>(
            Enumerable.Range(0, shares).Select(share => (share, (0.0, share)))
        );
        foreach (var i in Enumerable.Range(0, costs.Count).OrderByDescending(i => costs[i]).ThenBy(i => i))
        {
            waiting.TryDequeue(out owners[i], out var least);
            waiting.Enqueue(owners[i], (least.Load + costs[i], owners[i]));
        }

        return owners;
    }

    /// <summary>A run's expected work in multiplications, by the size of its network.</summary>
    private static double Weight(RunSpec spec, RunInputs inputs)
    {
        if (spec.Network is not { } training)
            return spec.Expected.Steps;
        var train = inputs.Data(training).Train;
        var layout = training.Model(train).Layout;
        double Gradient(int samples) => (Calls * layout.Count) + ((double)samples * layout.ParameterCount);
        return (spec.Expected.Steps * Gradient(training.Batch?.Size ?? training.Train))
            + (spec.Expected.Products * Gradient(training.Train));
    }
}
