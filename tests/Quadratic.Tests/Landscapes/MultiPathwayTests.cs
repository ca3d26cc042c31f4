using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Integration;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Scalar chains in parallel, eq. (3.13): their identity, their minima, and what large steps make of the shares.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class MultiPathwayTests
{
    [Property]
    public void ImbalanceWithinAPath_OneStep_ObeysTheIdentity(Seed seed, Size size, Size paths, LogUniform step)
    {
        var (random, depth, stepSize) = (seed.Random(), Math.Max(2, size.Value), step.In(1e-4, 1));
        var network = new MultiPathway(paths.Value, depth, RandomLandscapes.Uniform(random, 2));
        var theta = RandomLandscapes.Vector(random, network.Dimension, 1.5);
        var next = Descending.Step(network, theta, stepSize);
        var error =
            Math.Abs(network.Target) + Enumerable.Range(0, paths.Value).Sum(p => Math.Abs(network.Product(theta, p)));
        for (var p = 0; p < paths.Value; p++)
        for (var i = 0; i < depth; i++)
        for (var j = 0; j < depth; j++)
        {
            if (i == j)
                continue;
            // |theta| + eta |e| |P_i| bounds what the new theta is summed from, with (2 N + P + 5) roundings, squared
            // twice as many; the right-hand side has 4 N + P + 8.
            var scale = Math.Pow(Bound(i), 2) + Math.Pow(Bound(j), 2);
            Near.Equal(
                Imbalance(theta) * network.ImbalanceFactor(theta, p, i, j, stepSize),
                Imbalance(next),
                ((8 * depth) + (4 * paths.Value) + 32) * Near.Roundoff * scale,
                $"path {p}, {i} and {j}"
            );

            double Imbalance(double[] at) =>
                (at[(p * depth) + i] - at[(p * depth) + j]) * (at[(p * depth) + i] + at[(p * depth) + j]);
            double Bound(int k) =>
                Math.Abs(theta[(p * depth) + k])
                + (
                    stepSize
                    * error
                    * Enumerable
                        .Range(0, depth)
                        .Where(l => l != k)
                        .Aggregate(1.0, (product, l) => product * Math.Abs(theta[(p * depth) + l]))
                );
        }
    }

    [Property]
    public void MinimumSharpness_AtAMinimum_IsTheLargestEigenvalueAndAboveThatOfEqualShares(
        Seed seed,
        Size size,
        Size paths
    )
    {
        var (random, depth) = (seed.Random(), size.Value);
        // Positive shares of y = 1, each path's factors any.
        var shares = RandomLandscapes.Positive(random, paths.Value);
        var sum = shares.Sum();
        var theta = new List<double>();
        foreach (var share in shares)
        {
            var logs = RandomLandscapes.Vector(random, depth, 1);
            var shift = (Math.Log(share / sum) - logs.Sum()) / depth;
            theta.AddRange(logs.Select(l => Math.Exp(l + shift)));
        }

        var network = new MultiPathway(paths.Value, depth);
        double[] point = [.. theta];
        var expected = Enumerable
            .Range(0, point.Length)
            .Sum(i => Math.Pow(network.Product(point, i / depth) / point[i], 2));
        // Sums of N P squares of products of N factors; the eigensolver errs by N P roundings of S, and e = 0 by as many
        // of 1, which the second derivatives of the chains multiply by at most S e^(2 N) or so.
        var tolerance = 64 * depth * paths.Value * Near.Roundoff * expected;
        Near.Equal(expected, network.MinimumSharpness(point), tolerance, "sum of squares");
        Near.Equal(expected, network.Eigenvalues(point)[0], tolerance * Math.Exp(2 * depth), "lambda_1");
        Assert.True(expected >= network.SharedSharpness(paths.Value) - tolerance, $"{expected}");
        double[] equal = [.. Enumerable.Repeat(Math.Pow(1.0 / paths.Value, 1.0 / depth), point.Length)];
        Near.Equal(
            network.SharedSharpness(paths.Value),
            network.MinimumSharpness(equal),
            64 * depth * paths.Value * Near.Roundoff * expected,
            "equal shares"
        );
        Near.Equal(
            Math.Pow(paths.Value, 1 - (2.0 / depth)),
            network.SharedSharpness(1) / network.SharedSharpness(paths.Value),
            1e-12 * paths.Value,
            "factor of splitting"
        );
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Run_PastTheEdgeOfWhatFlowReaches_SharesAgain(int depth)
    {
        // From shares of 0.8^N and 0.5^N gradient flow ends still further apart. The step size is past the edge there by
        // a twentieth, and within that of equal shares, (3.13): the run can settle only where it shares more.
        var network = new MultiPathway(2, depth);
        double[] start = [.. Enumerable.Range(0, 2 * depth).Select(i => (i < depth ? 0.8 : 0.5) * (1 + (1e-3 * i)))];
        var flow = GradientFlow.ToMinimum(network, start);
        var there = network.MinimumSharpness(flow.Minimum);
        var stepSize = 2.1 / there;
        Assert.True(stepSize * network.SharedSharpness(2) < 2);
        double[] theta = [.. start];
        using var rule = OptimiserSpec.GradientDescent.Create(network.Space);
        var result = DescentLoop.Run(network, rule, stepSize, new DescentLimits(100_000, 1e-12), theta, []);
        Assert.Equal(StopReason.Converged, result.Reason);
        Assert.InRange(stepSize * network.MinimumSharpness(theta), 0, 2);
        Assert.True(Share(flow.Minimum) > Share(start));
        Assert.True(Share(theta) < Share(flow.Minimum), $"{Share(theta)} of {Share(flow.Minimum)}");

        double Share(double[] at) => network.Product(at, 0) / (network.Product(at, 0) + network.Product(at, 1));
    }

    [Fact]
    public void Constructor_BadSizes_NameTheRange()
    {
        Assert.Contains(
            "paths is 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new MultiPathway(0, 3)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiPathway(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiPathway(513, 2));
    }
}
