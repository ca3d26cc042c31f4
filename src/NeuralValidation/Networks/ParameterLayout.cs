using System.Collections;
using FlatBias.Dynamics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>One named tensor within a flat parameter vector.</summary>
/// <param name="Name">Its name, as PyTorch names parameters: <c>block1.conv1.weight</c>.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Begin">The index of its first component; the rest follow row by row.</param>
/// <param name="FanIn">The number of inputs that one of its outputs sums over, by which initial weights are scaled; 0 where it does not multiply inputs (biases, scales of normalisations).</param>
/// <param name="Start">The value that all its components start at where they are not drawn.</param>
public sealed record ParameterSlot(string Name, IReadOnlyList<long> Shape, int Begin, int FanIn, double Start)
{
    /// <summary>The number of components.</summary>
    public int Length => (int)Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>How the tensors of a network lie in its flat parameter vector, in order.</summary>
public sealed class ParameterLayout : IReadOnlyList<ParameterSlot>
{
    private readonly List<ParameterSlot> _slots = [];

    /// <summary>P, the length of the flat vector.</summary>
    public int ParameterCount { get; private set; }

    /// <inheritdoc/>
    public int Count => _slots.Count;

    /// <inheritdoc/>
    public ParameterSlot this[int index] => _slots[index];

    /// <inheritdoc/>
    public IEnumerator<ParameterSlot> GetEnumerator() => _slots.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds a tensor of weights, drawn at the start.</summary>
    internal ParameterLayout Weight(string name, int fanIn, params long[] shape) => Add(name, shape, fanIn, 0);

    /// <summary>Adds a tensor of biases, 0 at the start.</summary>
    internal ParameterLayout Bias(string name, long size) => Add(name, [size], 0, 0);

    /// <summary>Adds scale and shift of a normalisation, 1 and 0 at the start.</summary>
    internal ParameterLayout Normalisation(string name, long size) => Add(name + ".weight", [size], 0, 1).Bias(name + ".bias", size);

    /// <summary>The tensors of a flat vector as views, in order: nothing is copied, and gradients flow back to the one vector.</summary>
    internal ParameterViews Views(Tensor theta) => new(_slots, theta);

    private ParameterLayout Add(string name, long[] shape, int fanIn, double start)
    {
        var slot = new ParameterSlot(name, shape, ParameterCount, fanIn, start);
        if ((long)ParameterCount + shape.Aggregate(1L, (product, size) => checked(product * size)) > Architecture.MostParameters)
            throw new ArgumentOutOfRangeException(nameof(shape), $"the network has more than {Architecture.MostParameters:N0} parameters from {name} on; choose smaller sizes.");
        _slots.Add(slot);
        ParameterCount += slot.Length;
        return this;
    }
}

/// <summary>Hands out the tensors of a flat vector in the order of their layout.</summary>
internal sealed class ParameterViews(IReadOnlyList<ParameterSlot> slots, Tensor theta)
{
    private int _next;

    /// <summary>The next tensor.</summary>
    public Tensor Next()
    {
        var slot = slots[_next++];
        return theta.narrow(0, slot.Begin, slot.Length).view([.. slot.Shape]);
    }
}
