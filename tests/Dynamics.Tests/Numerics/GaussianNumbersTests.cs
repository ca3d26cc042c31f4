using FlatBias.Dynamics.Numerics;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.Distributions;

namespace FlatBias.Dynamics.Tests.Numerics;

public sealed class GaussianNumbersTests
{
    /// <summary>To the last bit, and the generator stands where it stood then.</summary>
    [Property]
    public void Next_InPiecesOfAnySize_IsTheLibrarysArray(int seed, ushort length, byte piece)
    {
        var count = length % 5000;
        Random ours = new(seed),
            theirs = new(seed);
        double[] expected = new double[count],
            values = new double[count];
        Normal.Samples(theirs, expected, 0, 1);
        var numbers = new GaussianNumbers(ours);
        for (var i = 0; i < count; i += piece + 1)
            numbers.Next(values.AsSpan(i, Math.Min(piece + 1, count - i)));
        numbers.End(count);
        Assert.Equal(expected, values);
        Assert.Equal(theirs.Next(), ours.Next());

        GaussianNumbers.Fill(new Random(seed), values);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void GaussianNumbers_NoSource_NamesIt() =>
        Assert.Throws<ArgumentNullException>("random", () => new GaussianNumbers(null!));
}
