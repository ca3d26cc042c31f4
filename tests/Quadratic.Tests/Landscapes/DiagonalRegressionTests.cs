using FlatBias.Dynamics.Descent;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Diagonal networks on data, eq. (3.10), in full-batch and in stochastic descent, eq. (3.12).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 150)]
public class DiagonalRegressionTests
{
    [Property]
    public void Imbalance_FullBatchStep_ContractsWithinSquareRootTwoAndGrowsBeyond(
        Seed seed,
        Size samples,
        LogUniform range,
        LogUniform step
    )
    {
        var (random, stepSize) = (seed.Random(), step.In(1e-3, 10));
        var network = RandomLandscapes.Regression(random, samples.Value, random.Next(1, 6));
        var theta = RandomLandscapes.Vector(random, network.Dimension, range.In(0.1, 4));
        var slopes = new double[network.Width];
        network.EffectiveSlopes(theta, slopes);
        Contraction.Check(theta, Descending.Step(network, theta, stepSize), slopes, stepSize);
    }

    [Property]
    public void Imbalance_MinibatchSteps_ObeyTheIdentityAlongThePath(Seed seed, Size batchSize, LogUniform step)
    {
        // (3.12): at every step of the path, each with its own batch.
        var (random, stepSize) = (seed.Random(), step.In(1e-3, 0.1));
        var network = RandomLandscapes.Regression(random, 8, 3);
        var sampler = new BatchSampler(8, batchSize.Value, seed.Value);
        var theta = RandomLandscapes.Vector(random, 6, 1.5);
        double[] gradient = new double[6],
            slopes = new double[3],
            factor = [1, 1, 1];
        var (start, slack) = ((double[])theta.Clone(), 0.0);
        for (var t = 0; t < 40; t++)
        {
            var batch = sampler.At(t);
            network.BatchGradient(theta, batch, gradient);
            network.EffectiveSlopes(theta, batch, slopes);
            double[] next = [.. theta.Zip(gradient, (x, g) => x - (stepSize * g))];
            Contraction.Check(theta, next, slopes, stepSize);
            for (var i = 0; i < 3; i++)
                factor[i] *= 1 - (stepSize * slopes[i] * stepSize * slopes[i]);
            // |eta c| stays below 1/2 here unless the run leaves: each step adds 32 u (2 max |theta|)^2 (1 + 1/2)^2, none of it amplified.
            if (slopes.Max(c => Math.Abs(stepSize * c)) > 0.5)
                return;
            theta = next;
            slack += 32 * Near.Roundoff * 9 * Math.Pow(Near.Scale(theta), 2);
        }

        for (var i = 0; i < 3; i++)
            Near.Equal(
                Contraction.Imbalance(start, i) * factor[i],
                Contraction.Imbalance(theta, i),
                slack,
                $"the product over the path, coordinate {i}"
            );
    }

    [Property]
    public void BatchGradient_OverAllBatchesOfOneSize_AveragesToTheGradient(Seed seed, Size batchSize)
    {
        var random = seed.Random();
        var (n, b) = (6, Math.Min(6, batchSize.Value));
        var network = RandomLandscapes.Regression(random, n, 3);
        var theta = RandomLandscapes.Vector(random, 6, 1.5);
        double[] full = new double[6],
            gradient = new double[6],
            mean = new double[6];
        network.Gradient(theta, full);
        var batches = Subsets(n, b);
        foreach (var batch in batches)
        {
            network.BatchGradient(theta, batch, gradient);
            for (var p = 0; p < 6; p++)
                mean[p] += gradient[p] / batches.Count;
        }

        // Terms |x| |residual| |theta| <= (3 * 1.5^2 + 2) * 1.5 < 14; sums of 3, 6 and at most 20 of them.
        Near.Equal(full, mean, 64 * Near.Roundoff * 14, "mean gradient");
        network.BatchGradient(theta, [.. Enumerable.Range(0, n)], gradient);
        Assert.Equal(full, gradient);
        // The same mean by the names repeated: a batch may name a sample twice.
        network.BatchGradient(theta, [.. Enumerable.Range(0, 2 * n).Select(s => s / 2)], gradient);
        Near.Equal(full, gradient, 64 * Near.Roundoff * 14, "every sample twice");
    }

