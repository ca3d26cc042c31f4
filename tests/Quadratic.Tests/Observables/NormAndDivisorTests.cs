using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Observables;

/// <summary>
/// The sharpness in the norm of the largest component (9.10) against all corners of the cube and closed forms, the
/// norm of the divisor (9.11) against the gradients of the path.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class NormAndDivisorTests
{
    private static readonly string[] InMaxNorm = ["max-norm-sharpness"],
        Divisor = ["divisor-norm"];
    private static readonly OptimiserSpec Sign = OptimiserSpec.Of("sign");

    [Property]
    public void MaxNormSharpness_DiagonalQuadratic_IsTheTrace(
        Seed seed,
        Size n,
        LogUniform sharpness,
        LogUniform distance
    )
    {
        var random = seed.Random();
        var (scale, away) = (sharpness.In(1e-12, 1e12), distance.In(1e-12, 1e12));
        double[] spectrum = [.. Enumerable.Range(0, n.Value).Select(_ => scale * (1 - random.NextDouble()))];
        double[] start = [.. spectrum.Select(_ => away * ((2 * random.NextDouble()) - 1))];
        var (series, _) = Requested.Run(QuadraticBowl.WithSpectrum(spectrum), start, Sign, away / 10, 1, InMaxNorm);
        // Eight products and sums of positive numbers, a rounding each.
        var tolerance = 16 * Near.Roundoff;
        Near.Equal(spectrum.Sum(), series[Columns.MaxNormSharpness][0], tolerance * spectrum.Sum(), "S");
        var sum = spectrum.Zip(start, (s, x) => s * Math.Abs(x)).Sum();
        Near.Equal(sum, series[Columns.GradientSum][0], tolerance * sum, "|g|_1");
    }

    [Property]
    public void MaxNormSharpness_ConvexQuadratic_IsACornerThatNoFlipOfItsStartsBeats(Seed seed, Size n)
    {
        var random = seed.Random();
        double[] spectrum = [.. Enumerable.Range(0, n.Value).Select(_ => 1 - random.NextDouble())],
            start = [.. spectrum.Select(_ => random.NextDouble() - 0.5)];
        var bowl = QuadraticBowl.WithSpectrum(spectrum, seed.Value);
        var (series, path) = Requested.Run(bowl, start, Sign, 1e-3, 1, InMaxNorm);
        double Value(double[] d) => Requested.Form(bowl, path[0], d, d);
        // A convex form is largest over the cube at a corner.
        double[][] corners =
        [
            .. Enumerable
                .Range(0, 1 << n.Value)
                .Select(bits => Enumerable.Range(0, n.Value).Select(i => (bits >> i & 1) == 0 ? 1.0 : -1).ToArray()),
        ];
        var found = series[Columns.MaxNormSharpness][0];
        // Sums of up to 64 products of numbers of about 1.
        const double tolerance = 1e-12;
        Near.Equal(found, corners.Select(Value).MinBy(value => Math.Abs(value - found)), tolerance, "corner");
        double[] gradient = [.. Requested.Gradient(bowl, path[0]).Select(g => Math.Sign(g) + 0.0)];
        Assert.True(found >= Value(gradient) - tolerance);
        Assert.True(found <= corners.Max(Value) + tolerance);
        // Never above the number of (7.9), which the first step leaves with the gradient of the start.
        var (after, _) = Requested.Run(bowl, start, Sign, 1e-300, 1, InMaxNorm);
        Assert.True(
            after[Columns.MaxNormSharpness][1] / after[Columns.GradientSum][1]
                <= after[Columns.EffectiveSharpness][1] * (1 + 1e-9)
        );
    }

    [Fact]
    public void MaxNormSharpness_NoCurvatureUpwards_IsThatOfNoStep()
    {
        var (series, _) = Requested.Run(QuadraticBowl.WithSpectrum([-2, -1]), [1, 1], Sign, 0.1, 1, InMaxNorm);
        Assert.Equal([0, 0], series[Columns.MaxNormSharpness]);
    }

    [Property]
    public void DivisorNorm_NoEpsilon_IsTheAverageOfTheSquaredGradients(
        Seed seed,
        Size n,
        LogUniform sharpness,
        LogUniform distance,
        Real decay
    )
    {
        var random = seed.Random();
        var (scale, away, b2) = (sharpness.In(1e-12, 1e12), distance.In(1e-12, 1e12), decay.In(0.1, 0.999));
        double[] spectrum = [.. Enumerable.Range(0, n.Value).Select(_ => scale * (1 - random.NextDouble()))];
        double[] start = [.. spectrum.Select(_ => away * ((2 * random.NextDouble()) - 1))];
        foreach (var corrected in new[] { false, true })
        {
            var rule = OptimiserSpec
                .Of("adam")
                .With("second-decay", b2)
                .With("epsilon", 0)
                .With("bias-correction", corrected ? Parameter.On : Parameter.Off);
            var (series, _) = Requested.Run(QuadraticBowl.WithSpectrum(spectrum), start, rule, away / 100, 20, Divisor);
            Assert.True(double.IsNaN(series[Columns.DivisorNorm][0]));
            var square = 0.0;
            for (var t = 1; t <= 20; t++)
            {
                var gradient = series[Columns.GradientNorm][t - 1];
                square = (b2 * square) + ((1 - b2) * gradient * gradient);
                var expected = Math.Sqrt(square / (corrected ? 1 - Math.Pow(b2, t) : 1));
                // Each step rounds the root of each component a few times; P is rebuilt from its power of minus a half.
                Near.Equal(
                    expected,
                    series[Columns.DivisorNorm][t],
                    (40 + (8 * t)) * Near.Roundoff * expected,
                    $"step {t}"
                );
            }
        }
    }

    [Fact]
    public void DivisorNorm_SignDescent_IsTheGradientOfTheLastStep()
    {
        var (series, _) = Requested.Run(QuadraticBowl.WithSpectrum([2, 1, 0.5]), [1, -2, 3], Sign, 0.1, 10, Divisor);
        for (var t = 1; t <= 10; t++)
            Near.Equal(
                series[Columns.GradientNorm][t - 1],
                series[Columns.DivisorNorm][t],
                20 * Near.Roundoff * series[Columns.GradientNorm][t - 1],
                $"step {t}"
            );
    }

    [Fact]
    public void DivisorNorm_RuleWithoutADivisor_IsRefusedBeforeAnyStep() =>
        Assert.Equal(
            "observables has divisor-norm, which needs an update rule that divides, such as adam or sign.",
            Assert
                .Throws<ArgumentException>(() =>
                    Requested.Run(QuadraticBowl.WithSpectrum([1]), [1], OptimiserSpec.GradientDescent, 0.1, 1, Divisor)
                )
                .Message
        );
}
