using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Deep linear networks, eq. (3.11): layers against dense matrices, the exact change of the imbalances, the balanced minimum.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 150)]
public class DeepLinearNetworkTests
{
    [Property]
    public void Imbalance_OneStepAnyDepth_ChangesByTheStatedMatrix(Seed seed, LogUniform range, LogUniform step)
    {
        var (random, stepSize) = (seed.Random(), step.In(1e-4, 1));
        var (network, target) = Any(random, random.Next(2, 6));
        var theta = RandomLandscapes.Vector(random, network.Dimension, range.In(0.1, 1.5));
        var next = Descending.Step(network, theta, stepSize);
        Matrix<double>[] w = [.. Enumerable.Range(1, network.Depth).Select(l => network.Layer(theta, l))];
        for (var l = 1; l < network.Depth; l++)
        {
            // (3.11) with K = dL/d(W_(l+1) W_l), from dense products.
            var k =
                Product(w, l + 1, network.Depth, network.Widths[l + 1]).Transpose()
                * (Product(w, 0, network.Depth, network.Widths[0]) - target)
                * Product(w, 0, l - 1, network.Widths[0]).Transpose();
            var (lower, upper) = (w[l - 1], w[l]);
            var stated =
                stepSize
                * stepSize
                * ((upper.Transpose() * k * k.Transpose() * upper) - (lower * k.Transpose() * k * lower.Transpose()));
            // Chains of at most 5 products of 3 terms and the squares: below 64 roundings, of the same expressions in absolute values.
            var size = Size(network, theta, stepSize, target);
            var tolerance = 64 * Near.Roundoff * size;
            Close(stated, network.ImbalanceChange(theta, l, stepSize), tolerance, "(3.11), closed form");
            Close(stated, network.Imbalance(next, l) - network.Imbalance(theta, l), tolerance, "(3.11), one step");
        }
    }

    [Property]
    public void Gradient_AnyDepth_IsTheSandwichedError(Seed seed, Size depth)
    {
        var random = seed.Random();
        var (network, target) = Any(random, depth.Value);
        double[] theta = RandomLandscapes.Vector(random, network.Dimension, 1),
            gradient = new double[theta.Length];
        network.Gradient(theta, gradient);
        Matrix<double>[] w = [.. Enumerable.Range(1, network.Depth).Select(l => network.Layer(theta, l))];
        var error = Product(w, 0, network.Depth, network.Widths[0]) - target;
        // 2 N products of 3 terms; entries of products of N matrices are at most 3^(N-1), of the error 2 more.
        var tolerance = 12 * depth.Value * Near.Roundoff * Math.Pow(3, (2 * depth.Value) - 1) * 3;
        for (var l = 1; l <= network.Depth; l++)
        {
            var stated =
                Product(w, l, network.Depth, network.Widths[l]).Transpose()
                * error
                * Product(w, 0, l - 1, network.Widths[0]).Transpose();
            Close(stated, network.Layer(gradient, l), tolerance, $"dL/dW_{l}");
        }

        Near.Equal(error.PointwisePower(2).Enumerate().Sum() / 2, network.Loss(theta), tolerance, "loss");
    }

    [Property]
    public void BalancedMinimum_WideEnough_HasNoImbalanceAndTheStatedSharpness(Seed seed, Size size)
    {
        var random = seed.Random();
        var depth = 1 + (size.Value % 4);
        int[] widths = [.. Enumerable.Range(0, depth + 1).Select(_ => random.Next(1, 4))];
        for (var l = 1; l < depth; l++)
            widths[l] = Math.Max(widths[l], Math.Min(widths[0], widths[depth]));
        var target = RandomLandscapes.Matrix(random, widths[^1], widths[0], 2);
        var network = new DeepLinearNetwork(widths, target);
        var theta = network.BalancedMinimum();
        var norm = Matrix<double>.Build.DenseOfArray(target).L2Norm();
        // Singular vectors are orthonormal to a few u; N layers and 3 terms of singular values below |M| <= 6.
        var tolerance = 64 * depth * Near.Roundoff * Math.Max(1, norm);
        Near.Equal(0, network.Loss(theta), tolerance * tolerance * 9, "loss");
        for (var l = 1; l < depth; l++)
            Close(
                Matrix<double>.Build.Dense(widths[l], widths[l]),
                network.Imbalance(theta, l),
                tolerance,
                $"imbalance {l}"
            );
        var sharpness = depth * Math.Pow(norm, 2 - (2.0 / depth));
        // The Hessian's largest eigenvalue is off by the errors of its entries, N^2 products of N layers, times its size, at most 3^2 N^2 = 144 entries a row in all.
        Near.Equal(
            sharpness,
            network.Eigenvalues(theta)[0],
            16 * tolerance * depth * Math.Max(1, sharpness),
            "S = N |M|^(2 - 2/N)"
        );
    }

