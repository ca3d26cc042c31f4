using FlatBias.Dynamics.Surfaces;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Surfaces;

/// <summary>A surface in the coordinates of a metric, against the dense derivatives of the whole.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class MetricSurfaceTests
{
    [Property]
    public void At_AnyMetric_HasTheScaledDerivatives(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 1 + size.Value;
        var surface = Draw.Surface(random, n);
        // P^(-1/2) over six decades; entries that are 0 are components that never move.
        double[] root = [.. Enumerable.Range(0, n).Select(_ => Math.Pow(10, (6 * random.NextDouble()) - 3))];
        if (n > 1)
            root[random.Next(n)] = 0;
        var (origin, direction) = (Draw.Vector(random, n, 0.3), Scaled(Draw.Vector(random, n, 1), Inverse(root)));
        // z such that the place lies within the range of the surface whatever the metric.
        var z = Scaled(Draw.Vector(random, n, 0.3), Inverse(root));
        double[] place = [.. origin.Zip(Scaled(z, root), (a, b) => a + b)],
            whole = Scaled(direction, root),
            gradient = new double[n],
            product = new double[n];
        using var metric = new MetricSurface<double[]>(surface, origin, root);
        using var point = metric.At(z);

        // Numbers of order one by some hundred operations, each times its entries of P^(-1/2), up to 1e3.
        const double tolerance = 1e-12 * 1e3;
        Near.Equal(surface.Loss(place), metric.LossAndGradient(z, gradient), 1e-12, "loss");
        Near.Equal(Scaled(surface.Gradient(place), root), gradient, tolerance, "gradient");
        Assert.Equal(gradient, point.Gradient);
        Assert.Equal(surface.Loss(place), point.Loss, 1e-12);
        point.HessianVector(direction, product);
        var dense = Scaled(SymmetricMatrices.Times(surface.Hessian(place), whole), root);
        Near.Equal(dense, product, tolerance, "product");
        using var directions = surface.Space.CreateBlock(2);
        using var products = surface.Space.CreateBlock(2);
        direction.CopyTo(directions[1], 0);
        ((ISurfacePoint<double[]>)point).HessianBlock(directions, products, 2);
        Assert.Equal(product, products[1]);
        Assert.All(products[0], x => Assert.Equal(0, x));
        using var plain = surface.At(place);
        double[] derivatives = new double[4],
            expected = new double[4],
            third = new double[n],
            wholeThird = new double[n];
        point.DirectionalDerivatives(direction, derivatives);
        plain.DirectionalDerivatives(whole, expected);
        Near.Equal(expected, derivatives, 1e-10, "derivatives");
        point.DirectionalGradient(direction, 2, third);
        plain.DirectionalGradient(whole, 2, wholeThird);
        Near.Equal(Scaled(wholeThird, root), third, 1e3 * 1e-10, "D^3");

        // Back: the components that move are those of z.
        var back = new double[n];
        metric.Coordinates(place, back);
        for (var i = 0; i < n; i++)
            Near.Equal(
                root[i] > 0 ? z[i] : 0,
                back[i],
                1e-15 * (1 + Math.Abs(origin[i])) / Math.Max(root[i], 1e-3),
                "z"
            );
    }

    [Fact]
    public void At_TwoPlacesAtOnce_AreEachTheirOwn()
    {
        var surface = Draw.Surface(new Random(1), 3);
        using var metric = new MetricSurface<double[]>(surface, [0.1, 0.2, 0.3], [2, 3, 4]);
        var product = new double[3];
        using var first = metric.At([0, 0, 0]);
        using var second = metric.At([0.1, 0, 0]);
        first.HessianVector([1, 0, 0], product);
        // The entry of the Hessian at the first place, by 2 from either side: three roundings.
        Near.Equal(4 * surface.Hessian([0.1, 0.2, 0.3])[0, 0], product[0], 1e-14 * 4, "product");
    }

    private static double[] Scaled(double[] x, double[] by) => [.. x.Zip(by, (a, b) => a * b)];

    private static double[] Inverse(double[] root) => [.. root.Select(r => r > 0 ? 1 / r : 0)];
}
