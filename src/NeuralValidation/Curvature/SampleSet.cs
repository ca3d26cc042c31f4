using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>Some samples, and how many the mean runs over: losses and gradients of parts add up to those of the whole.</summary>
/// <param name="Inputs">[samples, input width].</param>
/// <param name="Targets">One-hot, [samples, outputs], or numbers.</param>
/// <param name="Total">The number of samples of the whole.</param>
internal readonly record struct SamplePart(Tensor Inputs, Tensor Targets, long Total)
{
    /// <summary>The weight of this part's mean in the mean of the whole: exactly 1 for the whole itself.</summary>
    public double Share => (double)Inputs.shape[0] / Total;
}

/// <summary>The samples of a surface on their device, handed out whole, in chunks of bounded size in a fixed order, or as a minibatch.</summary>
internal sealed class SampleSet : IDisposable
{
    private readonly Tensor _inputs,
        _targets;
    private readonly int _chunk;

    private SampleSet(Tensor inputs, Tensor targets, int? chunk)
    {
        Count = (int)inputs.shape[0];
        _chunk = Math.Min(Count, chunk ?? Count);
        // A tensor made from an array may lie in the array's own memory, wherever that starts, and matrix products round differently at different alignments: torch's own memory is always aligned alike.
        (_inputs, _targets) = (inputs.clone().DetachFromDisposeScope(), targets.clone().DetachFromDisposeScope());
    }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>The number of parts that <see cref="Part"/> hands out.</summary>
    public int Parts => (Count + _chunk - 1) / _chunk;

    /// <summary>Part i of the full set, as views that belong to the current dispose scope.</summary>
    public SamplePart Part(int i)
    {
        if (Parts == 1)
            return new SamplePart(_inputs, _targets, Count);
        long begin = (long)i * _chunk,
            length = Math.Min(_chunk, Count - begin);
        return new SamplePart(_inputs.narrow(0, begin, length), _targets.narrow(0, begin, length), Count);
    }

    /// <summary>The number of parts of a minibatch of the given size.</summary>
    public int BatchParts(int size) => (size + _chunk - 1) / _chunk;

    /// <summary>Part i of a minibatch, gathered by index on the samples' device; an index that comes twice is gathered twice.</summary>
    public SamplePart BatchPart(ReadOnlySpan<int> batch, int i)
    {
        var begin = i * _chunk;
        var index = tensor(
            batch.Slice(begin, Math.Min(_chunk, batch.Length - begin)).ToArray(),
            device: _inputs.device
        );
        return new SamplePart(_inputs.index_select(0, index), _targets.index_select(0, index), batch.Length);
    }

    /// <summary>Some of the samples as a set of their own; an index that comes twice is there twice.</summary>
    public SampleSet Subset(ReadOnlySpan<int> batch)
    {
        using var scope = NewDisposeScope();
        var index = tensor(batch.ToArray(), device: _inputs.device);
        return new SampleSet(
            _inputs.index_select(0, index),
            _targets.index_select(0, index),
            _chunk < Count ? _chunk : null
        );
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _targets.Dispose();
    }

    /// <summary>Takes over <paramref name="inputs"/>, [samples, input width], with classes one-hot in their precision,
    /// or 0 and 1 where two share one output.</summary>
    public static SampleSet Classified(Tensor inputs, int[] labels, Architecture architecture, int? chunk)
    {
        using var targets = OneHot(
            labels,
            [labels.Length],
            architecture.Widths[^1],
            architecture.Loss,
            inputs.dtype,
            inputs.device
        );
        var samples = new SampleSet(inputs, targets, chunk);
        inputs.Dispose();
        return samples;
    }

    /// <summary>Samples as a network takes them: for a fully connected one row by row; classes and tokens one-hot, numbers as they are.</summary>
    public static SampleSet Of(
        NetworkModel network,
        NetworkLoss loss,
        LabelledSamples samples,
        ScalarType type,
        Device device,
        int? chunk
    )
    {
        ArgumentNullException.ThrowIfNull(samples);
        Require.InRange(samples.Count, 1, name: "number of samples");
        using var scope = NewDisposeScope();
        var (inputs, targets) = samples.Tensors(type, device);
        if (network is FullyConnectedNetwork)
            inputs = inputs.reshape(samples.Count, -1);
        network.Check(inputs);
        loss.Check(samples.Numbers);
        if (samples.Kind == TargetKind.Numbers)
        {
            Require.Length(samples.Outputs, network.OutputCount, "numbers to be learnt of a sample");
            return Of(inputs, targets, type, chunk);
        }

        return Of(inputs, OneHot(samples.Labels, targets.shape, network.OutputCount, loss, type, device), type, chunk);
    }

    /// <summary>Copies samples of any shape, which must fit each other and the precision.</summary>
    public static SampleSet Of(Tensor inputs, Tensor targets, ScalarType type, int? chunk)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.dim() < 1 || inputs.shape[0] < 1)
            throw new ArgumentException("inputs hold no samples; the first dimension must be at least 1.");
        if (targets.dim() < 1 || targets.shape[0] != inputs.shape[0])
            throw new ArgumentException(
                $"targets have the shape [{string.Join(", ", targets.shape)}]; their first dimension must be the number of samples, {inputs.shape[0]}."
            );
        if (is_floating_point(inputs) && inputs.dtype != type)
            throw new ArgumentException(
                $"inputs are {inputs.dtype}; they must be {type}, the precision of the parameters."
            );
        if (is_floating_point(targets) && targets.dtype != type)
            throw new ArgumentException(
                $"targets are {targets.dtype}; they must be {type}, the precision of the parameters, or whole numbers."
            );
        if (targets.device.ToString() != inputs.device.ToString())
            throw new ArgumentException(
                $"targets are on {targets.device} and inputs on {inputs.device}; they must be on one device."
            );
        if (chunk is { } size)
            Require.InRange(size, 1, name: nameof(chunk));
        return new SampleSet(inputs, targets, chunk);
    }

    /// <summary>Classes one-hot, or 0 and 1 where two share one output.</summary>
    private static Tensor OneHot(
        int[] labels,
        long[] shape,
        int outputs,
        NetworkLoss loss,
        ScalarType type,
        Device device
    )
    {
        var classes = loss.ClassesOf(outputs);
        var values = new double[labels.Length * (long)outputs];
        for (var i = 0; i < labels.Length; i++)
        {
            Require.InRange(labels[i], 0, classes - 1, $"labels[{i}]");
            if (outputs == classes)
                values[((long)i * outputs) + labels[i]] = 1;
            else
                values[i] = labels[i];
        }

        return tensor(values, [.. shape, outputs], type, device);
    }

    /// <summary>Throws unless inputs, labels and chunk fit the network; returns the inputs.</summary>
    public static T[] Checked<T>(Architecture architecture, T[] inputs, int[] labels, int? chunk)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        Require.InRange(labels.Length, 1, name: "number of samples");
        Require.Length(inputs.Length, labels.Length * architecture.Widths[0], nameof(inputs));
        for (var i = 0; i < labels.Length; i++)
            Require.InRange(labels[i], 0, architecture.Loss.ClassesOf(architecture.Widths[^1]) - 1, $"labels[{i}]");
        if (chunk is { } size)
            Require.InRange(size, 1, name: nameof(chunk));
        return inputs;
    }
}
