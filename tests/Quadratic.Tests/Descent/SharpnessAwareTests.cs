using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Descent;

/// <summary>Sharpness-aware minimisation, (7.11), against its closed form on a parabola, its definition, and dense eigenvalues.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class SharpnessAwareTests
{
    [Property]
    public void Run_Parabola_EndsOnItsCycleWhichIsAtItsEdge(LogUniform sharpness, LogUniform radius, Real at)
    {
        // (7.11): swings contract by |1 - eta S|, at most 0.9 here: 0.9^400 is 5e-19 of the start, twice the cycle or so.
        var a = 1 + (0.9 * at.Value);
        var stepSize = a / sharpness.Value;
        var bowl = QuadraticBowl.WithSpectrum([sharpness.Value]);
        var spec = OptimiserSpec.Of("gd").With("sam-radius", radius.Value);
        var half = a * radius.Value / (2 - a);
        double[] theta = [1.7 * half];
        var series = Recording.Run(bowl, spec, stepSize, DescentLimits.AllOf(401), theta, Top, 1).Series;
        // Ten operations a step, whose errors the contraction sums to ten times one.
        const double tolerance = 10 * 10 * Near.Roundoff;
        Near.Equal(half, Math.Abs(theta[0]), tolerance * half * 10, "half of the swing");
        Assert.True(double.IsNaN(series["stability_number"][0]));
        Near.Equal(1, series["stability_number"][^1], 1e-10, "stability number");
    }

    [Property]
    public void Run_AnyQuadratic_StepsByTheGradientUphill(Seed seed, Size size, LogUniform radius)
    {
        var random = seed.Random();
        var n = size.Value;
        var matrix = SymmetricMatrices.WithSpectrum(random, RandomLandscapes.Vector(random, n, 3));
        var bowl = new QuadraticBowl(matrix, new double[n]);
        double[] theta = RandomLandscapes.Vector(random, n, 1),
            expected = [.. theta];
        using var rule = OptimiserSpec.Of("gd").With("sam-radius", radius.Value).Create(bowl.Space);
        for (var t = 0; t < 5; t++)
        {
            var gradient = SymmetricMatrices.Times(matrix, expected);
            var norm = Math.Sqrt(SymmetricMatrices.Dot(gradient, gradient));
            if (norm == 0)
                break;
            double[] uphill = [.. expected.Zip(gradient, (x, g) => x + (radius.Value * g / norm))];
            var there = SymmetricMatrices.Times(matrix, uphill);
            expected = [.. expected.Zip(there, (x, g) => x - (0.01 * g))];
            DescentLoop.Run(bowl, rule, 0.01, DescentLimits.AllOf(1), theta, []);
            // A product with n entries of size 3 sqrt n to either side; the direction of a gradient of size |H| |x| is
            // known to n roundings of |H| |x| over its own size, which the radius multiplies.
            var scale = Near.Scale(uphill) + (radius.Value * Near.Scale(theta) * 3 * n / norm);
            Near.Equal(expected, theta, 60 * n * n * Near.Roundoff * scale, $"step {t}");
            theta.CopyTo(expected, 0);
        }
    }

    [Property]
    public void EffectiveSharpness_AnyQuadraticAndDivisor_IsTheTopOfTheDenseOperator(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = size.Value;
        var matrix = SymmetricMatrices.WithSpectrum(random, RandomLandscapes.Vector(random, n, 3));
        var bowl = new QuadraticBowl(matrix, new double[n]);
        var theta = RandomLandscapes.Vector(random, n, 1);
        foreach (var name in new[] { "gd", "sign" })
        {
            const double radius = 0.3;
            double[] point = [.. theta];
            var spec = OptimiserSpec.Of(name).With("sam-radius", radius);
            var series = Recording.Run(bowl, spec, 1e-3, DescentLimits.AllOf(1), point, Top, 1).Series;
            // The slow twin: P and |g| of the one step that was taken.
            var gradient = SymmetricMatrices.Times(matrix, theta);
            var ascent = radius / Math.Sqrt(SymmetricMatrices.Dot(gradient, gradient));
            double[] uphill = [.. theta.Zip(gradient, (x, g) => x + (ascent * g))];
            double[] divisor = [.. SymmetricMatrices.Times(matrix, uphill).Select(g => name == "gd" ? 1 : Math.Abs(g))];
            var seen = new double[n, n];
            for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
            {
                var square = Enumerable.Range(0, n).Sum(k => matrix[i, k] * matrix[k, j]);
                seen[i, j] = (matrix[i, j] + (ascent * square)) / Math.Sqrt(divisor[i] * divisor[j]);
            }

            var top = SymmetricMatrices.Eigen(seen).Values[0];
            // Lanczos to 1e-10 of the largest eigenvalue in size, whose operator errs by n^2 roundoffs of the sums.
            var largest = SymmetricMatrices.Eigen(seen).Values.Max(Math.Abs);
            Near.Equal(top, series["effective_sharpness"][^1], (1e-9 + (1e3 * n * n * Near.Roundoff)) * largest, name);
        }
    }

    [Property]
    public void Run_Minibatches_TakesBothGradientsOnTheSameBatch(Seed seed)
    {
        var network = DiagonalRegression.Random(12, 4, 0.1, seed.Value);
        double[] start = RandomLandscapes.Vector(seed.Random(), 8, 1),
            theta = [.. start],
            gradient = new double[8],
            uphill = new double[8];
        var plan = new BatchPlan(3, seed.Value);
        using var rule = OptimiserSpec.Of("gd").With("sam-radius", 0.2).Create(network.Space);
        DescentLoop.Run(network, rule, 0.05, DescentLimits.AllOf(6), theta, [], plan.Sampler(12));
        var sampler = plan.Sampler(12);
        for (var t = 0; t < 6; t++)
        {
            network.BatchGradient(start, sampler.At(t), gradient);
            var norm = Math.Sqrt(SymmetricMatrices.Dot(gradient, gradient));
            for (var i = 0; i < 8; i++)
                uphill[i] = start[i] + (0.2 * gradient[i] / norm);
            network.BatchGradient(uphill, sampler.At(t), gradient);
            for (var i = 0; i < 8; i++)
                start[i] -= 0.05 * gradient[i];
        }

        // Six steps of the same operations in another order, on numbers of a few units; another batch would differ in
        // the first digits.
        Near.Equal(start, theta, 1e-10 * Near.Scale(start), "end");
    }

    [Fact]
    public void Run_WithRadius_CostsTwoGradientsAStep()
    {
        var (plain, uphill) = (Cost(0), Cost(0.1));
        Assert.Equal((plain - 1) * 2, uphill - 1);

        static double Cost(double radius)
        {
            var bowl = QuadraticBowl.WithSpectrum([1, 2]);
            using var rule = OptimiserSpec.Of("gd").With("sam-radius", radius).Create(bowl.Space);
            DescentLoop.Run(bowl, rule, 0.1, DescentLimits.AllOf(10), [1.0, 1.0], []);
            return bowl.Cost.Gradients;
        }
    }

    [Fact]
    public void Run_AtAMinimum_StaysThere()
    {
        var bowl = QuadraticBowl.WithSpectrum([1, 2]);
        foreach (var name in OptimiserCatalogue.All.Names)
        {
            using var rule = OptimiserSpec.Of(name).With("sam-radius", 0.1).With("gradient-clip", 1).Create(bowl.Space);
            double[] theta = [0, 0];
            DescentLoop.Run(bowl, rule, 0.1, DescentLimits.AllOf(3), theta, []);
            Assert.Equal([0, 0], theta);
            Assert.Equal(0, rule.Ascent);
        }
    }

    private static CurvatureProbeOptions Top => new(1, new LanczosOptions(1e-10));
}
