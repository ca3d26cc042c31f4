using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Every derivative of every landscape against differences of the derivative one order below it, from the loss upwards.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class DerivativeTests
{
    // |theta| <= 1 per coordinate, so along any line with |v| <= 1 the values and ninth derivatives of these polynomials (degree <= 10) stay below 1e6 in the scale used. So do those of the rotation laboratory:
    // along a line it is a cubic times waves of frequency 2|w| <= 2, with ninth derivative at most 512 + 9 * 256 * 3 + 36 * 128 * 6 + 84 * 64 * 6 < 7e4 times the cubic's largest coefficient, below 10.
    // The linear networks have degree <= 8 there (depth <= 4, or 3 and widths <= 3): no truncation at all, and values below 9 * (9 + 2)^2 / 2 < 1e3.
    // Truncation h^8 f9 / 630 = 1e-16 * 1e6 / 630 ~ 2e-13, rounding 4 u |f| / h ~ 5e-14 |f|: 1e-9 relative to the largest value involved leaves three orders of margin
    // and is still eight orders below what a wrong factor would give.
    private const double Relative = 1e-9;

    [Property]
    public void Gradient_AnyLandscape_IsTheDifferenceOfTheLoss(Seed seed) =>
        ForEach(
            seed,
            (landscape, theta, _) =>
            {
                var gradient = new double[landscape.Dimension];
                landscape.Gradient(theta, gradient);
                for (var i = 0; i < theta.Length; i++)
                {
                    var expected = Differences.Derivative(t => landscape.Loss(Differences.Moved(theta, i, t)));
                    Near.Equal(
                        expected,
                        gradient[i],
                        Relative * Near.Scale(expected, landscape.Loss(theta)),
                        $"{landscape.Name} gradient[{i}]"
                    );
                }
            }
        );

    [Property]
    public void Hessian_AnyLandscape_IsTheDifferenceOfTheGradientAndSymmetric(Seed seed) =>
        ForEach(
            seed,
            (landscape, theta, _) =>
            {
                var n = landscape.Dimension;
                double[] hessian = new double[n * n],
                    gradient = new double[n];
                landscape.Hessian(theta, hessian);
                for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                {
                    var expected = Differences.Derivative(t =>
                    {
                        landscape.Gradient(Differences.Moved(theta, j, t), gradient);
                        return gradient[i];
                    });
                    Near.Equal(
                        expected,
                        hessian[(i * n) + j],
                        Relative * Near.Scale(hessian),
                        $"{landscape.Name} hessian[{i},{j}]"
                    );
                    Assert.Equal(hessian[(i * n) + j], hessian[(j * n) + i]);
                }
            }
        );

    [Property]
    public void DirectionalDerivatives_AnyLandscape_EachIsTheDifferenceOfTheOneBelow(Seed seed) =>
        ForEach(
            seed,
            (landscape, theta, v) =>
            {
                double[] exact = new double[Landscape.HighestOrder],
                    moved = new double[Landscape.HighestOrder];
                landscape.DirectionalDerivatives(theta, v, exact);
                for (var k = 1; k <= exact.Length; k++)
                {
                    var expected = Differences.Derivative(t =>
                    {
                        var at = Differences.Along(theta, v, t);
                        if (k == 1)
                            return landscape.Loss(at);
                        landscape.DirectionalDerivatives(at, v, moved);
                        return moved[k - 2];
                    });
                    Near.Equal(expected, exact[k - 1], Relative * Near.Scale(exact), $"{landscape.Name} D^{k}");
                }
            }
        );

    [Property]
    public void DirectionalGradient_AnyLandscape_IsTheGradientOfTheDirectionalDerivative(Seed seed) =>
        ForEach(
            seed,
            (landscape, theta, v) =>
            {
                double[] gradient = new double[landscape.Dimension],
                    moved = new double[Landscape.HighestOrder];
                for (var k = 1; k <= Landscape.HighestOrder; k++)
                {
                    landscape.DirectionalGradient(theta, v, k, gradient);
                    for (var i = 0; i < theta.Length; i++)
                    {
                        var expected = Differences.Derivative(t =>
                        {
                            landscape.DirectionalDerivatives(Differences.Moved(theta, i, t), v, moved);
                            return moved[k - 1];
                        });
                        Near.Equal(
                            expected,
                            gradient[i],
                            Relative * Near.Scale(gradient),
                            $"{landscape.Name} grad D^{k} [{i}]"
                        );
                    }
                }
            }
        );

    [Property]
    public void DirectionalDerivatives_FewerOrdersAsked_AreTheSameNumbers(Seed seed) =>
        ForEach(
            seed,
            (landscape, theta, v) =>
            {
                var all = new double[Landscape.HighestOrder];
                landscape.DirectionalDerivatives(theta, v, all);
                for (var k = 1; k < all.Length; k++)
                {
                    var some = new double[k];
                    landscape.DirectionalDerivatives(theta, v, some);
                    Assert.Equal(all[..k], some);
                }
            }
        );

    private static void ForEach(Seed seed, Action<Landscape, double[], double[]> check)
    {
        foreach (var make in RandomLandscapes.All.Values)
        {
            var random = seed.Random();
            var landscape = make(random);
            check(
                landscape,
                RandomLandscapes.Vector(random, landscape.Dimension, 1),
                RandomLandscapes.Vector(random, landscape.Dimension, 1)
            );
        }
    }
}
