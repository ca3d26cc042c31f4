using FlatBias.Reports.Claims;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.Distributions;

namespace FlatBias.Reports.Tests.Claims;

/// <summary>Intervals by the kind of the quantity: they stay where the quantity can be, and hold its mean as often as they say.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class QuantityKindTests
{
    private const int Samples = 4000;

    private static readonly Dictionary<
        string,
        (QuantityKind Kind, Func<Random, double> Draw, double Middle)
    > Distributions = new()
    {
        // The middle is the mean on the kind's own scale: exactly, for what is symmetric there.
        ["normal"] = (QuantityKind.Difference, r => Normal.Sample(r, 0.3, 1), 0.3),
        ["uniform"] = (QuantityKind.Points, r => ContinuousUniform.Sample(r, -2, 5), 1.5),
        ["lognormal"] = (QuantityKind.Size, r => Math.Exp(Normal.Sample(r, -2, 0.5)), Math.Exp(-2)),
        ["lognormal, wide"] = (QuantityKind.Size, r => Math.Exp(Normal.Sample(r, 3, 2)), Math.Exp(3)),
        ["share"] = (
            QuantityKind.Share,
            r => Math.Pow(Math.Sin(ContinuousUniform.Sample(r, 0.9, 1.3)), 2),
            Math.Pow(Math.Sin(1.1), 2)
        ),
        ["correlation"] = (QuantityKind.Correlation, r => Math.Sin(Normal.Sample(r, -0.6, 0.2)), Math.Sin(-0.6)),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            // The numbers of seeds of the two profiles.
            var cases = new TheoryData<string, int>();
            foreach (var name in Distributions.Keys)
            foreach (var n in new[] { 3, 4, 5, 10, 20 })
                cases.Add(name, n);
            return cases;
        }
    }

    /// <summary>Nominally 95 %; 4,000 draws know a coverage to 0.35 %, and a uniform distribution of three is 1 % off.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_ReplicatesOfADistribution_HoldsItsMiddleAsOftenAsItSays(string name, int n)
    {
        var (kind, draw, middle) = Distributions[name];
        var random = new Random(n);
        var held = Enumerable
            .Range(0, Samples)
            .Count(_ =>
                kind.Of([.. Enumerable.Range(0, n).Select(_ => draw(random))]) is var found
                && found.Low <= middle
                && middle <= found.High
            );
        Assert.InRange(held / (double)Samples, 0.90, 0.97);
    }

    /// <summary>Over shares that are drawn evenly, at the numbers of runs that are counted: exactly, by the binomial weights.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(18)]
    [InlineData(60)]
    public void ShareOf_EvenShares_HoldsThemAsOftenAsItSays(int trials)
    {
        const int shares = 1000;
        var held = Enumerable
            .Range(0, shares)
            .Select(i => (i + 0.5) / shares)
            .Average(p =>
                Enumerable
                    .Range(0, trials + 1)
                    .Where(h => QuantityKind.ShareOf(h, trials) is var found && found.Low <= p && p <= found.High)
                    .Sum(h => Binomial.PMF(p, trials, h))
            );
        Assert.InRange(held, 0.90, 0.97);
    }

    [Property]
    public void Of_AnyReplicates_StaysInTheRangeAndHoldsItsMean(Seed seed, Size size)
    {
        var (random, n) = (seed.Random(), 2 + (size.Value % 20));
        var scale = Math.Pow(10, random.Next(-12, 13));
        foreach (
            var (kind, draw) in new (QuantityKind, Func<double>)[]
            {
                (QuantityKind.Difference, () => scale * (random.NextDouble() - 0.5)),
                (QuantityKind.Points, () => 200 * (random.NextDouble() - 0.5)),
                (QuantityKind.Size, () => scale * Math.Pow(random.NextDouble(), 4)),
                (QuantityKind.Share, () => Math.Round(random.NextDouble(), random.Next(3))),
                (QuantityKind.Correlation, () => Math.Round((2 * random.NextDouble()) - 1, random.Next(3))),
            }
        )
        {
            double[] values = [.. Enumerable.Range(0, n).Select(_ => draw())];
            var found = kind.Of(values);
            Assert.True(found.Low >= kind.Low && found.High <= kind.High);
            Assert.True(found.Low <= found.Value && found.Value <= found.High);
            // The mean lies among the values; a few roundings of the transforms, of the larger end's size.
            var rounding = 1e-12 * values.Max(Math.Abs);
            Assert.InRange(found.Value, values.Min() - rounding, values.Max() + rounding);
        }
    }

    [Fact]
    public void Of_Sizes_IsTheGeometricMeanWithALogarithmicInterval()
    {
        // t at 0.975 with two degrees of freedom, tabled to six digits; the logarithms 0, 1, 2 have a deviation of 1.
        var found = QuantityKind.Size.Of([1, Math.E, Math.E * Math.E]);
        Assert.Equal(Math.E, found.Value, 1e-14);
        Assert.Equal(Math.Exp(1 + (4.302653 / Math.Sqrt(3))), found.High, 1e-4);
        Assert.Equal(Math.Exp(1 - (4.302653 / Math.Sqrt(3))), found.Low, 1e-6);
    }

    [Fact]
    public void Of_ASizeOfZero_IsTheArithmeticMeanCutAtZero() =>
        Assert.Equal((0.5, 0.0), (QuantityKind.Size.Of([0, 1]).Value, QuantityKind.Size.Of([0, 1]).Low));

    [Fact]
    public void Of_OneValueOrNoNumber_HasNoEnds()
    {
        Assert.Equal((2, double.NaN), (QuantityKind.Size.Of([2]).Value, QuantityKind.Size.Of([2]).Low));
        Assert.Equal(double.NaN, QuantityKind.Difference.Of([1, double.NaN]).Value);
    }
}
