using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>Relative differences between two independent routes to the same derivative. A third or fourth derivative may be small by cancellation, so it is compared with |D^k L[v^(k-1), .]| |v|, which bounds it.</summary>
/// <param name="HessianVector">|difference of H v| / |H v|.</param>
/// <param name="ThirdDerivative">|difference of D^3 L[v^3]| / (|D^3 L[v^2, .]| |v|).</param>
/// <param name="FourthDerivative">|difference of D^4 L[v^4]| / (|D^4 L[v^3, .]| |v|).</param>
public sealed record RouteDisagreement(double HessianVector, double ThirdDerivative, double FourthDerivative)
{
    internal static RouteDisagreement Measure(
        NetworkSurface surface,
        ReverseRoute second,
        Tensor theta,
        Tensor direction
    )
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(direction);
        using var scope = NewDisposeScope();
        using var point = surface.At(theta);
        var product = zeros_like(theta);
        point.HessianVector(direction, product);
        var derivatives = new double[4];
        point.DirectionalDerivatives(direction, derivatives);
        surface.Cost.AddNestedPasses(4);
        var nested = zeros(4, surface.Space.Dimension, theta.dtype, theta.device);
        surface.Sum(nested, part => (null, stack(second.DirectionalGradients(theta, direction, part, 3))));
        nested[1].Increase(direction.detach().Times(surface.L2));
        var length = surface.Space.Dot(direction, direction);
        return new RouteDisagreement(Relative(Norm(product - nested[1]), Norm(nested[1])), Along(2), Along(3));

        double Along(int k) =>
            Relative(
                Math.Abs(surface.Space.Dot(nested[k], direction) - derivatives[k]),
                Norm(nested[k]) * Math.Sqrt(length)
            );

        double Norm(Tensor x) => Math.Sqrt(surface.Space.Dot(x, x));
    }

    /// <summary>0 where both routes agree on exactly 0.</summary>
    private static double Relative(double difference, double scale) => difference == 0 ? 0 : difference / scale;
}
