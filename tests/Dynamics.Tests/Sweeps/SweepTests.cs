using FlatBias.Dynamics.Sweeps;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Sweeps;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 50)]
public class SweepTests
{
    private static readonly SweepPlan Plan = Sweep
        .Over(Axis.Linear("a", 0, 1, 5))
        .And(Axis.List("rule", "gd", "adam"))
        .Seeds(3, 6);

    [Property]
    public void Run_AnyNumberOfThreads_GivesTheSameRows(Seed seed)
    {
        var tables = new[] { 1, 2, 4 }
            .Select(threads => Plan.Run(point => Value(point, seed.Value), threads))
            .ToArray();
        Assert.Equal(Plan.Count, tables[0].Count);
        foreach (var table in tables)
            Assert.Equal(tables[0], table);

        // Draws from the point's own seed, throws at some points and diverges at others, taking a time of its own at each.
        static double Value(SweepPoint point, int seed)
        {
            var random = new Random((seed ^ (point.Index * 7919)) & int.MaxValue);
            Thread.SpinWait(random.Next(2000));
            return random.Next(5) switch
            {
                0 => throw new InvalidOperationException($"point {point.Index}"),
                1 => double.NaN,
                _ => random.NextDouble() + point["a"],
            };
        }
    }

    [Fact]
    public void PointAt_EveryIndex_RunsThroughAllCombinationsLastAxisFastest()
    {
        var seen = Enumerable
            .Range(0, Plan.Count)
            .Select(i => Plan.PointAt(i))
            .Select(p => (p["a"], p.Text("rule"), p.Seed))
            .ToArray();
        Assert.Equal(40, seen.Distinct().Count());
        Assert.Equal((0, "gd", 3), seen[0]);
        Assert.Equal((0, "gd", 4), seen[1]);
        Assert.Equal((0, "adam", 3), seen[4]);
        Assert.Equal((0.25, "gd", 3), seen[8]);
        Assert.Equal((1, "adam", 6), seen[^1]);
    }

    [Fact]
    public void Run_PointsThatThrowOrDiverge_AreRecordedBesideTheRest()
    {
        var table = Sweep
            .Over(Axis.Whole("n", 0, 3))
            .Run(point =>
                point["n"] switch
                {
                    1 => throw new ArgumentException("no good"),
                    2 => double.PositiveInfinity,
                    var n => n,
                }
            );
        Assert.Equal(
            [SweepStatus.Done, SweepStatus.Failed, SweepStatus.Diverged, SweepStatus.Done],
            table.Select(row => row.Status)
        );
        Assert.Equal("no good", table[1].Error);
        Assert.True(table.IsComplete);
        Assert.Equal([0, double.NaN, double.PositiveInfinity, 3], table.Column(value => value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_Cancelled_KeepsWhatWasMeasured(int threads)
    {
        using var source = new CancellationTokenSource();
        var table = Plan.Run(
            point =>
            {
                // Points beyond the tenth wait for the cancellation, so that none of them can be done.
                if (point.Index < 10)
                    return point.Index;
                point.Cancellation.WaitHandle.WaitOne();
                point.Cancellation.ThrowIfCancellationRequested();
                return 0;
            },
            threads,
            done =>
            {
                if (done == 10)
                    source.Cancel();
            },
            source.Token
        );
        Assert.False(table.IsComplete);
        Assert.Equal(Enumerable.Range(0, 10), table.Take(10).Select(row => row.Value));
        Assert.All(table.Take(10), row => Assert.Equal(SweepStatus.Done, row.Status));
        Assert.All(table.Skip(10), row => Assert.Equal(SweepStatus.NotRun, row.Status));
    }

    [Fact]
    public void Run_Progress_CountsUpOneByOne()
    {
        List<int> seen = [];
        Plan.Run(point => point.Index, 4, seen.Add);
        Assert.Equal(Enumerable.Range(1, Plan.Count), seen);
    }

    [Fact]
    public void And_NameThatIsThere_SaysWhich() =>
        Assert.Contains(
            "two axes named a",
            Assert.Throws<ArgumentException>(() => Plan.And(Axis.List("a", 1.0))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void And_MorePointsThanAnArrayHolds_IsRefused() =>
        Assert.Throws<ArgumentException>(() =>
            Sweep.Over(Axis.Whole("a", 1, 100_000)).And(Axis.Whole("b", 1, 100_000))
        );

    [Fact]
    public void Point_UnknownAxis_ListsThoseThereAre() =>
        Assert.Contains(
            "there are: a, rule, seed",
            Assert.Throws<ArgumentException>(() => Plan.PointAt(0)["b"]).Message,
            StringComparison.Ordinal
        );

    [Property]
    public void Linear_AnyBounds_HoldsThemExactlyInOrder(Real from, Real to, Size count)
    {
        if (from == to)
            return;
        var axis = Axis.Linear("x", from.Value, to.Value, count.Value + 1);
        Assert.Equal((from.Value, to.Value), (axis.Number(0), axis.Number(axis.Count - 1)));
        for (var i = 1; i < axis.Count; i++)
            Assert.Equal(Math.Sign(to.Value - from.Value), Math.Sign(axis.Number(i) - axis.Number(i - 1)));
    }

    [Property]
    public void Log_AnyBounds_HoldsThemExactlyWithOneRatio(LogUniform from, LogUniform to, Size count)
    {
        if (Math.Abs((to.Value / from.Value) - 1) < 1e-3)
            return;
        var axis = Axis.Log("x", from.Value, to.Value, count.Value + 1);
        Assert.Equal((from.Value, to.Value), (axis.Number(0), axis.Number(axis.Count - 1)));
        var ratio = Math.Pow(to.Value / from.Value, 1.0 / count.Value);
        // A power is good to 2 u, its exponent i/n to u times |log(to/from)| <= 14, twice, and two quotients: below 64 u.
        for (var i = 1; i < axis.Count; i++)
            Near.Equal(ratio, axis.Number(i) / axis.Number(i - 1), 64 * Near.Roundoff * ratio, "ratio");
    }

    [Fact]
    public void Text_AnyNumber_ReadsBackAsTheSameBits()
    {
        var axis = Axis.Log("x", 1e-3, 0.7, 50);
        for (var i = 0; i < axis.Count; i++)
            Assert.Equal(axis.Number(i), double.Parse(axis.Text(i), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Axis_WrongArguments_AreNamed()
    {
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Axis.Linear("x", bad, 1, 3));
            Assert.Throws<ArgumentOutOfRangeException>(() => Axis.Log("x", 1, bad, 3));
            Assert.Throws<ArgumentOutOfRangeException>(() => Axis.List("x", bad));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Axis.Log("x", 0, 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Axis.Linear("x", 0, 1, 1));
        Assert.Throws<ArgumentException>(() => Axis.Linear("x", 1, 1, 3));
        Assert.Throws<ArgumentException>(() => Axis.List("x", Array.Empty<double>()));
        Assert.Throws<ArgumentException>(() => Axis.List("x", "a", "a"));
        Assert.Throws<ArgumentException>(() => Axis.List(" ", 1.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Axis.Whole("x", 2, 1));
    }
}
