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
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var (inputs, outputs) = (architecture.Widths[layer], architecture.Widths[layer + 1]);
            Layout.Weight($"layers.{layer}.weight", [outputs, inputs]).Bias($"layers.{layer}.bias", outputs);
        }
    }

    /// <summary>Widths and activation.</summary>
    public Architecture Architecture { get; }

    private protected override Tensor Outputs(ParameterViews parameters, Tensor inputs)
    {
        var a = inputs;
        for (var layer = 0; layer < Architecture.Layers; layer++)
        {
            var (weight, bias) = (parameters.Next(), parameters.Next());
            var z = addmm(bias, a, weight.t(), 1, 1);
            a = layer + 1 < Architecture.Layers ? ForwardPass.Activate(Architecture.Activation, z) : z;
        }

        return a;
    }
}