    [Property]
    public void BalancedMinimum_Bottleneck_IsTheBestApproximationOfThatRank(Seed seed)
    {
        var random = seed.Random();
        var target = RandomLandscapes.Matrix(random, 3, 4, 2);
        var network = new DeepLinearNetwork([4, 3, 1, 2, 3], target);
        double[] theta = network.BalancedMinimum(),
            gradient = new double[theta.Length];
        network.Gradient(theta, gradient);
        var s = Matrix<double>.Build.DenseOfArray(target).Svd().S;
        // As above, with |M| <= 2 sqrt 12 < 7 and residuals of that size.
        Near.Equal(new double[theta.Length], gradient, 256 * Near.Roundoff * 49, "gradient");
        Near.Equal(
            ((s[1] * s[1]) + (s[2] * s[2])) / 2,
            network.Loss(theta),
            256 * Near.Roundoff * 49,
            "loss of Eckart and Young"
        );
    }

    [Property]
    public void Loss_SpecialWidths_IsThatOfTheSmallerLandscapes(Seed seed, Size depth)
    {
        var random = seed.Random();
        var y = RandomLandscapes.Uniform(random, 2);
        var theta = RandomLandscapes.Vector(random, depth.Value, 1.5);
        int[] ones = [.. Enumerable.Repeat(1, depth.Value + 1)];
        var bound = new ScalarProduct(depth.Value, -Math.Abs(y)).Loss([.. theta.Select(Math.Abs)]);
        Near.Equal(
            new ScalarProduct(depth.Value, y).Loss(theta),
            new DeepLinearNetwork(
                ones,
                new[,]
                {
                    { y },
                }
            ).Loss(theta),
            8 * depth.Value * Near.Roundoff * bound,
            "all widths 1"
        );

        // Two layers, W_2 = U and W_1 = V^T.
        var target = RandomLandscapes.Matrix(random, 3, 2, 2);
        var factors = new MatrixFactorisation(target, 2);
        var (at, point) = (new double[10], RandomLandscapes.Vector(random, 10, 1));
        var (left, right) = factors.Factors(point);
        right.Transpose().ToRowMajorArray().CopyTo(at, 0);
        left.ToRowMajorArray().CopyTo(at, 4);
        // 6 entries with errors below 2 * 1 + 2.
        Near.Equal(
            factors.Loss(point),
            new DeepLinearNetwork([2, 2, 3], target).Loss(at),
            16 * Near.Roundoff * 6 * 16,
            "two layers"
        );
    }

    [Fact]
    public void Constructor_BadArguments_AreNamed()
    {
        var one = new[,]
        {
            { 1.0 },
        };
        Assert.Equal("widths", Assert.Throws<ArgumentException>(() => new DeepLinearNetwork([1], one)).ParamName);
        Assert.Equal(
            "widths[1]",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DeepLinearNetwork([1, 0, 1], one)).ParamName
        );
        Assert.Equal("target", Assert.Throws<ArgumentException>(() => new DeepLinearNetwork([2, 1], one)).ParamName);
        Assert.Contains(
            "target is 1 x 1; it must be 2 x 1",
            Assert.Throws<ArgumentException>(() => new DeepLinearNetwork([1, 2], one)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "target[0]",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    new DeepLinearNetwork(
                        [1, 1],
                        new[,]
                        {
                            { double.NaN },
                        }
                    )
                )
                .ParamName
        );
        Assert.Equal(
            "l",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => new DeepLinearNetwork([1, 1], one).Imbalance([1], 1))
                .ParamName
        );
        Assert.Equal(
            "theta",
            Assert.Throws<ArgumentException>(() => new DeepLinearNetwork([1, 1], one).Layer([1, 2], 1)).ParamName
        );
    }

    private static (DeepLinearNetwork Network, Matrix<double> Target) Any(Random random, int depth)
    {
        int[] widths = [.. Enumerable.Range(0, depth + 1).Select(_ => random.Next(1, 4))];
        var target = RandomLandscapes.Matrix(random, widths[^1], widths[0], 2);
        return (new(widths, target), Matrix<double>.Build.DenseOfArray(target));
    }

    /// <summary>W_to ... W_(from+1); the identity where from = to.</summary>
    private static Matrix<double> Product(Matrix<double>[] w, int from, int to, int width) =>
        w[from..to].Aggregate(Matrix<double>.Build.DenseIdentity(width), (product, layer) => layer * product);

    /// <summary>The largest squared row or column sum of |W| + eta |dL/dW|, with |dL/dW| that of the network of absolute values and of -|M|.</summary>
    private static double Size(DeepLinearNetwork network, double[] theta, double stepSize, Matrix<double> target)
    {
        double[] absolute = [.. theta.Select(Math.Abs)],
            gradient = new double[theta.Length];
        new DeepLinearNetwork([.. network.Widths], (-target.PointwiseAbs()).ToArray()).Gradient(absolute, gradient);
        var largest = absolute.Zip(gradient, (x, g) => x + (stepSize * g)).Max();
        return 3 * largest * largest;
    }

    private static void Close(Matrix<double> expected, Matrix<double> actual, double tolerance, string what) =>
        Near.Equal(expected.ToRowMajorArray(), actual.ToRowMajorArray(), tolerance, what);
}
