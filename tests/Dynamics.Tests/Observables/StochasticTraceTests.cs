using FlatBias.Dynamics.Observables;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>Every stochastic estimator of a trace converges as it says: one helper for all.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 480)]
public class StochasticTraceTests
{
    private const int Few = 400,
        Many = 6_400;

    [Theory]
    [InlineData(ProbeDistribution.Gaussian)]
    [InlineData(ProbeDistribution.Rademacher)]
    public void Hutchinson_MoreProbes_ConvergesAtTheRateOfItsStandardError(ProbeDistribution distribution)
    {
        for (var order = 1; order <= 4; order++)
        {
            var k = order;
            CheckConvergence(
                values => values.Average(x => Math.Pow(x, k)),
                (surface, theta, probes, random) =>
                    SpectralMoments.Hutchinson(surface, theta, probes, random, distribution)[k - 1]
            );
        }
    }

    [Fact]
    public void StochasticLanczosQuadrature_MoreProbes_ConvergesAtTheRateOfItsStandardError()
    {
        CheckConvergence(
            values => values.Average(x => Math.Pow(x, 5)),
            (surface, theta, probes, random) =>
                StochasticLanczosQuadrature.Measure(surface, theta, probes, 3, random).Moment(5)
        );
        // At full depth the quadrature is exact for any function.
        CheckConvergence(
            values => values.Average(Math.Exp),
            (surface, theta, probes, random) =>
                StochasticLanczosQuadrature.Measure(surface, theta, probes, 8, random).Mean(Math.Exp)
        );
        CheckConvergence(
            values => values.Average(x => Bell(0.7 - x, 0.5)),
            (surface, theta, probes, random) =>
                StochasticLanczosQuadrature.Measure(surface, theta, probes, 5, random).Density([0.7], 0.5)[0]
        );
    }

    [Property]
    public void StochasticLanczosQuadrature_AnySurface_IsNormalisedAndExactForOneProbePerDimension(
        Seed seed,
        Size size,
        Size depth
    )
    {
        var random = seed.Random();
        var n = 1 + (size.Value % 5);
        var (surface, theta) = (Draw.Surface(random, n), Draw.Vector(random, n, 0.5));
        var quadrature = StochasticLanczosQuadrature.Measure(surface, theta, 3, depth.Value, seed.Random());
        // Weights are the squares of a unit row of the small eigenvector matrix, 8 n u; a first moment is q . H q up to rounding of |H| <= sum of values.
        Near.Equal(
            1,
            quadrature.Moment(1).Value - quadrature.Mean(x => x - 1).Value,
            64 * n * Near.Roundoff,
            "total weight"
        );
        var matrix = surface.Hessian(theta);
        var replay = seed.Random();
        var mean = 0.0;
        for (var i = 0; i < 3; i++)
        {
            var q = surface.Space.Create();
            surface.Space.FillGaussian(q, replay);
            mean += SymmetricMatrices.Dot(q, SymmetricMatrices.Times(matrix, q)) / SymmetricMatrices.Dot(q, q) / 3;
        }

        Near.Equal(
            mean,
            quadrature.Moment(1).Value,
            64 * n * Near.Roundoff * SymmetricMatrices.Eigen(matrix).Values.Max(Math.Abs),
            "first moment"
        );
    }

    [Fact]
    public void StochasticLanczosQuadrature_Density_IntegratesToOne()
    {
        var random = new Random(4);
        var quadrature = StochasticLanczosQuadrature.Measure(
            Draw.Surface(random, 4),
            Draw.Vector(random, 4, 0.5),
            10,
            4,
            random
        );
        double[] grid = [.. Enumerable.Range(-4000, 8001).Select(i => i * 0.01)];
        // The trapezoidal rule on a Gaussian of width 0.2 at spacing 0.01 errs by exp(-2 (pi 20)^2): nothing; sums of 8,001 terms by as many roundings.
        Near.Equal(1, 0.01 * quadrature.Density(grid, 0.2).Sum(e => e.Value), 8001 * Near.Roundoff, "integral");
    }

    [Fact]
    public void Members_OutOfRange_NameTheRange()
    {
        var surface = Draw.Surface(new Random(1), 2);
        Assert.Contains(
            "probes is 0",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    StochasticLanczosQuadrature.Measure(surface, [0, 0], 0, 1, new Random(1))
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "depth is 0",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    StochasticLanczosQuadrature.Measure(surface, [0, 0], 1, 0, new Random(1))
                )
                .Message,
            StringComparison.Ordinal
        );
        var quadrature = StochasticLanczosQuadrature.Measure(surface, [0, 0], 1, 2, new Random(1));
        Assert.Equal(double.NaN, quadrature.Moment(1).StandardError);
        Assert.Throws<ArgumentOutOfRangeException>(() => quadrature.Moment(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => quadrature.Density([0], 0));
    }

    /// <summary>
    /// Within five standard errors of the truth at both counts (6e-7 by chance for a normal mean, and the seeds are fixed), and a standard error that falls by sqrt(Many / Few) = 4: a sample deviation from n probes has a relative error of
    /// sqrt((kurtosis - 1) / (4 n)), below 0.13 at n = 400 for a kurtosis up to 30 (products of four Gaussian factors have less here), so five of them are 0.65.
    /// </summary>
    private static void CheckConvergence(
        Func<double[], double> exact,
        Func<QuarticSurface, double[], int, Random, Estimate> estimate
    )
    {
        var random = new Random(11);
        var surface = Draw.Surface(random, 5);
        var theta = Draw.Vector(random, 5, 0.5);
        var truth = exact(SymmetricMatrices.Eigen(surface.Hessian(theta)).Values);
        var few = estimate(surface, theta, Few, new Random(1));
        var many = estimate(surface, theta, Many, new Random(2));
        Near.Equal(truth, few.Value, 5 * few.StandardError, "few probes");
        Near.Equal(truth, many.Value, 5 * many.StandardError, "many probes");
        Near.Equal(
            Math.Sqrt((double)Many / Few),
            few.StandardError / many.StandardError,
            0.65 * Math.Sqrt((double)Many / Few),
            "ratio of the standard errors"
        );
    }

    private static double Bell(double x, double width) =>
        Math.Exp(-Math.Pow(x / width, 2) / 2) / (width * Math.Sqrt(2 * Math.PI));
}
