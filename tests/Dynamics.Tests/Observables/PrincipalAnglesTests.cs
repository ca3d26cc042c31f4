using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Observables;

[Properties(Arbitrary = [typeof(Generators)])]
public class PrincipalAnglesTests
{
    [Property]
    public void Between_RandomSubspaces_IsTheArcCosineOfTheSingularValues(Seed seed, Size size, Size dimension)
    {
        var random = seed.Random();
        var k = size.Value;
        var n = k + dimension.Value;
        double[,] a = SymmetricMatrices.Orthogonal(random, n),
            b = SymmetricMatrices.Orthogonal(random, n);
        var angles = Angles(a, b, k);
        var overlap = Matrix<double>.Build.Dense(k, k, (i, j) => Enumerable.Range(0, n).Sum(c => a[i, c] * b[j, c]));
        var cosines = overlap.Svd(false).S;
        for (var i = 0; i < k; i++)
        {
            var twin = Math.Acos(Math.Min(1, cosines[i]));
            // The cosine errs by d = n u, and arccos turns that into d / sin t, at worst sqrt(2 d) where the angle itself is that small.
            var d = 8 * n * Near.Roundoff;
            Near.Equal(
                twin,
                angles[i],
                Math.Min(Math.Sqrt(2 * d), 2 * d / Math.Sin(Math.Max(twin, Near.Roundoff))) + d,
                $"angle {i}"
            );
        }
    }

    [Property]
    public void Between_KnownTinyAndLargeAngles_RecoversEachToRelativePrecision(Seed seed, LogUniform tiny, Real large)
    {
        // b_1 turned by t_1 out of the subspace, b_2 by t_2 into another direction: arccos alone loses everything below 1e-8, and so does a Gram matrix of the sines beside a large angle.
        var q = SymmetricMatrices.Orthogonal(seed.Random(), 6);
        var (first, second) = (tiny.In(1e-9, 1e-3), large.In(0.5, 1.5));
        var turned = Frames.Turned(Frames.Turned(q, 0, 4, first), 1, 5, second);
        var angles = Angles(q, turned, 3);
        // Frames and projections err by a few n u absolutely.
        const double rounding = 16 * 6 * Near.Roundoff;
        Near.Equal([0, first, second], angles, rounding, "angles");
        Near.Equal(1, angles[1] / first, 1e-4, "relative error at 1e-9 and above: 1e-14 / 1e-9 with margin");
    }

    [Property]
    public void Between_SameSubspaceInAnotherBasis_IsZeroToRounding(Seed seed, Size size)
    {
        var random = seed.Random();
        var (k, n) = (size.Value, size.Value + 3);
        var a = SymmetricMatrices.Orthogonal(random, n);
        // Each of the k x n inner products errs by about (n + k) u.
        Assert.All(Angles(a, Mixed(random, a, k), k), t => Near.Equal(0, t, 16 * n * Near.Roundoff, "angle"));
    }

    [Property]
    public void Similarity_AnySubspaces_IsSymmetricInUnitIntervalAndBlindToTheBasis(
        Seed seed,
        Size size,
        Size dimension
    )
    {
        var random = seed.Random();
        var k = size.Value;
        var n = k + dimension.Value - 1;
        double[,] a = SymmetricMatrices.Orthogonal(random, n),
            b = SymmetricMatrices.Orthogonal(random, n);
        var similarity = PrincipalAngles.Similarity(Angles(a, b, k));
        Assert.InRange(similarity, 0, 1);
        // rho has slope at most 1 in the root-mean-square angle, and the angles, each a well-conditioned atan2, err by a few n u; 32 for the mixing, which is a product of k terms more.
        var tolerance = 32 * n * Near.Roundoff;
        Near.Equal(similarity, PrincipalAngles.Similarity(Angles(b, a, k)), tolerance, "symmetry");
        Near.Equal(
            similarity,
            PrincipalAngles.Similarity(Angles(Mixed(random, a, k), Mixed(random, b, k), k)),
            tolerance,
            "basis"
        );
        for (var j = 0; j < n; j++)
            b[0, j] = -b[0, j];
        Near.Equal(similarity, PrincipalAngles.Similarity(Angles(a, b, k)), tolerance, "sign");
    }

    [Property]
    public void Similarity_OneDirection_IsTheAbsoluteCosine(Seed seed, Size size)
    {
        var random = seed.Random();
        double[] a = Draw.Unit(random, size.Value + 1),
            b = Draw.Unit(random, size.Value + 1);
        var (x, y) = (new double[1, a.Length], new double[1, a.Length]);
        for (var j = 0; j < a.Length; j++)
            (x[0, j], y[0, j]) = (a[j], -b[j]);
        Near.Equal(
            Math.Abs(SymmetricMatrices.Dot(a, b)),
            PrincipalAngles.Similarity(Angles(x, y, 1)),
            16 * a.Length * Near.Roundoff,
            "rho_1"
        );
    }

    [Fact]
    public void Similarity_OrthogonalSubspacesOfAnySize_IsNotNegative()
    {
        // The root-mean-square of k right angles can round past pi/2, where the cosine is negative.
        for (var k = 1; k <= 60; k++)
            Assert.InRange(PrincipalAngles.Similarity([.. Enumerable.Repeat(Math.PI / 2, k)]), 0, 1e-15);
    }

    [Fact]
    public void Between_NotANumber_IsNotANumber()
    {
        double[,] good =
            {
                { 1, 0 },
            },
            bad =
            {
                { double.NaN, 0 },
            };
        Assert.Equal(double.NaN, Angles(good, bad, 1)[0]);
        Assert.Equal(double.NaN, PrincipalAngles.Similarity(Angles(good, bad, 1)));
    }

    [Fact]
    public void Between_CountOutsideTheBlocks_NamesTheRange()
    {
        using var block = Frames.Block(
            new double[,]
            {
                { 1, 0 },
            },
            1
        );
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            PrincipalAngles.Between(new DenseSpace(2), block, block, 2)
        );
        Assert.Contains("count is 2; it must be a whole number from 1 to 1", error.Message, StringComparison.Ordinal);
    }

    private static double[] Angles(double[,] a, double[,] b, int k)
    {
        using var first = Frames.Block(a, k);
        using var second = Frames.Block(b, k);
        return PrincipalAngles.Between(new DenseSpace(a.GetLength(1)), first, second, k);
    }

    /// <summary>Another orthonormal basis of the span of the first k rows.</summary>
    private static double[,] Mixed(Random random, double[,] rows, int k)
    {
        var q = SymmetricMatrices.Orthogonal(random, k);
        var mixed = new double[k, rows.GetLength(1)];
        for (var i = 0; i < k; i++)
        for (var j = 0; j < mixed.GetLength(1); j++)
            mixed[i, j] = Enumerable.Range(0, k).Sum(l => q[i, l] * rows[l, j]);
        return mixed;
    }
}