    [Property]
    public void EffectiveSlopes_OverAllBatches_HaveTheVarianceOfDrawingWithoutReplacement(Seed seed, Size batchSize)
    {
        var random = seed.Random();
        var (n, b) = (6, Math.Min(6, batchSize.Value));
        var network = RandomLandscapes.Regression(random, n, 3);
        var theta = RandomLandscapes.Vector(random, 6, 1.5);
        double[] full = new double[3],
            slopes = new double[3],
            square = new double[3],
            single = new double[3];
        network.EffectiveSlopes(theta, full);
        var batches = Subsets(n, b);
        foreach (var batch in batches)
        {
            network.EffectiveSlopes(theta, batch, slopes);
            for (var i = 0; i < 3; i++)
                square[i] += slopes[i] * slopes[i] / batches.Count;
        }

        for (var s = 0; s < n; s++)
        {
            network.EffectiveSlopes(theta, [s], slopes);
            for (var i = 0; i < 3; i++)
                single[i] += Math.Pow(slopes[i] - full[i], 2) / n;
        }

        // E[z_B'^2] = z'^2 + Var(z'_B), and the variance of the mean of b out of n is (sigma^2 / b) (n - b) / (n - 1). Squares of slopes below 3 * 1.5^2 + 2 < 9, at most 20 summands.
        for (var i = 0; i < 3; i++)
            Near.Equal(
                (full[i] * full[i]) + (single[i] / b * (n - b) / (n - 1)),
                square[i],
                128 * Near.Roundoff * 81,
                $"E[z_B'^2], coordinate {i}"
            );
    }

    [Property]
    public void Loss_OrthonormalInputs_IsThatOfIndependentCoordinates(Seed seed, Size size)
    {
        // X^T X = n: 1/(2n) |X w - y|^2 = 1/2 |w - X^T y / n|^2 + const, the independent network with a = 1.
        var (random, n) = (seed.Random(), size.Value);
        var inputs = RandomBasis.Orthogonal(n, random) * Math.Sqrt(n);
        var targets = RandomLandscapes.Vector(random, n, 2);
        var coupled = new DiagonalRegression(inputs.ToArray(), targets);
        var projected = (inputs.Transpose() * Vector<double>.Build.Dense(targets) / n).ToArray();
        var independent = new DiagonalNetwork(2, [.. Enumerable.Repeat(1.0, n)], projected);
        double[] theta = RandomLandscapes.Vector(random, 2 * n, 1.5),
            expected = new double[2 * n],
            actual = new double[2 * n];
        independent.Gradient(theta, expected);
        coupled.Gradient(theta, actual);
        // X is orthogonal to about n u, and the sums have n terms: w at most 2.25, residuals at most sqrt(n) * (2.25 sqrt n) + 2.
        Near.Equal(expected, actual, 64 * n * n * Near.Roundoff * 8, "gradient");
        var rest = (targets.Sum(y => y * y) / (2 * n)) - (projected.Sum(w => w * w) / 2);
        Near.Equal(independent.Loss(theta) + rest, coupled.Loss(theta), 64 * n * n * Near.Roundoff * 8, "loss");
    }

    [Property]
    public void Sharpness_AtAnInterpolatingMinimum_IsThatOfTheScaledGramMatrix(Seed seed, Size size)
    {
        var random = seed.Random();
        var (n, d) = (size.Value, 3);
        double[] theta = RandomLandscapes.Vector(random, 2 * d, 1.5);
        var inputs = Matrix<double>.Build.DenseOfArray(RandomLandscapes.Matrix(random, n, d, 1));
        var w = Vector<double>.Build.Dense(d, j => theta[j] * theta[d + j]);
        var network = new DiagonalRegression(inputs.ToArray(), (inputs * w).ToArray());
        var jacobian = Matrix<double>.Build.Dense(
            d,
            2 * d,
            (i, p) =>
                p == i ? theta[d + i]
                : p == d + i ? theta[i]
                : 0
        );
        var expected = (jacobian.Transpose() * inputs.Transpose() * inputs * jacobian / n)
            .Evd(Symmetricity.Symmetric)
            .EigenValues.Real()
            .Maximum();
        // Entries below 3 * 1.5^2 with sums of n <= 8 and 3 terms; two eigensolvers of size 6; the residual, 0 to 4 u * 7, enters the Hessian as it is.
        Near.Equal(expected, network.Eigenvalues(theta)[0], 64 * Near.Roundoff * 6 * 14, "S");
    }

