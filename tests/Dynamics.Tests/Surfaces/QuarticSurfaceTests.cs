using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Surfaces;

/// <summary>The test surface itself: a wrong oracle would bless wrong code.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class QuarticSurfaceTests
{
    // The difference formula is exact for polynomials of degree below 9, so only rounding is left: at most n^4 = 1296 terms of size below 1, each with error u, times the sum
    // of the weights over h, 2 / 0.01: 1296 * 1.1e-16 * 200 = 3e-11 in the worst case.
    private const double Tolerance = 3e-11;

    [Property]
    public void Gradient_AnyPoint_IsTheDifferenceOfTheLoss(Seed seed, Size size)
    {
        var (surface, theta, _) = Instance(seed, size);
        var gradient = surface.Gradient(theta);
        for (var i = 0; i < theta.Length; i++)
            Near.Equal(
                Differences.Derivative(t => surface.Loss(Differences.Moved(theta, i, t))),
                gradient[i],
                Tolerance,
                $"gradient[{i}]"
            );
    }

    [Property]
    public void DirectionalDerivatives_AnyPoint_EachIsTheDifferenceOfTheOneBelow(Seed seed, Size size)
    {
        var (surface, theta, v) = Instance(seed, size);
        double[] exact = new double[6],
            below = new double[6];
        surface.At(theta).DirectionalDerivatives(v, exact);
        for (var k = 1; k <= 6; k++)
        {
            var expected = Differences.Derivative(t =>
            {
                var at = Differences.Along(theta, v, t);
                surface.At(at).DirectionalDerivatives(v, below);
                return k == 1 ? surface.Loss(at) : below[k - 2];
            });
            Near.Equal(expected, exact[k - 1], Tolerance, $"D^{k}");
        }
    }

    [Property]
    public void DirectionalGradient_AnyPoint_IsTheGradientOfTheDirectionalDerivative(Seed seed, Size size)
    {
        var (surface, theta, v) = Instance(seed, size);
        double[] gradient = new double[theta.Length],
            moved = new double[6];
        for (var k = 1; k <= 6; k++)
        {
            surface.At(theta).DirectionalGradient(v, k, gradient);
            for (var i = 0; i < theta.Length; i++)
            {
                var expected = Differences.Derivative(t =>
                {
                    surface.At(Differences.Moved(theta, i, t)).DirectionalDerivatives(v, moved);
                    return moved[k - 1];
                });
                Near.Equal(expected, gradient[i], Tolerance, $"grad D^{k} [{i}]");
            }
        }
    }

    [Property]
    public void Rotated_AnyBasis_HasTheSameLossAtTheSamePoint(Seed seed, Size size)
    {
        var (surface, theta, _) = Instance(seed, size);
        var q = SymmetricMatrices.Orthogonal(seed.Random(), theta.Length);
        // Turning one index is a sum of n <= 6 products; four indices and n^4 terms below 1: 4 * 6 * 1296 u < 4e-12.
        Near.Equal(surface.Loss(theta), surface.Rotated(q).Loss(SymmetricMatrices.Times(q, theta)), 4e-12, "loss");
    }

    private static (QuarticSurface Surface, double[] Theta, double[] Direction) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 6);
        return (Draw.Surface(random, n, 0.5, 0.5), Draw.Vector(random, n, 0.5), Draw.Unit(random, n));
    }
}
