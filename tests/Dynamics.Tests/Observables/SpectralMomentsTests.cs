using FlatBias.Dynamics.Observables;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>M_k = tr(H^k) / P, eq. (1.4).</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class SpectralMomentsTests
{
    [Property]
    public void Exact_AnyMatrix_IsTheTraceOfItsPowers(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = size.Value;
        var matrix = SymmetricMatrices.WithSpectrum(random, Draw.Vector(random, n, 3));
        var moments = SpectralMoments.Exact(SymmetricMatrices.Eigen(matrix).Values);
        var power = matrix;
        for (var k = 1; k <= 4; k++)
        {
            var trace = Enumerable.Range(0, n).Sum(i => power[i, i]) / n;
            // The dense solver errs by n u |H| per eigenvalue, and the k-th power by k |H|^(k-1) times that; the matrix powers the same.
            Near.Equal(trace, moments[k - 1], 16 * Math.Max(8, n) * k * Near.Roundoff * Math.Pow(3, k), $"M_{k}");
            power = Columns(power, matrix);
        }
    }

    [Property]
    public void Hutchinson_AnySurface_IsThePlainMeanOverTheSameProbes(Seed seed, Size size, Size probeCount)
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 5);
        var probes = probeCount.Value + 1;
        var surface = Draw.Surface(random, n);
        var theta = Draw.Vector(random, n, 0.5);
        var estimates = SpectralMoments.Hutchinson(surface, theta, probes, seed.Random());
        var matrix = surface.Hessian(theta);
        var replay = seed.Random();
        var samples = Enumerable.Range(0, probes).Select(_ => Sample(surface, matrix, replay)).ToArray();
        for (var k = 0; k < 4; k++)
        {
            var mean = samples.Average(s => s[k]);
            var error = Math.Sqrt(samples.Sum(s => Math.Pow(s[k] - mean, 2)) / (probes - 1) / probes);
            // Products and sums of a few n terms; the variance is taken as a difference of sums of squares, whose cancellation leaves sqrt(n u) of the largest sample.
            var largest = samples.Max(s => Math.Abs(s[k]));
            Near.Equal(mean, estimates[k].Value, 64 * n * Near.Roundoff * largest * Math.Pow(2, k), $"M_{k + 1}");
            Near.Equal(
                error,
                estimates[k].StandardError,
                Math.Sqrt(64 * n * probes * Near.Roundoff) * largest,
                $"standard error of M_{k + 1}"
            );
        }
    }

    [Theory]
    [InlineData(1, 4_000)]
    [InlineData(2, 4_000)]
    [InlineData(3, 4_000)]
    [InlineData(4, 100_000)]
    public void Hutchinson_ManyProbes_IsUnbiasedWithinItsStandardErrors(int seed, int probes)
    {
        // Seeds are fixed: a bias of 5 standard errors has probability below 1e-6 by chance, and stands still between runs.
        var random = new Random(seed);
        var surface = Draw.Surface(random, 4);
        var theta = Draw.Vector(random, 4, 0.5);
        var exact = SpectralMoments.Exact(SymmetricMatrices.Eigen(surface.Hessian(theta)).Values);
        var estimates = SpectralMoments.Hutchinson(surface, theta, probes, random);
        for (var k = 0; k < 4; k++)
        {
            Near.Equal(exact[k], estimates[k].Value, 5 * estimates[k].StandardError, $"M_{k + 1}");
            // Var z^T A z = 2 tr A^2 for Gaussian z, here A = H^(k+1) / P; the sample deviation has a relative error of a few / sqrt(probes).
            var powers = SymmetricMatrices.Eigen(surface.Hessian(theta)).Values.Sum(x => Math.Pow(x, 2 * (k + 1)));
            var deviation = Math.Sqrt(2 * powers / 16 / probes);
            Near.Equal(
                1,
                estimates[k].StandardError / deviation,
                10 / Math.Sqrt(probes),
                $"standard error of M_{k + 1}"
            );
        }
    }

    [Fact]
    public void Hutchinson_OneProbe_HasNoStandardError()
    {
        var estimates = SpectralMoments.Hutchinson(Draw.Surface(new Random(1), 2), [0.1, 0.1], 1, new Random(1));
        Assert.All(estimates, estimate => Assert.Equal(double.NaN, estimate.StandardError));
        Assert.All(estimates, estimate => Assert.True(double.IsFinite(estimate.Value)));
    }

    [Fact]
    public void Members_NothingToAverage_NameTheRange()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralMoments.Exact([]));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            SpectralMoments.Hutchinson(Draw.Surface(new Random(1), 2), [0, 0], 0, new Random(1))
        );
        Assert.Contains(
            "probes is 0; it must be a whole number of at least 1",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static double[] Sample(QuarticSurface surface, double[,] matrix, Random random)
    {
        var z = surface.Space.Create();
        surface.Space.FillGaussian(z, random);
        var samples = new double[4];
        var power = z;
        for (var k = 0; k < 4; k++)
        {
            power = SymmetricMatrices.Times(matrix, power);
            samples[k] = SymmetricMatrices.Dot(z, power) / z.Length;
        }

        return samples;
    }

    private static double[,] Columns(double[,] a, double[,] b)
    {
        var n = a.GetLength(0);
        var product = new double[n, n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            product[i, j] = Enumerable.Range(0, n).Sum(k => a[i, k] * b[k, j]);
        return product;
    }
}
