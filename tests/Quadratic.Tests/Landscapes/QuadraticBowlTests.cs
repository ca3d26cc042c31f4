using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The null model of section 2.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class QuadraticBowlTests
{
    [Property]
    public void Descent_AnyQuadratic_IsTheExactPower(Seed seed, Size size, Real step)
    {
        var random = seed.Random();
        var bowl = QuadraticBowl.WithSpectrum(
            RandomLandscapes.Positive(random, size.Value),
            random.Next(),
            RandomLandscapes.Vector(random, size.Value, 1)
        );
        var start = RandomLandscapes.Vector(random, size.Value, 1);
        var stepSize = step.In(0.01, 2.2) / bowl.Sharpness;
        const int steps = 40;
        double[] theta = [.. start];
        DescentLoop.Run(bowl, new GradientDescent<double[]>(bowl.Space), stepSize, new DescentLimits(steps), theta, []);
        // Each step commits an error of about n u |theta|, carried on by factors of at most 1.2 a step: 1.2^40 ~ 1.5e3.
        Near.Equal(
            bowl.Exact(start, stepSize, steps),
            theta,
            1.5e3 * steps * 8 * size.Value * Near.Roundoff * 4,
            "theta_40"
        );
    }

    [Property]
    public void Descent_PastTheThreshold_DivergesAndBelowItConverges(Seed seed, Size size, Real margin)
    {
        var random = seed.Random();
        var bowl = QuadraticBowl.WithSpectrum(RandomLandscapes.Positive(random, size.Value), random.Next());
        var theta = RandomLandscapes.Vector(random, size.Value, 1);
        if (Math.Abs(margin.Value) < 1e-2)
            return;
        var stepSize = (2 + (0.5 * margin.Value)) / bowl.Sharpness;
        // |1 - eta lambda| differs from 1 by at least 5e-3, so 2e4 steps change the leading component by e^100; the others only decay.
        // Convergence asks for |g| below 1e-9, divergence for a loss above 1e12: both are reached from a start of order 1 with a component along v_1 above 1e-20.
        var result = DescentLoop.Run(
            bowl,
            new GradientDescent<double[]>(bowl.Space),
            stepSize,
            new DescentLimits(200_000, 1e-9),
            theta,
            []
        );
        Assert.Equal(margin.Value > 0 ? StopReason.Diverged : StopReason.Converged, result.Reason);
    }

    [Property(MaxTest = 300)]
    public void Measurement_AnyQuadratic_ReportsNoRotationAndNoHigherMoments(Seed seed, Size size, Real step)
    {
        var random = seed.Random();
        var n = size.Value;
        var bowl = QuadraticBowl.WithSpectrum(RandomLandscapes.Vector(random, n, 3), random.Next());
        var theta = RandomLandscapes.Vector(random, n, 1);
        var stepSize = step.In(0.01, 2.5) / Near.Scale(bowl.Eigenvalues(theta));
        var probe = new CurvatureProbeOptions(n, new LanczosOptions(1e-10), PredictRotation: true, seed.Value);
        var series = Recording
            .Run(bowl, OptimiserSpec.GradientDescent, stepSize, new DescentLimits(12), theta, probe, 1)
            .Series;
        for (var i = 1; i < series.Rows; i++)
        {
            // "Exactly zero" is a statement about what is reported: a rotation below its noise floor is none.
            for (var k = 1; k <= n; k++)
                Assert.Equal(0, series[$"rotation_{k}"][i]);
            Assert.Equal(0, series["m3"][i]);
            Assert.Equal(0, series["m4"][i]);
            Assert.Equal(0, series["predicted_rotation_1"][i]);
        }
    }

    [Fact]
    public void Constructor_MatrixNotSymmetric_NamesTheEntry()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new QuadraticBowl(
                new double[,]
                {
                    { 1, 2 },
                    { 3, 4 },
                },
                [0, 0]
            )
        );
        Assert.Contains("[1, 0] is 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NotFinite_NamesTheValue()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => QuadraticBowl.WithSpectrum([1, double.NaN]));
        Assert.Contains("NaN", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-170)]
    [InlineData(1e-100)]
    [InlineData(1)]
    [InlineData(1e154)]
    [InlineData(1e170)]
    [InlineData(1e300)]
    public void Run_SpectrumAtAnyScale_MeasuresItsGradientAndSharpness(double scale)
    {
        foreach (var seed in (int?[])[null, 1])
        {
            var bowl = QuadraticBowl.WithSpectrum([2 * scale, scale], seed);
            double[] start = [1, 1];
            double[] expected = bowl.Eigenvalues(start);
            // A random basis costs a few roundings of the entries and of the dense solver.
            Near.Equal([2 * scale, scale], expected, 32 * Near.Roundoff * scale, "dense");
            Near.Equal(2 * scale, bowl.Sharpness, 32 * Near.Roundoff * scale, "own sharpness");
            var result = Recording.Run(
                bowl,
                OptimiserSpec.GradientDescent,
                0.1 / scale,
                new DescentLimits(2),
                start,
                new CurvatureProbeOptions(2, new LanczosOptions(1e-12)),
                1,
                cancellation: TestContext.Current.CancellationToken
            );
            var series = result.Series;
            Assert.Equal(StopReason.StepLimit, result.Reason);
            Near.Equal(2 * scale, series[Columns.Sharpness][0], 64 * Near.Roundoff * scale, "sharpness");
            Near.Equal(scale, series[Columns.Eigenvalue(2)][0], 64 * Near.Roundoff * scale, "second");
            var gradient = new double[2];
            bowl.Gradient([1, 1], gradient);
            Near.Equal(
                scale * Math.Sqrt(Math.Pow(gradient[0] / scale, 2) + Math.Pow(gradient[1] / scale, 2)),
                series[Columns.GradientNorm][0],
                8 * Near.Roundoff * scale,
                "gradient"
            );
            if (seed is null)
                Near.Equal(
                    Math.Sqrt(5) * scale,
                    series[Columns.GradientNorm][0],
                    8 * Near.Roundoff * scale,
                    "gradient in closed form"
                );
            Assert.All(series.Array("rotation_1")[1..], angle => Assert.Equal(0, angle));
        }
    }
}
