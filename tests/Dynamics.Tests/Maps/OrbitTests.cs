using FlatBias.Dynamics.Maps;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Maps;

[Properties(Arbitrary = [typeof(Generators)])]
public class OrbitTests
{
    [Property]
    public void Iterate_EvenAndOddCounts_IsThePlainLoopToTheLastBit(Real x, Real y, Size size)
    {
        foreach (var steps in (int[])[size.Value - 1, size.Value, 10 * size.Value])
        {
            double[] state = [x.Value, y.Value / 3];
            var expected = Plain(state, steps)[^1];
            Orbit.Iterate(new Henon(), state, new double[2], steps);
            Assert.Equal(expected, state);
        }
    }

    [Property]
    public void Record_AnyCount_HoldsEveryStateOfThePlainLoop(Real x, Real y, Size size)
    {
        double[] start = [x.Value, y.Value / 3],
            copy = [.. start];
        var steps = size.Value - 1;
        var orbit = Orbit.Record(new Henon(), start, steps);
        Assert.Equal(copy, start);
        Assert.Equal(2, orbit.Length);
        Assert.Equal(Plain(start, steps), orbit[0].Zip(orbit[1], (a, b) => new[] { a, b }));
    }

    [Fact]
    public void Iterate_ManySteps_AllocatesNothing()
    {
        double[] state = [0.1, 0.1],
            scratch = new double[2];
        Orbit.Iterate(new Henon(), state, scratch, 100_001); // as long as the run measured: what the compiler allocates on this thread when it optimises the loop comes first
        var before = GC.GetAllocatedBytesForCurrentThread();
        Orbit.Iterate(new Henon(), state, scratch, 100_001);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Members_WrongLengthOrCount_NameThem()
    {
        Assert.Contains(
            "state has 1 elements; it must have 2",
            Assert.Throws<ArgumentException>(() => Orbit.Iterate(new Henon(), new double[1], new double[2], 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "scratch has 3 elements",
            Assert.Throws<ArgumentException>(() => Orbit.Iterate(new Henon(), new double[2], new double[3], 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "start has 1 elements",
            Assert.Throws<ArgumentException>(() => Orbit.Record(new Henon(), [1], 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => Orbit.Iterate(new Henon(), new double[2], new double[2], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Orbit.Record(new Henon(), [1, 1], -1));
    }

    private static List<double[]> Plain(double[] start, int steps)
    {
        List<double[]> orbit =
        [
            [.. start],
        ];
        for (var t = 0; t < steps; t++)
            orbit.Add([1 - (1.4 * orbit[^1][0] * orbit[^1][0]) + orbit[^1][1], 0.3 * orbit[^1][0]]);
        return orbit;
    }

    /// <summary>Henon's map: chaotic, so a wrong order of the steps cannot go unnoticed.</summary>
    private readonly struct Henon : IDiscreteMap
    {
        public int Dimension => 2;

        public void Step(ReadOnlySpan<double> current, Span<double> next)
        {
            next[0] = 1 - (1.4 * current[0] * current[0]) + current[1];
            next[1] = 0.3 * current[0];
        }
    }
}
