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
