using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Tests.Spectra;

/// <summary>What the solver does with operators that are not numbers, and with bad arguments.</summary>
public class LanczosEdgeCaseTests
{
    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(double.NaN, 5)]
    [InlineData(double.NaN, 100)]
    [InlineData(double.PositiveInfinity, 5)]
    [InlineData(1e308, 5)] // each component is finite, but the norm, 2.2e308, is not
    public void Solve_OperatorNotFinite_ReportsNotANumberWithoutThrowing(double entry, int n)
    {
        var space = new DenseSpace(n);
        using var solver = new LanczosEigensolver<double[]>(space, new LanczosOptions());
        using var frame = new EigenFrame<double[]>(space, Math.Min(3, n));
        solver.Solve((x, y) => Array.Fill(y, entry), space.Create(), new Random(1), frame);
        Assert.All(frame.Values, value => Assert.Equal(double.NaN, value));
        Assert.All(frame.Residuals, residual => Assert.Equal(double.NaN, residual));
        for (var i = 0; i <= frame.Count; i++)
            Assert.All(frame.Vectors[i], component => Assert.Equal(double.NaN, component));
        Assert.Equal(double.NaN, frame.Trailing);
        Assert.Equal(double.NaN, frame.Next);
        Assert.False(frame.Converged);
        Assert.True(frame.PossiblyMissed);
    }

    [Fact]
    public void Solve_StartNotANumber_IsIgnored()
    {
        var space = new DenseSpace(3);
        using var solver = new LanczosEigensolver<double[]>(space, new LanczosOptions());
        using var frame = new EigenFrame<double[]>(space, 1);
        solver.Solve((x, y) => x.CopyTo(y, 0), [double.NaN, 1, 1], new Random(1), frame);
        Assert.Equal(1, frame.Values[0], 1e-15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-3)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Constructor_ToleranceOutsideRange_NamesIt(double tolerance)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new LanczosEigensolver<double[]>(new DenseSpace(2), new LanczosOptions(tolerance))
        );
        Assert.Contains("Tolerance is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("above 0 and below 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_TooFewIterations_NamesTheRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new LanczosEigensolver<double[]>(new DenseSpace(2), new LanczosOptions(MaximumIterations: 1))
        );
        Assert.Contains(
            "MaximumIterations is 1; it must be a whole number of at least 2",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Solve_MorePairsThanIterations_NamesTheRangeBeforeAnyProduct()
    {
        var space = new DenseSpace(10);
        using var solver = new LanczosEigensolver<double[]>(space, new LanczosOptions(MaximumIterations: 3));
        using var frame = new EigenFrame<double[]>(space, 4);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            solver.Solve((_, _) => Assert.Fail("a product was asked for"), space.Create(), new Random(1), frame)
        );
        Assert.Contains("Count is 4; it must be a whole number from 1 to 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void EigenFrame_CountOutsideTheDimension_NamesTheRange(int count)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new EigenFrame<double[]>(new DenseSpace(3), count)
        );
        Assert.Contains(
            $"count is {count}; it must be a whole number from 1 to 3",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Gap_HandMadeFrame_IsTheNearestNeighbourAmongAllThatIsKnown()
    {
        using var frame = new EigenFrame<double[]>(new DenseSpace(5), 3);
        (frame.Values[0], frame.Values[1], frame.Values[2], frame.Next) = (7, 4, 3.5, 3.25);
        Assert.Equal([3, 0.5, 0.25], Enumerable.Range(0, 3).Select(frame.Gap));
        frame.Next = double.NaN;
        Assert.Equal(0.5, frame.Gap(2));
        using var single = new EigenFrame<double[]>(new DenseSpace(1), 1) { Next = double.NaN };
        Assert.Equal(double.PositiveInfinity, single.Gap(0));
    }
}
