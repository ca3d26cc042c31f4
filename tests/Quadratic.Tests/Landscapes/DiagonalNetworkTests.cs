using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Independent diagonal networks, eq. (3.10): the identity of depth per coordinate, and what it says of flattening.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class DiagonalNetworkTests
{
    [Property]
    public void Imbalance_OneStepAnyDepth_ObeysTheIdentityPerCoordinate(
        Seed seed,
        Size size,
        LogUniform range,
        LogUniform step
    )
    {
        var (random, depth, stepSize) = (seed.Random(), Math.Max(2, size.Value), step.In(1e-4, 1));
        var network = RandomLandscapes.Diagonal(random, depth, random.Next(1, 6));
        var (theta, d) = (RandomLandscapes.Vector(random, network.Dimension, range.In(0.1, 2)), network.Width);
        var next = Descending.Step(network, theta, stepSize);
        for (var i = 0; i < d; i++)
        for (var l = 1; l < depth; l++)
        {
            var factor = network.ImbalanceFactor(theta, i, 0, l, stepSize);
            // As for the scalar product, with |c_i| at most 1.1 (|Theta_i| + |y_i|), |y_i| <= 2, and P at most 2^N / |theta|; three roundings more for the weight.
            var (first, other) = (Bound(0), Bound(l));
            Near.Equal(
                Difference(theta, i, l) * factor,
                Difference(next, i, l),
                ((8 * depth) + 48) * Near.Roundoff * ((first * first) + (other * other)),
                $"(3.9), coordinate {i}"
            );

            double Bound(int layer)
            {
                var (product, partial) = (1.0, 1.0);
                for (var m = 0; m < depth; m++)
                    (product, partial) = (
                        product * Math.Abs(theta[(m * d) + i]),
                        m == layer ? partial : partial * Math.Abs(theta[(m * d) + i])
                    );
                return Math.Abs(theta[(layer * d) + i]) + (stepSize * 1.1 * (product + 2) * partial);
            }
        }

        double Difference(double[] at, int i, int l) => (at[(l * d) + i] - at[i]) * (at[(l * d) + i] + at[i]);
    }

    [Property]
    public void Imbalance_DepthTwo_ContractsWithinSquareRootTwoAndGrowsBeyond(
        Seed seed,
        LogUniform range,
        LogUniform step
    )
    {
        var (random, stepSize) = (seed.Random(), step.In(1e-3, 10));
        var network = RandomLandscapes.Diagonal(random, 2, 4);
        var theta = RandomLandscapes.Vector(random, 8, range.In(0.1, 4));
        var slopes = new double[4];
        network.EffectiveSlopes(theta, slopes);
        Contraction.Check(theta, Descending.Step(network, theta, stepSize), slopes, stepSize);
    }

    [Property]
    public void Coordinates_OfAnyNetwork_AreScalarProductsOnTheirOwn(Seed seed, Size depth)
    {
        var random = seed.Random();
        double[] weights = RandomLandscapes.Positive(random, 3),
            targets = RandomLandscapes.Vector(random, 3, 2);
        var network = new DiagonalNetwork(depth.Value, weights, targets);
        var theta = RandomLandscapes.Vector(random, network.Dimension, 1.5);
        double[] gradient = new double[theta.Length],
            hessian = new double[theta.Length * theta.Length],
            own = new double[depth.Value],
            ownHessian = new double[depth.Value * depth.Value];
        network.Gradient(theta, gradient);
        network.Hessian(theta, hessian);
        for (var i = 0; i < 3; i++)
        {
            var scalar = new ScalarProduct(depth.Value, targets[i]);
            double[] part = [.. Enumerable.Range(0, depth.Value).Select(l => theta[(l * 3) + i])];
            scalar.Gradient(part, own);
            scalar.Hessian(part, ownHessian);
            // The weight enters before the partial products here and after them there: 2 N roundings on terms below a (1.5^N + 2) 1.5^N.
            var tolerance = 8 * depth.Value * Near.Roundoff * weights[i] * Math.Pow(1.5, 2 * depth.Value) * 3;
            for (var l = 0; l < depth.Value; l++)
            {
                Near.Equal(weights[i] * own[l], gradient[(l * 3) + i], tolerance, "gradient");
                for (var p = 0; p < theta.Length; p++)
                    Near.Equal(
                        p % 3 == i ? weights[i] * ownHessian[(l * depth.Value) + (p / 3)] : 0,
                        hessian[(((l * 3) + i) * theta.Length) + p],
                        p % 3 == i ? tolerance : 0,
                        "Hessian"
                    );
            }
        }
    }

    [Property]
    public void MinimumSharpness_AtAMinimum_IsTheLargestEigenvalue(Seed seed, Size depth)
    {
        var random = seed.Random();
        var theta = RandomLandscapes.Vector(random, 3 * depth.Value, 0.4).Select(x => 1 + x).ToArray();
        double[] weights = RandomLandscapes.Positive(random, 3),
            targets = [1, 1, 1];
        for (var p = 0; p < theta.Length; p++)
            targets[p % 3] *= theta[p];
        var network = new DiagonalNetwork(depth.Value, weights, targets);
        // The targets are the products as rounded here, in the same order as there: the slopes are 0 exactly. Otherwise N squared products of N factors and an eigensolver's N roundings.
        var slopes = new double[3];
        network.EffectiveSlopes(theta, slopes);
        Assert.Equal([0, 0, 0], slopes);
        var expected = network.Eigenvalues(theta)[0];
        Near.Equal(expected, network.MinimumSharpness(theta), 96 * depth.Value * Near.Roundoff * expected, "S");
    }

    [Fact]
    public void Constructor_BadArguments_AreNamed()
    {
        Assert.Equal(
            "depth",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DiagonalNetwork(0, [1], [1])).ParamName
        );
        Assert.Equal(
            "weights",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DiagonalNetwork(1, [], [])).ParamName
        );
        Assert.Equal(
            "weights[1]",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DiagonalNetwork(1, [1, 0], [1, 1])).ParamName
        );
        Assert.Equal("targets", Assert.Throws<ArgumentException>(() => new DiagonalNetwork(1, [1, 1], [1])).ParamName);
        Assert.Equal(
            "targets[0]",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => new DiagonalNetwork(1, [1], [double.PositiveInfinity]))
                .ParamName
        );
        Assert.Equal(
            "second",
            Assert
                .Throws<ArgumentException>(() => new DiagonalNetwork(2, [1], [1]).ImbalanceFactor([1, 1], 0, 1, 1, 0.1))
                .ParamName
        );
    }
}
