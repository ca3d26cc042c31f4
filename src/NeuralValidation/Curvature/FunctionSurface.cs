using FlatBias.Dynamics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>Any loss of one flat vector that torch can differentiate, as a surface: its curvature is measured, its descent run and its instabilities forecast like those of any other.</summary>
public sealed class FunctionSurface : TorchSurface, IDisposable
{
    /// <summary>Makes the surface.</summary>
    /// <param name="parameters">P, the number of components of theta.</param>
    /// <param name="loss">The loss of theta [P], one number, a function of theta alone: differentiable twice for Hessian products, k + 1 times for directional derivatives of order k with their gradients. Sums and products with plain numbers go through <see cref="Networks.Scalars"/>.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where theta lives; null for the CPU.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one parameter.</exception>
    public FunctionSurface(
        int parameters,
        Func<Tensor, Tensor> loss,
        ScalarType type = ScalarType.Float64,
        Device? device = null
    )
        : base(Reverse(parameters, loss), type, device ?? CPU)
    {
        using var nothing = zeros(1, type, device ?? CPU);
        Samples = SampleSet.Of(nothing, nothing, type, null);
    }

    internal override SampleSet Samples { get; }

    /// <inheritdoc/>
    public void Dispose() => Samples.Dispose();

    /// <summary>The loss as the outputs of a single sample that is not looked at.</summary>
    private static ReverseRoute Reverse(int parameters, Func<Tensor, Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return new ReverseRoute(
            new FlatFunction(Require.InRange(parameters, 1), (theta, _) => loss(theta)),
            (value, _) => value
        );
    }
}
