using System.Collections;
using FlatBias.Dynamics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>One named tensor within a flat parameter vector.</summary>
/// <param name="Name">Its name, as PyTorch names parameters: <c>block1.conv1.weight</c>.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Begin">The index of its first component; the rest follow row by row.</param>
/// <param name="Start">The value that all its components start at where they are not drawn: 1 for the scale of a normalisation, 0 for biases.</param>
public sealed record ParameterSlot(string Name, IReadOnlyList<long> Shape, int Begin, double Start = 0)
{
    /// <summary>The number of inputs that one of its outputs sums over, by which initial weights are scaled; 0 where it is not drawn.</summary>
    public int FanIn { get; init; }

    /// <summary>The number of outputs that one of its inputs goes into; 0 where it is not drawn.</summary>
    public int FanOut { get; init; }

    /// <summary>The number of branches that the network adds up, where this ends one; 0 elsewhere.</summary>
    public int Branches { get; init; }

    /// <summary>The number of components.</summary>
    public int Length => (int)Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>Tensors of a network that lie side by side in its flat vector and belong together: weight and bias of a layer, or all of a block.</summary>
/// <param name="Name">What their names begin with: <c>conv1</c>, <c>block1</c>, <c>layers.0</c>.</param>
/// <param name="Begin">The index of their first component.</param>
/// <param name="Length">The number of their components.</param>
public sealed record ParameterGroup(string Name, int Begin, int Length);

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

    /// <summary>The layers: tensors whose names differ in their last part only.</summary>
    public IReadOnlyList<ParameterGroup> Layers =>
        [.. _slots.Select(slot => Layer(slot.Name)).Distinct(StringComparer.Ordinal).Select(Group)];

    /// <summary>The tensors of a name, or all whose names begin with it.</summary>
    /// <param name="name">A layer, or a block of layers.</param>
    /// <exception cref="ArgumentException">There are none of that name.</exception>
    public ParameterGroup Group(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ParameterSlot[] own =
        [
            .. _slots.Where(slot => slot.Name == name || slot.Name.StartsWith(name + '.', StringComparison.Ordinal)),
        ];
        if (own.Length == 0)
            throw new ArgumentException(
                $"group is '{name}'; it must be a layer of the network or what several begin with: {string.Join(", ", Layers.Select(g => g.Name))}."
            );
        var length = own.Sum(slot => slot.Length);
        return own[^1].Begin + own[^1].Length - own[0].Begin == length
            ? new ParameterGroup(name, own[0].Begin, length)
            : throw new ArgumentException(
                $"group is '{name}', whose tensors do not lie side by side; choose one of its layers."
            );
    }

    /// <summary>Adds a tensor of weights [out, in, ...], drawn at the start.</summary>
    internal ParameterLayout Weight(string name, long[] shape, int branches = 0)
    {
        var field = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
        return Add(
            new ParameterSlot(name, shape, ParameterCount)
            {
                FanIn = (int)(shape[1] * field),
                FanOut = (int)(shape[0] * field),
                Branches = branches,
            }
        );
    }

    /// <summary>Adds a table of vectors [rows, width], drawn at the start like weights of that fan-in.</summary>
    internal ParameterLayout Table(string name, long rows, int width) =>
        Add(new ParameterSlot(name, [rows, width], ParameterCount) { FanIn = width, FanOut = width });

    /// <summary>Adds a tensor of biases, 0 at the start.</summary>
    internal ParameterLayout Bias(string name, long size) => Vector(name, size, 0);

    /// <summary>Adds a tensor of one dimension that is not drawn.</summary>
    internal ParameterLayout Vector(string name, long size, double start) =>
        Add(new ParameterSlot(name, [size], ParameterCount, start));

    /// <summary>Adds scale and shift of a normalisation, 1 and 0 at the start.</summary>
    internal ParameterLayout Normalisation(string name, long size) =>
        Vector(name + ".weight", size, 1).Bias(name + ".bias", size);

    /// <summary>The tensors of a flat vector as views, in order: nothing is copied, and gradients flow back to the one vector.</summary>
    internal Tensor[] Views(Tensor theta) =>
        [.. _slots.Select(slot => theta.narrow(0, slot.Begin, slot.Length).view([.. slot.Shape]))];

    private static string Layer(string name) => name.LastIndexOf('.') is var dot and > 0 ? name[..dot] : name;

    private ParameterLayout Add(ParameterSlot slot)
    {
        if (
            slot.Begin + slot.Shape.Aggregate(1L, (product, size) => checked(product * size))
            > Architecture.MostParameters
        )
            throw new ArgumentException(
                $"the network has more than {Architecture.MostParameters:N0} parameters from {slot.Name} on; choose smaller sizes."
            );
        _slots.Add(slot);
        ParameterCount += slot.Length;
        return this;
    }
}

/// <summary>Hands out the tensors of a network in the order of their layout.</summary>
internal sealed class ParameterViews(Tensor[] tensors)
{
    private int _next;

    /// <summary>The next tensor.</summary>
    public Tensor Next() => tensors[_next++];
}
