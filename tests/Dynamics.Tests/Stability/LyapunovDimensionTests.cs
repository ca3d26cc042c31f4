using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>The dimension of Kaplan and Yorke (9.8): published exponents, ends of its range, and its definition.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class LyapunovDimensionTests
{
    [Theory]
    // Henon's map: 0.41922 and ln 0.3 less that; Lorenz's flow: 0.9056, 0, -14.5723 (Sprott 2003, appendix A).
    [InlineData(new[] { 0.41922, -1.62319 }, 2, 1.25827)]
    [InlineData(new[] { 0.9056, 0, -14.5723 }, 3, 2.06215)]
    [InlineData(new[] { -14.5723, 0, 0.9056 }, 3, 2.06215)]
    [InlineData(new[] { -0.1, -0.2 }, 2, 0)]
    [InlineData(new[] { 0.0, -0.2 }, 2, 1)]
    [InlineData(new[] { 0.5, -0.5 }, 2, 2)]
    [InlineData(new[] { 0.5, 0.5 }, 2, 2)]
    [InlineData(new[] { 0.5, double.NegativeInfinity }, 2, 1)]
    [InlineData(new[] { double.NegativeInfinity }, 1, 0)]
    [InlineData(new[] { 0.5, 0.1 }, 3, double.NaN)]
    [InlineData(new[] { -0.5 }, 3, 0)]
    [InlineData(new[] { 0.5, double.NaN }, 2, double.NaN)]
    public void Of_KnownExponents_IsTheirDimension(double[] exponents, int dimension, double expected)
    {
        var actual = LyapunovDimension.Of(exponents, dimension);
        if (double.IsNaN(expected))
            Assert.True(double.IsNaN(actual));
        else
            Near.Equal(expected, actual, 5e-6, "dimension"); // published decimals
    }

    [Property]
    public void Of_AnyExponents_IsWhereThePolygonOfTheirSumsComesBackToZero(Seed seed, Size size, LogUniform scale)
    {
        var random = seed.Random();
        double[] exponents =
        [
            .. Enumerable
                .Range(0, size.Value)
                .Select(_ => scale.In(1e-12, 1e12) * ((2 * random.NextDouble()) - 1))
                .OrderDescending(),
        ];
        var d = LyapunovDimension.Of(exponents, size.Value);
        Assert.InRange(d, 0, size.Value);
        var whole = Math.Min((int)d, size.Value - 1);
        var polygon = exponents.Take(whole).Sum() + ((d - whole) * exponents[whole]);
        // A sum of at most 8 terms and a quotient.
        if (d > 0 && d < size.Value)
            Near.Equal(0, polygon, 40 * Near.Roundoff * exponents.Max(Math.Abs), "polygon");
        else
            Assert.Equal(d > 0, exponents.Sum() >= 0 && exponents[0] >= 0);
        // Larger exponents do not make it smaller.
        double[] larger = [.. exponents.Select(e => e + (random.NextDouble() * scale.In(1e-12, 1e12)))];
        Assert.True(LyapunovDimension.Of(larger, size.Value) >= d - (40 * Near.Roundoff * size.Value));
        // Fewer say the same, or nothing.
        for (var n = 1; n < size.Value; n++)
            if (LyapunovDimension.Of(exponents.AsSpan(0, n), size.Value) is var part && !double.IsNaN(part))
                Assert.Equal(d, part);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 2)]
    public void Of_NumberOfExponentsOutOfRange_Throws(int count, int dimension) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LyapunovDimension.Of(new double[count], dimension));
}
