using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// Torch's automatic differentiation, guarded. The native side ends the process, with no exception to catch, on an output without a graph, on a missing seed, and on an input that the output does not depend on:
/// the first two are checked here; for the third add 0 times the input to the output where it may happen (<c>output.Plus(input.sum().Times(0))</c>, <see cref="Networks.Scalars"/>).
/// <c>createGraph</c> keeps the graph of the output as well, which in torch itself has to be asked for.
/// </summary>
public static class Autograd
{
    /// <summary>d(output . seed)/d(input).</summary>
    /// <param name="output">What is differentiated.</param>
    /// <param name="input">A tensor that the output depends on, marked by <c>requires_grad_(true)</c> before the output was made of it.</param>
    /// <param name="seed">Weights of the output's elements, of its shape; null for an output of one element.</param>
    /// <param name="createGraph">Whether the result can be differentiated again.</param>
    /// <param name="retainGraph">Whether the output can be differentiated again.</param>
    /// <returns>The derivative, of the input's shape.</returns>
    /// <exception cref="ArgumentException">The output has no graph, the input is not marked, or the seed's shape is not the output's.</exception>
    public static Tensor Gradient(
        Tensor output,
        Tensor input,
        Tensor? seed = null,
        bool createGraph = false,
        bool retainGraph = false
    ) => Gradients(output, [input], seed, createGraph, retainGraph)[0];

    /// <summary>d(output . seed)/d(input) for several inputs at once.</summary>
    /// <param name="output">What is differentiated.</param>
    /// <param name="inputs">Tensors that the output depends on, every one of them, marked as for <see cref="Gradient"/>.</param>
    /// <param name="seed">Weights of the output's elements, of its shape; null for an output of one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="retainGraph">Whether the output can be differentiated again.</param>
    /// <returns>The derivatives, of the inputs' shapes.</returns>
    /// <exception cref="ArgumentException">The output has no graph, an input is not marked, or the seed's shape is not the output's.</exception>
    public static IReadOnlyList<Tensor> Gradients(
        Tensor output,
        IReadOnlyList<Tensor> inputs,
        Tensor? seed = null,
        bool createGraph = false,
        bool retainGraph = false
    )
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(inputs);
        if (!output.requires_grad)
            throw new ArgumentException(
                "The output does not depend on anything that can be differentiated.",
                nameof(output)
            );
        if (!inputs.All(input => input.requires_grad))
            throw new ArgumentException("The input was not marked for differentiation.", nameof(inputs));
        if (seed is null && output.numel() != 1)
            throw new ArgumentException(
                $"An output of {output.numel()} elements needs a seed of the same shape.",
                nameof(seed)
            );
        if (seed is not null && !seed.shape.SequenceEqual(output.shape))
            throw new ArgumentException(
                $"The seed has shape [{string.Join(", ", seed.shape)}]; it must be [{string.Join(", ", output.shape)}].",
                nameof(seed)
            );
        return
        [
            .. autograd.grad(
                [output],
                [.. inputs],
                seed is null ? null : [seed],
                retain_graph: retainGraph || createGraph,
                create_graph: createGraph
            ),
        ];
    }
}