    [Fact]
    public void Descent_WithASampler_IsStochasticDescentByHand()
    {
        var network = DiagonalRegression.Random(8, 3, 0.1, 1);
        double[] theta = [0.1, 0.1, 0.1, 1, 1, 1],
            byHand = [.. theta],
            gradient = new double[6];
        var result = DescentLoop.Run(
            network,
            new GradientDescent<double[]>(network.Space),
            0.05,
            new DescentLimits(25),
            theta,
            [],
            new BatchSampler(8, 2, 7)
        );
        var sampler = new BatchSampler(8, 2, 7);
        for (var t = 0; t < 25; t++)
        {
            network.BatchGradient(byHand, sampler.At(t), gradient);
            for (var p = 0; p < 6; p++)
                byHand[p] -= 0.05 * gradient[p];
        }

        // The loop may fuse multiplication and addition: a rounding a step, amplified by at most (1 + 0.05 |H_B|)^25 < 1e3 for |H_B| < 6.
        Near.Equal(byHand, theta, 25 * 2 * Near.Roundoff * 1e3, "theta_25");
        // The loss that ended the run is that of the 26th batch.
        var batch = sampler.At(25).ToArray();
        var single = batch.Average(s => network.BatchLossAndGradient(byHand, [s], gradient));
        Near.Equal(single, result.Loss, 1e-10, "batch loss");
        Near.Equal(
            network.Loss(byHand),
            Enumerable.Range(0, 8).Average(s => network.BatchLossAndGradient(byHand, [s], gradient)),
            64 * Near.Roundoff * 10,
            "mean of the single losses"
        );
    }

    [Fact]
    public void Random_SameSeed_GivesTheSameDataAndNoiseShows()
    {
        double[] theta = [0.3, -0.2, 0.7, 1.1];
        Assert.Equal(
            DiagonalRegression.Random(5, 2, 0.1, 3).Loss(theta),
            DiagonalRegression.Random(5, 2, 0.1, 3).Loss(theta)
        );
        Assert.NotEqual(
            DiagonalRegression.Random(5, 2, 0.1, 3).Loss(theta),
            DiagonalRegression.Random(5, 2, 0.1, 4).Loss(theta)
        );
        Assert.NotEqual(
            DiagonalRegression.Random(5, 2, 0.1, 3).Loss(theta),
            DiagonalRegression.Random(5, 2, 0, 3).Loss(theta)
        );
    }

    [Fact]
    public void Arguments_OutOfRange_AreNamed()
    {
        var network = new DiagonalRegression(
            new double[,]
            {
                { 1, 2 },
                { 3, 4 },
            },
            [1, 2]
        );
        Assert.Equal(
            "inputs",
            Assert.Throws<ArgumentException>(() => new DiagonalRegression(new double[0, 2], [])).ParamName
        );
        Assert.Equal(
            "inputs[1]",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    new DiagonalRegression(
                        new double[,]
                        {
                            { 1, double.NaN },
                        },
                        [1]
                    )
                )
                .ParamName
        );
        Assert.Equal(
            "targets",
            Assert
                .Throws<ArgumentException>(() =>
                    new DiagonalRegression(
                        new double[,]
                        {
                            { 1 },
                        },
                        [1, 2]
                    )
                )
                .ParamName
        );
        Assert.Equal(
            "noise",
            Assert.Throws<ArgumentOutOfRangeException>(() => DiagonalRegression.Random(2, 2, -1, 0)).ParamName
        );
        Assert.Equal(
            "samples",
            Assert.Throws<ArgumentOutOfRangeException>(() => DiagonalRegression.Random(0, 2, 0, 0)).ParamName
        );
        Assert.Equal(
            "batch",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => network.BatchGradient(new double[4], [], new double[4]))
                .ParamName
        );
        Assert.Equal(
            "batch",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => network.BatchGradient(new double[4], [2], new double[4]))
                .ParamName
        );
        Assert.Equal(
            "gradient",
            Assert.Throws<ArgumentException>(() => network.BatchGradient(new double[4], [0], new double[2])).ParamName
        );
        Assert.Equal(
            "theta",
            Assert.Throws<ArgumentException>(() => network.EffectiveSlopes(new double[3], new double[2])).ParamName
        );
    }

    private static List<int[]> Subsets(int n, int size) =>
        [
            .. Enumerable
                .Range(0, 1 << n)
                .Select(mask => Enumerable.Range(0, n).Where(s => (mask >> s & 1) == 1).ToArray())
                .Where(batch => batch.Length == size),
        ];
}
