using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>The layers of a flat parameter vector as views into it: nothing is copied, and gradients flow back to the one vector.</summary>
internal static class FlatParameters
{
    /// <summary>Weight [out, in] and bias [out] of each layer.</summary>
    public static (Tensor Weight, Tensor Bias)[] Views(Architecture architecture, Tensor theta)
    {
        var views = new (Tensor, Tensor)[architecture.Layers];
        long offset = 0;
        for (var i = 0; i < views.Length; i++)
        {
            long fanIn = architecture.Widths[i],
                fanOut = architecture.Widths[i + 1];
            var weight = theta.narrow(0, offset, fanIn * fanOut).view(fanOut, fanIn);
            var bias = theta.narrow(0, offset + (fanIn * fanOut), fanOut);
            views[i] = (weight, bias);
            offset += (fanIn + 1) * fanOut;
        }

        return views;
    }

    /// <summary>
    /// The tensors of a flat vector in its order, to be differentiated by one by one: by the vector that they are views
    /// of, each of them would give a derivative as long as the whole vector, nearly all zeros, to be added up.
    /// </summary>
    public static (Tensor Weight, Tensor Bias)[] Leaves(Architecture architecture, Tensor theta) =>
        [
            .. Views(architecture, theta.detach())
                .Select(layer => (layer.Weight.requires_grad_(true), layer.Bias.requires_grad_(true))),
        ];

    /// <summary>The tensors of layers in the order of the flat vector.</summary>
    public static Tensor[] InOrder((Tensor Weight, Tensor Bias)[] layers) =>
        [.. layers.SelectMany(layer => new[] { layer.Weight, layer.Bias })];

    /// <summary>Tensors one after the other in a flat vector.</summary>
    public static Tensor Join(IReadOnlyList<Tensor> parts) =>
        parts.Count == 1 ? parts[0].flatten() : cat([.. parts.Select(part => part.flatten())]);

    /// <summary>The layers of several vectors, rows of a matrix [k, P], as views: weights [k, out, in] and biases [k, out].</summary>
    public static (Tensor Weight, Tensor Bias)[] Blocks(Architecture architecture, Tensor rows)
    {
        var views = new (Tensor, Tensor)[architecture.Layers];
        long offset = 0;
        for (var i = 0; i < views.Length; i++)
        {
            long fanIn = architecture.Widths[i],
                fanOut = architecture.Widths[i + 1];
            var weight = rows.narrow(1, offset, fanIn * fanOut).unflatten(1, fanOut, fanIn);
            views[i] = (weight, rows.narrow(1, offset + (fanIn * fanOut), fanOut));
            offset += (fanIn + 1) * fanOut;
        }

        return views;
    }
}
