using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>The jet held against the surface, on polynomials whose jets are exact or truncated by a known amount.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class ModelTrustTests
{
    [Property]
    public void Measure_PolynomialWithinTheJet_FindsNoError(Seed seed, Size size, Real distance)
    {
        var (trust, jet, rounding) = Instance(seed, size, 4 + (seed.Value % 3), distance.In(0.1, 1));
        Near.Equal(0, trust.Curvature, rounding, "curvature");
        Near.Equal(0, trust.Feedback, rounding * Strength(jet), "feedback");
        Near.Equal(0, trust.Ends, rounding, "curvature at the ends");
    }

    [Property]
    public void Measure_QuarticBeyondTheJet_FindsTheTermThatWasLeftOut(Seed seed, Size size, Real distance)
    {
        var s = distance.In(0.1, 1);
        var (trust, jet, rounding) = Instance(seed, size, 2 + (seed.Value % 2), s);
        var whole = Instance(seed, size, 4, s).Jet;
        // D^2 L[v^2] at the ends averages to m_2 + m_4 s^2 / 3!, of which jets of order 2 and 3 know m_2 alone. The push has no term beyond theirs: D^5 L = 0.
        Near.Equal(Math.Abs(whole.Moments[3] * s * s / 6 / jet.Sharpness), trust.Curvature, rounding, "curvature");
        // At the ends it is m_2 +- m_3 s + m_4 s^2 / 2; of the two signs one adds up.
        var missed = (jet.Order == 2 ? Math.Abs(whole.Moments[2] * s) : 0) + Math.Abs(whole.Moments[3] * s * s / 2);
        Near.Equal(missed / Math.Abs(jet.Sharpness), trust.Ends, rounding, "curvature at the ends");
        Near.Equal(0, trust.Feedback, rounding * Strength(jet), "feedback");
    }

    [Theory]
    [InlineData(0.1, 0.05, 0, 0.1, true)]
    [InlineData(0.05, 0.11, 0, 0.11, false)]
    [InlineData(0.05, 0.01, 0.2, 0.2, false)]
    [InlineData(double.NaN, 0, 0, double.PositiveInfinity, false)]
    [InlineData(0, 0, double.NaN, double.PositiveInfinity, false)]
    [InlineData(0, double.PositiveInfinity, 0, double.PositiveInfinity, false)]
    public void Holds_ThreeErrors_GoesByTheLargest(
        double curvature,
        double feedback,
        double ends,
        double error,
        bool holds
    )
    {
        var trust = new ModelTrust(1, curvature, feedback, ends);
        Assert.Equal(error, trust.Error);
        Assert.Equal(holds, trust.Holds);
    }

    [Fact]
    public void Measure_ForecastThatDiverged_RefusesWithoutMeasuring()
    {
        var surface = QuarticSurface.Random(new Random(1), [2, 1], 1, 1);
        using var point = surface.At([0.1, 0.2]);
        var jet = Jet.Along(surface, point, [1, 0], 4);
        var before = surface.Cost.GradientEquivalents;
        Assert.False(ModelTrust.Measure(surface, [0.1, 0.2], point, [1, 0], jet, double.PositiveInfinity).Holds);
        Assert.False(ModelTrust.Measure(surface, [0.1, 0.2], point, [1, 0], jet, double.NaN).Holds);
        Assert.Equal(before, surface.Cost.GradientEquivalents);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            ModelTrust.Measure(surface, [0.1, 0.2], point, [1, 0], jet, 0)
        );
    }

    [Fact]
    public void Measure_Quadratic_HoldsWithNothingToPush()
    {
        var surface = QuarticSurface.Random(new Random(1), [2, 1], 0, 0);
        using var point = surface.At([0.1, 0.2]);
        var trust = ModelTrust.Measure(surface, [0.1, 0.2], point, [1, 0], Jet.Along(surface, point, [1, 0], 4), 1);
        Assert.Equal(0, trust.Feedback);
        Near.Equal(0, trust.Curvature, 1e-14, "curvature: roundings of a handful of terms of order 1");
    }

    /// <summary>|n| (|g_+| + |g_-| + 2 |g|) over the push is at most this times what it is for the curvature: |grad m_2| / (G_22 s^2 / 2) against 1 / (S s), with s at least 0.1 and S about 2.</summary>
    private static double Strength(Jet jet) => 1 + (40 * Math.Abs(jet.Sharpness) / Math.Sqrt(jet.Gram[1, 1]));

    /// <summary>A random quartic with curvature about 2 along a coordinate that is made its unstable one, off the floor. The rounding is that of four gradients of n^3 terms, none of which, nor their sum over n components, is above 8 n^2, over S s.</summary>
    private static (ModelTrust Trust, Jet Jet, double Rounding) Instance(
        Seed seed,
        Size size,
        int order,
        double distance
    )
    {
        var random = seed.Random();
        var n = size.Value + 1;
        var surface = QuarticSurface.Random(
            random,
            [2, .. Enumerable.Range(0, n - 1).Select(_ => 0.1 + random.NextDouble())],
            0.3,
            0.3
        );
        double[] theta = [.. Enumerable.Range(0, n).Select(_ => 0.2 * ((2 * random.NextDouble()) - 1))];
        var v = SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0];
        using var point = surface.At(theta);
        var jet = Jet.Along(surface, point, v, order);
        return (
            ModelTrust.Measure(surface, theta, point, v, jet, distance),
            jet,
            64.0 * n * n * n * Near.Roundoff * 8 * n * n / (Math.Abs(jet.Sharpness) * distance)
        );
    }
}
