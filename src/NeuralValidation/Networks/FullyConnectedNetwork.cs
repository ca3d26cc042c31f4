using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>A fully connected network: tensors <c>layers.{i}.weight</c> [out, in] and <c>layers.{i}.bias</c> [out], i from 0.</summary>
public sealed class FullyConnectedNetwork : NetworkModel
{
    /// <summary>Describes the network.</summary>
    /// <param name="architecture">Widths and activation.</param>
    public FullyConnectedNetwork(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        Architecture = architecture;
        Lay(Layout, architecture.Widths);
    }

    /// <summary>Widths and activation.</summary>
    public Architecture Architecture { get; }

    /// <summary>The tensors of a network of given widths.</summary>
    /// <param name="widths">Input width, hidden widths, output width: at least two, each at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two widths, one below 1, or too many parameters.</exception>
    public static ParameterLayout LayoutOf(IReadOnlyList<int> widths)
    {
        Architecture.CountParameters(widths);
        var layout = new ParameterLayout();
        Lay(layout, widths);
        return layout;
    }

    private static void Lay(ParameterLayout layout, IReadOnlyList<int> widths)
    {
        for (var layer = 0; layer + 1 < widths.Count; layer++)
            layout
                .Weight($"layers.{layer}.weight", [widths[layer + 1], widths[layer]])
                .Bias($"layers.{layer}.bias", widths[layer + 1]);
    }

    private protected override Tensor Outputs(ParameterViews parameters, Tensor inputs)
    {
        var a = inputs;
        for (var layer = 0; layer < Architecture.Layers; layer++)
        {
            var (weight, bias) = (parameters.Next(), parameters.Next());
            var z = addmm(bias, a, weight.t(), 1, 1);
            a = layer + 1 < Architecture.Layers ? Architecture.Activation.Value(z) : z;
        }

        return a;
    }
}
