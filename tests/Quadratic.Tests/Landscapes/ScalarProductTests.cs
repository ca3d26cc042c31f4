using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The scalar network of depth N, eq. (3.9): its identity, its minima, its symmetry.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class ScalarProductTests
{
    [Property]
    public void Imbalance_OneStep_ObeysTheIdentity(Seed seed, Size size, LogUniform range, LogUniform step)
    {
        var (random, depth, stepSize) = (seed.Random(), Math.Max(2, size.Value), step.In(1e-4, 1));
        var network = new ScalarProduct(depth, RandomLandscapes.Uniform(random, 2));
        var theta = RandomLandscapes.Vector(random, depth, range.In(0.1, 3));
        var next = Descending.Step(network, theta, stepSize);
        var error = Math.Abs(network.Product(theta)) + Math.Abs(network.Target);
        // |theta_k| + eta |e| |P_k| bounds what the new theta_k is summed from; it carries at most 2 N + 5 roundings, squared twice as many, and the right-hand side 4 N + 8.
        var size2 = Enumerable
            .Range(0, depth)
            .Select(k => Math.Pow(Math.Abs(theta[k]) + (stepSize * error * Math.Abs(Without(theta, k))), 2))
            .ToArray();
        for (var i = 0; i < depth; i++)
        for (var j = 0; j < depth; j++)
            if (i != j)
            {
                var expected = network.Imbalance(theta, i, j) * network.ImbalanceFactor(theta, i, j, stepSize);
                Near.Equal(
                    expected,
                    network.Imbalance(next, i, j),
                    ((8 * depth) + 32) * Near.Roundoff * (size2[i] + size2[j]),
                    $"(3.9) for {i}, {j}"
                );
            }
    }

    [Property]
    public void ImbalanceFactor_NoZeroParameter_IsThatOfTheTheory(Seed seed, Size size, LogUniform step)
    {
        var (random, depth, stepSize) = (seed.Random(), Math.Max(2, size.Value), step.In(1e-4, 1));
        var network = new ScalarProduct(depth, 1);
        var theta = RandomLandscapes.Positive(random, depth);
        // As (3.9) is written, with a division: eta^2 z'^2 Theta^2 / (theta_i^2 theta_j^2), z' = Theta - y.
        var product = network.Product(theta);
        var q = stepSize * (product - 1) * product / (theta[0] * theta[1]);
        var terms = stepSize * (product + 1) * product / (theta[0] * theta[1]);
        Near.Equal(
            1 - (q * q),
            network.ImbalanceFactor(theta, 0, 1, stepSize),
            ((4 * depth) + 16) * Near.Roundoff * (1 + (terms * terms)),
            "factor"
        );
    }

    [Property]
    public void MinimumSharpness_AtAMinimum_IsTheLargestEigenvalueAndAtLeastTheDepth(Seed seed, Size size, Real target)
    {
        var (random, depth) = (seed.Random(), size.Value);
        double[] logs = [.. RandomLandscapes.Vector(random, depth, 1)];
        var mean = logs.Average();
        double[] theta = [.. logs.Select(l => Math.Exp(l - mean))];
        var expected = theta.Sum(x => 1 / (x * x));
        // Theta = 1 up to 3 N u; the Hessian's entries and the sum of N squared products of N factors carry at most 4 N roundings, the eigensolver N more, and H has norm S up to e N u.
        Near.Equal(
            expected,
            new ScalarProduct(depth).MinimumSharpness(theta),
            16 * depth * Near.Roundoff * expected,
            "sum of P_i^2"
        );
        Near.Equal(
            expected,
            new ScalarProduct(depth).Eigenvalues(theta)[0],
            32 * depth * Near.Roundoff * expected,
            "lambda_1"
        );
        // e^x >= 1 + x + x^2 e^-|x| / 2 at x = -2 log theta_i, and the logarithms sum to 0: strictly above N unless balanced.
        var excess = theta.Sum(x => 2 * Math.Pow(Math.Log(x), 2) * Math.Exp(-2 * Math.Abs(Math.Log(x))));
        Assert.True(
            expected >= depth + excess - (16 * depth * Near.Roundoff * expected),
            $"S = {expected:R}, N = {depth}, excess {excess:R}"
        );
        // Any other y: scale one parameter; S = y^2 sum 1 / theta_i^2.
        if (Math.Abs(target.Value) < 1e-3)
            return;
        theta[0] *= target.Value;
        var scaled = target.Value * target.Value * theta.Sum(x => 1 / (x * x));
        Near.Equal(
            scaled,
            new ScalarProduct(depth, target.Value).Eigenvalues(theta)[0],
            32 * depth * Near.Roundoff * scaled,
            "lambda_1 for another y"
        );
    }

    [Property]
    public void BalancedMinimum_AnyTarget_IsTheFlattestMinimum(Size size, Real at)
    {
        var target = 3 * at.Value;
        var network = new ScalarProduct(size.Value, target);
        var theta = network.BalancedMinimum();
        // The root carries 2 roundings relative to itself, hence Theta 3 N.
        Near.Equal(target, network.Product(theta), 4 * size.Value * Near.Roundoff * Math.Abs(target), "Theta");
        var sharpness = size.Value * Math.Pow(Math.Abs(target), 2 - (2.0 / size.Value));
        Near.Equal(sharpness, network.MinimumSharpness(theta), 16 * size.Value * Near.Roundoff * sharpness, "S");
    }

    [Property]
    public void Derivatives_CoordinatesPermuted_ArePermuted(Seed seed, Size size, LogUniform range)
    {
        var (random, depth) = (seed.Random(), size.Value);
        var network = new ScalarProduct(depth, RandomLandscapes.Uniform(random, 2));
        double[] theta = RandomLandscapes.Vector(random, depth, range.In(0.1, 3)),
            v = RandomLandscapes.Vector(random, depth, 1);
        int[] order = [.. Enumerable.Range(0, depth)];
        random.Shuffle(order);
        double[] moved = [.. order.Select(i => theta[i])],
            along = [.. order.Select(i => v[i])];
        // The majorants are the same derivatives of (prod |theta| + |y|)^2 / 2; 8 series products of 8 roundings at most.
        var majorant = new ScalarProduct(depth, -Math.Abs(network.Target));
        double[] size1 = [.. theta.Select(Math.Abs)],
            size2 = [.. v.Select(Math.Abs)];
        double[] g = new double[depth],
            h = new double[depth],
            bound = new double[depth];
        network.Gradient(theta, g);
        network.Gradient(moved, h);
        majorant.Gradient(size1, bound);
        for (var i = 0; i < depth; i++)
            Near.Equal(g[order[i]], h[i], 4 * depth * Near.Roundoff * bound[order[i]], $"gradient {i}");
        double[] d = new double[Landscape.HighestOrder],
            e = new double[d.Length],
            b = new double[d.Length];
        network.DirectionalDerivatives(theta, v, d);
        network.DirectionalDerivatives(moved, along, e);
        majorant.DirectionalDerivatives(size1, size2, b);
        for (var k = 0; k < d.Length; k++)
            Near.Equal(d[k], e[k], 256 * Near.Roundoff * b[k], $"D^{k + 1}");
        Near.Equal(network.Loss(theta), network.Loss(moved), 8 * depth * Near.Roundoff * majorant.Loss(size1), "loss");
    }

    [Fact]
    public void Constructor_OutOfRange_NamesTheParameter()
    {
        Assert.Equal("depth", Assert.Throws<ArgumentOutOfRangeException>(() => new ScalarProduct(0)).ParamName);
        Assert.Equal(
            "target",
            Assert.Throws<ArgumentOutOfRangeException>(() => new ScalarProduct(2, double.NaN)).ParamName
        );
        Assert.Equal("theta", Assert.Throws<ArgumentException>(() => new ScalarProduct(2).Product([1])).ParamName);
        Assert.Equal(
            "j",
            Assert.Throws<ArgumentException>(() => new ScalarProduct(2).Imbalance([1, 2], 1, 1)).ParamName
        );
        Assert.Equal(
            "i",
            Assert.Throws<ArgumentOutOfRangeException>(() => new ScalarProduct(2).Imbalance([1, 2], 2, 1)).ParamName
        );
    }

    private static double Without(double[] theta, int i) =>
        theta.Where((_, k) => k != i).Aggregate(1.0, (p, x) => p * x);
}
