using FlatBias.NeuralValidation.Data;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.NeuralValidation.Tests.Data;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class StandardisationTests
{
    /// <summary>Scaling by a power of two is exact, and so is all that follows from it as long as no sample becomes subnormal: those lose their last bits.</summary>
    [Property]
    public void Of_ScaledByAPowerOfTwo_HasTheSameBits(Seed seed, Size size, Real exponent)
    {
        double[] samples = Samples(seed.Random(), size.Value + 1);
        var shift = (int)exponent.In(-900, 900);
        double[] scaled = [.. samples.Select(x => Math.ScaleB(x, shift))];

        Assert.Equal(Standardised(samples), Standardised(scaled));
    }

    /// <summary>Against the textbook's two passes in decimal, which holds 28 digits.</summary>
    [Property]
    public void Of_FarFromZero_AgreesWithMoreDigits(Seed seed, Size size, Real offset)
    {
        var n = size.Value + 1;
        double[] samples = [.. Samples(seed.Random(), n).Select(x => x + Math.Pow(10, offset.In(0, 9)))];
        var mean = samples.Sum(Decimal) / n;
        var deviation = Math.Sqrt((double)(samples.Sum(x => (Decimal(x) - mean) * (Decimal(x) - mean)) / n));
        // The decimals are good to 1e-15; the sum and a handful of operations round numbers of at most the range, 6; the deviation's own error counts at most three times, as no standardised sample is above sqrt(n) = 3.
        var error = 4 * (1e-15 + ((n + 8) * 6 * Near.Roundoff)) / deviation;
        var standardised = Standardised(samples);
        for (var i = 0; i < n; i++)
            Near.Equal((double)(Decimal(samples[i]) - mean) / deviation, standardised[i], error, "standardised");

        // Decimals made of doubles keep 15 digits: whole and broken part each have fewer.
        static decimal Decimal(double x) => (decimal)Math.Floor(x) + (decimal)(x - Math.Floor(x));
    }

    [Theory]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    [InlineData(1.7976931348623157e308)]
    [InlineData(5e-324)]
    [InlineData(2.2250738585072014e-308)]
    [InlineData(1)]
    public void Of_PlusAndMinusTheSame_IsPlusAndMinusOne(double x) =>
        Assert.Equal([1, -1, -1, 1], Standardised([x, -x, -x, x]));

    [Theory]
    [InlineData(0.1)]
    [InlineData(0)]
    [InlineData(1e308)]
    [InlineData(-5e-324)]
    [InlineData(1e9 / 3)]
    public void Of_Constant_IsZero(double x)
    {
        // 0.1 + 0.1 + 0.1 over 3 is not 0.1: a mean that rounds made a constant -1.
        Assert.Equal([0, 0, 0], Standardised([x, x, x]));
        Assert.Equal(0, new Standardisation([x, x, x]).Of(x + 1));
    }

    [Fact]
    public void Of_OneSample_IsZero() => Assert.Equal([0], Standardised([3]));

    [Fact]
    public void Of_ThreeEqualAndOneOutlierAtTheEndOfTheNumbers_IsRight()
    {
        // Mean 3/4 of M below the three, deviation M sqrt(3) / 4: -sqrt(3) and 1 / sqrt(3). Four roundings of numbers of order 1.
        var z = Standardised([-double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue]);
        Near.Equal(-Math.Sqrt(3), z[0], 8 * Near.Roundoff, "outlier");
        Near.Equal(1 / Math.Sqrt(3), z[3], 8 * Near.Roundoff, "others");
    }

    [Fact]
    public void Of_BeyondTheNumbers_IsInfinite() =>
        Assert.Equal(double.NegativeInfinity, new Standardisation([1e-300, -1e-300]).Of(-1e300));

    /// <summary>At least 0.1 apart, within 3 of zero.</summary>
    private static double[] Samples(Random random, int n) =>
        [.. Enumerable.Range(0, n).Select(i => (2 * random.NextDouble()) - 1 + (i % 2 == 0 ? -1.05 : 1.05))];

    private static double[] Standardised(double[] samples)
    {
        var standard = new Standardisation(samples);
        return [.. samples.Select(standard.Of)];
    }
}
