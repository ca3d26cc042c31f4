using FlatBias.Dynamics.Numerics;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Numerics;

/// <summary>Eigenpairs of symmetric matrices whose entries are of any size, subnormal ones beside ordinary ones.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 500)]
public class DenseEigenTests
{
    [Property]
    public void Symmetric_EntriesOfAnySize_HasTheTraceOfTheMatrix(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 3);
        var matrix = Matrix<double>.Build.Dense(n, n);
        for (var i = 0; i < n; i++)
        for (var j = 0; j <= i; j++)
            matrix[i, j] = matrix[j, i] = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-330, 300));
        var (values, _) = DenseEigen.Symmetric(matrix);
        // Each eigenvalue is off by a few roundings of the largest entry for each of at most 30 n sweeps of the
        // iteration, and the smallest number where that is subnormal.
        var largest = matrix.Enumerate().Max(Math.Abs);
        var tolerance = (30 * n * n * largest * Roundoff.Unit) + (n * double.Epsilon);
        Assert.InRange(values.Sum() - matrix.Trace(), -tolerance, tolerance);
        Assert.Equal(values.Order(), values);
    }

    [Fact]
    public void Symmetric_SubnormalOffTheDiagonal_IsTheDiagonal() =>
        Assert.Equal(
            [-1.7e-7, 0],
            DenseEigen
                .Symmetric(
                    Matrix<double>.Build.DenseOfArray(
                        new[,]
                        {
                            { 0, 3.56e-318 },
                            { 3.56e-318, -1.7e-7 },
                        }
                    )
                )
                .Values
        );
}
