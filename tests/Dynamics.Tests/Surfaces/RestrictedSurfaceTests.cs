using FlatBias.Dynamics.Surfaces;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Surfaces;

/// <summary>A surface on a subspace, against the dense derivatives of the whole.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class RestrictedSurfaceTests
{
    [Property]
    public void At_AnySubspace_HasTheProjectedDerivatives(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 4);
        var m = 1 + random.Next(n);
        var surface = Draw.Surface(random, n);
        var (origin, y) = (Draw.Vector(random, n, 0.3), Draw.Vector(random, m, 0.3));
        var basis = SymmetricMatrices.Eigen(Draw.Surface(random, n).Hessian(origin)).Vectors.Take(m).ToArray();
        double[] Lift(double[] x) =>
            basis.Zip(x).Aggregate(new double[n], (sum, b) => [.. sum.Zip(b.First, (s, e) => s + (b.Second * e))]);
        double[] Project(double[] x) => [.. basis.Select(b => SymmetricMatrices.Dot(b, x))];
        double[] place = [.. origin.Zip(Lift(y), (a, b) => a + b)];
        using var block = surface.Space.CreateBlock(m);
        for (var i = 0; i < m; i++)
            basis[i].CopyTo(block[i], 0);
        using var restricted = new RestrictedSurface<double[]>(surface, origin, block);
        using var point = restricted.At(y);
        var gradient = new double[m];

        // Numbers of order one by some hundred operations.
        Near.Equal(surface.Loss(place), restricted.LossAndGradient(y, gradient), 1e-12, "loss");
        Near.Equal(Project(surface.Gradient(place)), gradient, 1e-11, "gradient");
        Assert.Equal(gradient, point.Gradient);
        Assert.Equal(surface.Loss(place), point.Loss, 1e-12);
        double[] direction = Draw.Vector(random, m, 1),
            product = new double[m];
        point.HessianVector(direction, product);
        var (hessian, whole) = (surface.Hessian(place), Lift(direction));
        double[] dense =
        [
            .. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => hessian[i, j] * whole[j])),
        ];
        Near.Equal(Project(dense), product, 1e-11, "product");
        double[] derivatives = new double[4],
            expected = new double[4];
        point.DirectionalDerivatives(direction, derivatives);
        using var unrestricted = surface.At(place);
        unrestricted.DirectionalDerivatives(whole, expected);
        Near.Equal(expected, derivatives, 1e-10, "derivatives");
        var (third, wholeThird) = (new double[m], new double[n]);
        point.DirectionalGradient(direction, 2, third);
        unrestricted.DirectionalGradient(whole, 2, wholeThird);
        Near.Equal(Project(wholeThird), third, 1e-10, "D^3");
    }
}
