using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// The one call of torch's automatic differentiation. The native side ends the process on an output without a graph or on a missing seed, so both are checked here first.
/// </summary>
internal static class Autograd
{
    /// <summary>d(output . seed)/d(input); the seed may be left out for a scalar.</summary>
    public static Tensor Gradient(Tensor output, Tensor input, Tensor? seed = null, bool createGraph = false, bool retainGraph = false)
    {
        if (!output.requires_grad) throw new ArgumentException("The output does not depend on anything that can be differentiated.", nameof(output));
        if (!input.requires_grad) throw new ArgumentException("The input was not marked for differentiation.", nameof(input));
        if (seed is null && output.numel() != 1) throw new ArgumentException($"An output of {output.numel()} elements needs a seed of the same shape.", nameof(seed));
        if (seed is not null && !seed.shape.SequenceEqual(output.shape))
            throw new ArgumentException($"The seed has shape [{string.Join(", ", seed.shape)}]; it must be [{string.Join(", ", output.shape)}].", nameof(seed));
        return autograd.grad([output], [input], seed is null ? null : [seed], retain_graph: retainGraph || createGraph, create_graph: createGraph)[0];
    }
}
