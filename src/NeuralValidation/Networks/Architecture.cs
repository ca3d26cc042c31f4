using FlatBias.Dynamics;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>
/// A fully connected network. Its parameters are one flat vector: for each layer the weight [out, in] row by row, then the bias [out].
/// </summary>
public sealed record Architecture
{
    /// <summary>The largest network: beyond it the vectors of one eigenvalue measurement no longer fit the memory of an ordinary machine.</summary>
    public const int MostParameters = 100_000_000;

    /// <summary>Describes a network.</summary>
    /// <param name="widths">Input width, hidden widths, output width: at least two, each at least 1.</param>
    /// <param name="activation">The nonlinearity of the hidden layers.</param>
    /// <param name="loss">The loss.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two widths, one below 1, or more than <see cref="MostParameters"/> parameters.</exception>
    public Architecture(IReadOnlyList<int> widths, Activation activation, NetworkLoss loss)
    {
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentNullException.ThrowIfNull(loss);
        (ParameterCount, Widths, Activation, Loss) = (CountParameters(widths), [.. widths], activation, loss);
    }

    /// <summary>Input width, hidden widths, output width.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>The nonlinearity of the hidden layers.</summary>
    public Activation Activation { get; }

    /// <summary>The loss.</summary>
    public NetworkLoss Loss { get; }

    /// <summary>How the tensors lie in the flat vector.</summary>
    public ParameterLayout Layout => FullyConnectedNetwork.LayoutOf(Widths);

    /// <summary>The number of layers with weights.</summary>
    public int Layers => Widths.Count - 1;

    /// <summary>The number P of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>The number of parameters of a network.</summary>
    /// <param name="widths">Input width, hidden widths, output width: at least two, each at least 1.</param>
    /// <returns>The sum of (in + 1) out over the layers, at most <see cref="MostParameters"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two widths, one below 1, or more than <see cref="MostParameters"/> parameters.</exception>
    public static int CountParameters(IReadOnlyList<int> widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        Require.InRange(widths.Count, 2, name: "number of widths");
        for (var i = 0; i < widths.Count; i++)
            Require.InRange(widths[i], 1, name: $"widths[{i}]");
        Int128 count = 0;
        for (var i = 0; i + 1 < widths.Count; i++)
            count += (Int128)(widths[i] + 1L) * widths[i + 1];
        return count <= MostParameters
            ? (int)count
            : throw new ArgumentOutOfRangeException(
                nameof(widths),
                count,
                $"widths give {count} parameters; there must be at most {MostParameters}."
            );
    }
}
