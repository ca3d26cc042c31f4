using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Matrix factorisation: the two-layer identity (3.11), its invariance, its minima.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 150)]
public class MatrixFactorisationTests
{
    [Property]
    public void Imbalance_OneStep_ChangesByTheStatedMatrix(Seed seed, Size rank, LogUniform range, LogUniform step)
    {
        var (random, stepSize) = (seed.Random(), step.In(1e-4, 1));
        var network = RandomLandscapes.Factorisation(random, random.Next(1, 6), random.Next(1, 6), rank.Value);
        var scale = range.In(0.1, 2);
        var theta = RandomLandscapes.Vector(random, network.Dimension, scale);
        double[] next = Descending.Step(network, theta, stepSize),
            change = network.ImbalanceChange(theta, stepSize).ToRowMajorArray();
        // Entries of E are below r a^2 + 2, of E V and E^T U below 5 (r a^2 + 2) a, and there are 5 rows to a Gram matrix; r + 5 + 5 terms in a chain.
        var entry = scale + (stepSize * 5 * ((rank.Value * scale * scale) + 2) * scale);
        var tolerance = 4 * (rank.Value + 16) * Near.Roundoff * 5 * entry * entry;
        Near.Equal(
            (network.Imbalance(next) - network.Imbalance(theta)).ToRowMajorArray(),
            change,
            tolerance,
            "one step"
        );
        var (u, v) = network.Factors(theta);
        var error = (u * v.Transpose()) - Target(network);
        var stated =
            stepSize
            * stepSize
            * ((u.Transpose() * error * error.Transpose() * u) - (v.Transpose() * error.Transpose() * error * v));
        Near.Equal(stated.ToRowMajorArray(), change, tolerance, "eta^2 (U^T E E^T U - V^T E^T E V)");
    }

    [Property]
    public void MinimumSharpness_AtAnExactMinimum_IsTheLargestEigenvalue(Seed seed, Size rank)
    {
        var random = seed.Random();
        var (rows, columns) = (random.Next(1, 5), random.Next(1, 5));
        var theta = RandomLandscapes.Vector(random, (rows + columns) * rank.Value, 1);
        var (u, v) = new MatrixFactorisation(new double[rows, columns], rank.Value).Factors(theta);
        var network = new MatrixFactorisation((u * v.Transpose()).ToArray(), rank.Value);
        var expected = Math.Pow(u.L2Norm(), 2) + Math.Pow(v.L2Norm(), 2);
        Near.Equal(expected, network.MinimumSharpness(theta), 4 * Near.Roundoff * expected, "|U|^2 + |V|^2");
        // P <= 64: an eigensolver's P roundings of |H| = S, entries of r and 4 terms, and an error E of r u.
        Near.Equal(expected, network.Eigenvalues(theta)[0], 4 * 64 * Near.Roundoff * Math.Max(1, expected), "lambda_1");
    }

    [Property]
    public void Loss_FactorsTurned_IsTheSame(Seed seed, Size rank)
    {
        // (U Q, V Q) with Q orthogonal has the same product.
        var random = seed.Random();
        var network = RandomLandscapes.Factorisation(random, 3, 4, rank.Value);
        var theta = RandomLandscapes.Vector(random, network.Dimension, 1);
        var q = RandomBasis.Orthogonal(rank.Value, random);
        var (u, v) = network.Factors(theta);
        double[] turned = [.. (u * q).ToRowMajorArray(), .. (v * q).ToRowMajorArray()];
        // Q is orthogonal to about r u; 12 entries with errors below r + 2.
        Near.Equal(
            network.Loss(theta),
            network.Loss(turned),
            16 * rank.Value * Near.Roundoff * 12 * Math.Pow(rank.Value + 2, 2),
            "loss"
        );
    }

    [Property]
    public void Gradient_AtTheTruncatedDecomposition_IsZeroAndLossThatOfTheRest(Seed seed, Size size)
    {
        var random = seed.Random();
        var target = Matrix<double>.Build.DenseOfArray(RandomLandscapes.Matrix(random, 4, 3, 2));
        var rank = 1 + (size.Value % 3);
        var network = new MatrixFactorisation(target.ToArray(), rank);
        var svd = target.Svd();
        var root = Matrix<double>.Build.DenseOfDiagonalVector(svd.S.SubVector(0, rank).PointwiseSqrt());
        double[] theta =
        [
            .. (svd.U.SubMatrix(0, 4, 0, rank) * root).ToRowMajorArray(),
            .. (svd.VT.SubMatrix(0, rank, 0, 3).Transpose() * root).ToRowMajorArray(),
        ];
        var gradient = new double[theta.Length];
        network.Gradient(theta, gradient);
        // |M| <= 2 sqrt 12 < 7; the decomposition is good to some 16 u |M|, and E V multiplies two such numbers.
        Near.Equal(new double[theta.Length], gradient, 64 * Near.Roundoff * 49, "gradient");
        Near.Equal(svd.S.Skip(rank).Sum(s => s * s) / 2, network.Loss(theta), 64 * Near.Roundoff * 49, "loss");
    }

    [Fact]
    public void Constructor_BadArguments_AreNamed()
    {
        Assert.Equal(
            "rank",
            Assert.Throws<ArgumentOutOfRangeException>(() => new MatrixFactorisation(new double[1, 1], 0)).ParamName
        );
        Assert.Equal(
            "target",
            Assert.Throws<ArgumentException>(() => new MatrixFactorisation(new double[0, 1], 1)).ParamName
        );
        Assert.Equal(
            "target[1]",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    new MatrixFactorisation(
                        new[,]
                        {
                            { 1, double.NaN },
                        },
                        1
                    )
                )
                .ParamName
        );
        Assert.Equal(
            "rows",
            Assert.Throws<ArgumentOutOfRangeException>(() => MatrixFactorisation.Random(0, 1, 1, 0)).ParamName
        );
        Assert.Equal(
            "theta",
            Assert
                .Throws<ArgumentException>(() => new MatrixFactorisation(new double[1, 1], 1).Imbalance([1]))
                .ParamName
        );
    }

    /// <summary>M, from the gradient at U = e_i, V = 0: row i of -M^T U.</summary>
    private static Matrix<double> Target(MatrixFactorisation network)
    {
        var target = Matrix<double>.Build.Dense(network.Rows, network.Columns);
        double[] theta = new double[network.Dimension],
            gradient = new double[network.Dimension];
        for (var i = 0; i < network.Rows; i++)
        {
            theta[i * network.Rank] = 1;
            network.Gradient(theta, gradient);
            theta[i * network.Rank] = 0;
            for (var j = 0; j < network.Columns; j++)
                target[i, j] = -gradient[(network.Rows + j) * network.Rank];
        }

        return target;
    }
}
