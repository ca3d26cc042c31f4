using System.Numerics;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Numerics;

/// <summary>Eigenvalues without symmetry, eq. (10.20): matrices whose norm says nothing of them.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class EigenvaluesTests
{
    [Property]
    public void Of_TriangularInAnyOrder_IsTheDiagonalExactly(Seed seed, Size size, LogUniform range)
    {
        var (random, n) = (seed.Random(), size.Value + 2);
        var order = Enumerable.Range(0, n).ToArray();
        random.Shuffle(order);
        double[] diagonal = Draw.Vector(random, n);
        var matrix = Matrix<double>.Build.Dense(n, n);
        for (var i = 0; i < n; i++)
        for (var j = 0; j <= i; j++)
            matrix[order[i], order[j]] = i == j ? diagonal[i] : Draw.Uniform(random, range.In(1e-150, 1e150));
        Assert.Equal(diagonal.Order(), Eigenvalues.Of(matrix).Select(m => m.Real).Order());
    }

    [Property]
    public void Of_BadlyScaled_AreThoseOfTheMatrixBefore(Seed seed, Size size)
    {
        // D^-1 A D with powers of two is exact. The QR algorithm errs by some n u |A| times the conditions, which for
        // these few matrices stay below 1e4.
        var (random, n) = (seed.Random(), size.Value + 1);
        var matrix = Matrix<double>.Build.Dense(n, n, (_, _) => Draw.Uniform(random, 1));
        int[] powers = [.. Enumerable.Range(0, n).Select(_ => random.Next(-490, 490))];
        var scaled = Matrix<double>.Build.Dense(n, n, (i, j) => Math.ScaleB(matrix[i, j], powers[i] - powers[j]));
        if (scaled.Enumerate().Any(x => Math.Abs(x) is < 1e-290 or > 1e305))
            return;
        Complex[] expected = [.. matrix.Evd(Symmetricity.Asymmetric).EigenValues];
        var actual = Eigenvalues.Of(scaled);
        foreach (var m in expected)
            Near.Equal(0, actual.Min(z => Complex.Abs(z - m)), n * n * 1e4 * Near.Roundoff, $"{m}");
    }

    [Property]
    public void Of_TracesOfPowers_AreSumsOfPowers(Seed seed, Size size)
    {
        // Independent of any eigenvalue algorithm, and blind to defects: sums of powers are well conditioned where
        // eigenvalues are not.
        var (random, n) = (seed.Random(), size.Value);
        var matrix = Matrix<double>.Build.Dense(n, n, (_, _) => Draw.Uniform(random, 1) * random.Next(2));
        var (power, norm) = (matrix, matrix.FrobeniusNorm());
        var values = Eigenvalues.Of(matrix);
        for (var k = 1; k <= 3; k++, power *= matrix)
            Near.Equal(
                power.Trace(),
                values.Aggregate(Complex.Zero, (sum, m) => sum + Complex.Pow(m, k)).Real,
                100 * n * Near.Roundoff * Math.Pow(norm + 1, k),
                $"trace of power {k}"
            );
    }

    [Fact]
    public void Of_SpecialMatrices_AreKnown()
    {
        // A Jordan block as it stands; the same turned round, whose pair of equal values no algorithm knows better than
        // to the root of a rounding.
        Assert.Equal(
            [0.9, 0.9, 0.9],
            Of(
                    new double[,]
                    {
                        { 0.9, 1, 0 },
                        { 0, 0.9, 1 },
                        { 0, 0, 0.9 },
                    }
                )
                .Select(m => m.Real)
        );
        Assert.All(
            Of(
                new double[,]
                {
                    { 1.4, 0.5 },
                    { -0.5, 0.4 },
                }
            ),
            m => Near.Equal(0, Complex.Abs(m - 0.9), 4 * Math.Sqrt(2 * Near.Roundoff), "defective")
        );
        // A turn by a right angle with units 1e150 apart, and a cycle of five, whose eigenvalues are the fifth roots of
        // 1 and whose QR steps need a shift.
        var turn = Of(
            new double[,]
            {
                { 0, -1e150 },
                { 1e-150, 0 },
            }
        );
        Assert.All(turn, m => Near.Equal(1, Math.Abs(m.Imaginary), 4 * Near.Roundoff, "i"));
        var cycle = new double[5, 5];
        for (var i = 0; i < 5; i++)
            cycle[i, (i + 1) % 5] = 1;
        Assert.All(
            Of(cycle),
            m => Near.Equal(0, Complex.Abs(Complex.Pow(m, 5) - 1), 200 * Near.Roundoff, "fifth root")
        );
        Assert.Equal(
            [-7],
            Of(
                new double[,]
                {
                    { -7 },
                }
            )
        );
        Assert.Equal([0, 0], Of(new double[2, 2]));
        Assert.All(
            Of(
                new double[,]
                {
                    { 1, double.NaN },
                    { 0, 1 },
                }
            ),
            m => Assert.True(double.IsNaN(m.Real))
        );
        Assert.All(
            Of(
                new double[,]
                {
                    { 1, 2 },
                    { double.PositiveInfinity, 1 },
                }
            ),
            m => Assert.True(double.IsNaN(m.Real))
        );
    }

    [Fact]
    public void Stability_TriangularJacobianWithLargeEntries_IsThatOfItsDiagonal()
    {
        var random = new Random(1);
        var matrix = new double[10, 10];
        for (var i = 0; i < 10; i++)
        for (var j = 0; j <= i; j++)
            matrix[i, j] = i == j ? (i - 5) / 10.0 : 99 - (198 * random.Next(2));
        var orbit = PeriodicOrbits.Find(
            new TangentMap<AffineMap>(new AffineMap(matrix, new double[10])),
            1,
            new double[10]
        );
        Assert.Equal(OrbitStability.Stable, orbit.Stability);
        Assert.Equal(0.5, Complex.Abs(orbit.Multipliers[0]));
    }

    private static Complex[] Of(double[,] matrix) => Eigenvalues.Of(Matrix<double>.Build.DenseOfArray(matrix));
}
