using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>Outputs and loss of a network.</summary>
internal static class ForwardPass
{
    /// <summary>The outputs [samples, classes] (logits for cross-entropy).</summary>
    public static Tensor Outputs(Architecture architecture, Tensor theta, Tensor inputs) =>
        Outputs(architecture, FlatParameters.Views(architecture, theta), inputs);

    /// <summary>The same for given layers.</summary>
    public static Tensor Outputs(Architecture architecture, (Tensor Weight, Tensor Bias)[] layers, Tensor inputs)
    {
        var a = inputs;
        for (var i = 0; i < layers.Length; i++)
        {
            var z = addmm(layers[i].Bias, a, layers[i].Weight.t(), 1, 1);
            a = i + 1 < layers.Length ? architecture.Activation.Value(z) : z;
        }

        return a;
    }

    /// <summary>The mean loss over the samples; targets are one-hot [samples, classes].</summary>
    public static Tensor Loss(Architecture architecture, Tensor outputs, Tensor targets) =>
        architecture.Loss.Mean(outputs, targets);
}
