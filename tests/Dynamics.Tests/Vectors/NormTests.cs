using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Vectors;

/// <summary>Norms whose squares are no float64 numbers, eq. (10.1).</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class NormTests
{
    [Property]
    public void Norm_VectorTimesAPowerOfTwo_IsThePowerTimesTheNorm(Seed seed, Size size, Real exponent)
    {
        var random = seed.Random();
        var n = random.Next(1, 1 + (8 * size.Value));
        var space = new DenseSpace(n);
        var x = Draw.Vector(random, n);
        // From 1e-301 to 1e301: no component of the scaled vector that counts is subnormal, no norm overflows.
        var power = (int)exponent.In(-1000, 1000);
        double[] scaled = [.. x.Select(c => Math.ScaleB(c, power))];
        // The sums associate differently, n roundings each, halved by the root, and two for the root and the scaling.
        Near.Equal(
            space.Norm(x),
            Math.ScaleB(space.Norm(scaled), -power),
            (n + 4) * Near.Roundoff * space.Norm(x),
            "norm"
        );
        var length = space.Normalize(scaled);
        Near.Equal(space.Norm(x), Math.ScaleB(length, -power), (n + 4) * Near.Roundoff * space.Norm(x), "old norm");
        Near.Equal(1, space.Norm(scaled), (n + 8) * Near.Roundoff, "new norm");
    }

    [Theory]
    [InlineData(3e-200, 4e-200, 5e-200)]
    [InlineData(3e200, 4e200, 5e200)]
    [InlineData(3e-323, 4e-323, 4.9e-323)] // 6, 8 and 10 units of the smallest number
    [InlineData(1e-162, 1, 1)]
    [InlineData(1e308, 1e308, 1.4142135623730951e308)]
    [InlineData(1.5e308, 1.5e308, double.PositiveInfinity)] // 2.1e308 is no float64 number
    [InlineData(double.NegativeInfinity, 1, double.PositiveInfinity)]
    [InlineData(double.NaN, 1e300, double.NaN)]
    [InlineData(0, 0, 0)]
    public void Norm_TwoComponents_IsTheHypotenuse(double a, double b, double expected)
    {
        var norm = new DenseSpace(2).Norm([a, b]);
        // Two squares, a sum and a root.
        if (double.IsNaN(expected))
            Assert.Equal(double.NaN, norm);
        else
            Near.Equal(expected, norm, 2 * Near.Roundoff * expected, "norm");
    }

    [Fact]
    public void Normalize_SubnormalVector_HasLengthOne()
    {
        double[] x = [double.Epsilon, 0];
        Assert.Equal(double.Epsilon, new DenseSpace(2).Normalize(x));
        Assert.Equal([1, 0], x);
    }

    [Property]
    public void Estimate_SamplesTimesAPowerOfTwo_ScalesWithThem(Seed seed, Size size, Real exponent)
    {
        var samples = Draw.Vector(seed.Random(), size.Value + 1);
        var power = (int)exponent.In(-1000, 1000);
        var (plain, scaled) = (Estimate.Of(samples), Estimate.Of([.. samples.Select(x => Math.ScaleB(x, power))]));
        Assert.Equal(plain.Value, Math.ScaleB(scaled.Value, -power));
        // As for the norm.
        Near.Equal(
            plain.StandardError,
            Math.ScaleB(scaled.StandardError, -power),
            (size.Value + 8) * Near.Roundoff * plain.StandardError,
            "standard error"
        );
    }
}
