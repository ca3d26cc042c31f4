using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;
using LogisticMap = FlatBias.Dynamics.Maps.TangentMap<FlatBias.Testing.Logistic>;

namespace FlatBias.Dynamics.Tests.Stability;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class OrbitDiagramTests
{
    [Fact]
    public void Compute_Logistic_ShowsFixedPointCycleAndDivergence()
    {
        var columns = OrbitDiagram.Compute<LogisticFamily, LogisticMap>(
            default,
            [2.8, 3.2, 4.5],
            [0.3],
            new OrbitDiagramOptions(500, 8)
        );
        // The multipliers -0.8 and 0.16 leave 0.8^500 of the start.
        Assert.All(columns[0].Values, x => Near.Equal(1 - (1 / 2.8), x, 1e-13, "fixed point"));
        var root = Math.Sqrt(0.2 * 4.2);
        double[] cycle = [(4.2 - root) / 6.4, (4.2 + root) / 6.4];
        Near.Equal(cycle, [.. columns[1].Values.Take(2).Order()], 1e-13, "two-cycle");
        Assert.Equal(8, columns[1].Values.Length);
        Assert.Empty(columns[2].Values);
        // The orbit of 0.3 at r = 4.5: 0.945, 0.234, 0.806, 0.703, 0.939, 0.257, 0.859, 0.544, 1.116, then outwards and squared each time.
        Assert.InRange(columns[2].DivergedAt!.Value, 10, 16);
        Assert.Null(columns[0].DivergedAt);
    }

    [Property]
    public void Compute_FreshStart_IsIndependentOfTheOrderAndCarryOverGoesOn(Seed seed, Real where)
    {
        var random = seed.Random();
        double[] parameters = [.. Enumerable.Range(0, 5).Select(_ => 2 + (1.9 * random.NextDouble()))];
        double[] start = [where.In(0.1, 0.9)];
        var fresh = OrbitDiagram.Compute<LogisticFamily, LogisticMap>(
            default,
            parameters,
            start,
            new OrbitDiagramOptions(7, 3)
        );
        double[] reversed = [.. parameters.Reverse()];
        var back = OrbitDiagram.Compute<LogisticFamily, LogisticMap>(
            default,
            reversed,
            start,
            new OrbitDiagramOptions(7, 3)
        );
        for (var i = 0; i < 5; i++)
            Assert.Equal(fresh[i].Values, back[4 - i].Values);
        var carried = OrbitDiagram.Compute<LogisticFamily, LogisticMap>(
            default,
            parameters,
            start,
            new OrbitDiagramOptions(7, 3, Start: DiagramStart.CarryOver)
        );
        double[] state = [.. start];
        for (var i = 0; i < 5; i++)
        {
            Orbit.Iterate(new Logistic(parameters[i]), state, new double[1], 10);
            Assert.Equal(state[0], carried[i].Values[^1]);
        }
    }

    [Fact]
    public void Compute_CarryOverPastADivergence_StartsAgain()
    {
        var carried = OrbitDiagram.Compute<LogisticFamily, LogisticMap>(
            default,
            [4.5, 2.5],
            [0.3],
            new OrbitDiagramOptions(200, 2, Start: DiagramStart.CarryOver)
        );
        Assert.NotNull(carried[0].DivergedAt);
        Near.Equal(0.6, carried[1].Values[0], 1e-13, "fixed point");
    }

    [Fact]
    public void Compute_ManySteps_AllocatesNoMore()
    {
        var (shorter, longer) = (new OrbitDiagramOptions(10, 5), new OrbitDiagramOptions(100_000, 5));
        long Allocated(OrbitDiagramOptions options)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            OrbitDiagram.Compute<LogisticFamily, LogisticMap>(default, [3.2, 3.9], [0.3], options);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(longer); // compiles
        Assert.Equal(Allocated(shorter), Allocated(longer));
    }

    [Fact]
    public void Compute_BadArguments_NameThem()
    {
        var good = new OrbitDiagramOptions(1, 1);
        Assert.Contains(
            "parameters is empty",
            Assert.Throws<ArgumentException>(() => Compute([], [0.3], good)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "parameters[1]",
            Assert.Throws<ArgumentOutOfRangeException>(() => Compute([3, double.NaN], [0.3], good)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => Compute([3], [0.3, 0.3], good));
        Assert.Throws<ArgumentOutOfRangeException>(() => Compute([3], [double.NaN], good));
        foreach (
            var bad in (OrbitDiagramOptions[])
                [
                    good with
                    {
                        Transient = -1,
                    },
                    good with
                    {
                        Recorded = 0,
                    },
                    good with
                    {
                        Coordinate = 1,
                    },
                    good with
                    {
                        Escape = 0,
                    },
                ]
        )
            Assert.Throws<ArgumentOutOfRangeException>(() => Compute([3], [0.3], bad));
    }

    private static DiagramColumn[] Compute(double[] parameters, double[] start, OrbitDiagramOptions options) =>
        OrbitDiagram.Compute<LogisticFamily, LogisticMap>(default, parameters, start, options);
}
