using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class BasinsTests
{
    [Property]
    public void Compute_CubicMap_LabelsTheTwoMinimaAndTheEscapeAsKnown(Real rate)
    {
        // Descent in the double well (x^2 - 1)^2 / 4 with eta <= 0.5 is monotone between 0 and the turning points: the sign of x decides as long as |x| < 1.2; y halves.
        var eta = rate.In(0.1, 0.5);
        var basins = Basins.Compute(
            new Wells(eta),
            [0, 0, 0.7],
            new GridAxis(0, -1.2, 1.2, 7),
            new GridAxis(1, -1, 1, 3)
        );
        Assert.Equal(3, basins.Attractors.Count);
        Assert.All(basins.Labels, row => Assert.Equal([0, 0, 0, 1, 2, 2, 2], row));
        Near.Equal([-1, 0, 0], basins.Attractors[0][0], 1e-6, "left");
        Near.Equal([0, 0, 0], basins.Attractors[1][0], 1e-6, "the saddle, from exactly between");
        Near.Equal([1, 0, 0], basins.Attractors[2][0], 1e-6, "right");
    }

    [Fact]
    public void Compute_Henon_TellsPeriodsDivergenceAndChaosApart()
    {
        GridAxis x = new(0, -3, 3, 25),
            y = new(1, -1, 1, 5);
        // a = 0.9: a period of two, multipliers well inside the circle; a = 1.4: chaos, or escape.
        var periodic = Basins.Compute(new Henon(0.9, 0.3), [0, 0], x, y);
        var cycle = Assert.Single(periodic.Attractors);
        Assert.Equal(2, cycle.Length);
        var found = PeriodicOrbits.Find(new TangentMap<Henon>(new Henon(0.9, 0.3)), 2, cycle[0]);
        Near.Equal(found.Points[0], cycle[0], 1e-9, "the cycle that Newton's method finds");
        Assert.Equal(BasinMap.Diverged, periodic.Labels[0][0]);
        Assert.Contains(0, periodic.Labels[2]);
        var chaotic = Basins.Compute(new Henon(1.4, 0.3), [0, 0], x, y);
        Assert.Empty(chaotic.Attractors);
        Assert.Contains(BasinMap.Unsettled, chaotic.Labels[2]);
        Assert.Contains(BasinMap.Diverged, chaotic.Labels[2]);
        Assert.Equal(BasinMap.Unsettled, chaotic.Labels[2][12]);
    }

    [Fact]
    public void Compute_BadArguments_NameThem()
    {
        GridAxis x = new(0, -1, 1, 3),
            y = new(1, -1, 1, 3);
        var map = new Henon(1.4, 0.3);
        Assert.Throws<ArgumentException>(() => Basins.Compute(map, [0], x, y));
        Assert.Throws<ArgumentOutOfRangeException>(() => Basins.Compute(map, [0, double.NaN], x, y));
        Assert.Contains(
            "both run along coordinate 0",
            Assert.Throws<ArgumentException>(() => Basins.Compute(map, [0, 0], x, x)).Message,
            StringComparison.Ordinal
        );
        foreach (
            var bad in (GridAxis[])
                [y with { Coordinate = 2 }, y with { Low = double.NaN }, y with { High = -1 }, y with { Count = 1 }]
        )
            Assert.Throws<ArgumentOutOfRangeException>(() => Basins.Compute(map, [0, 0], x, bad));
        foreach (var bad in (BasinOptions[])[new(0), new(1, 0), new(1, 1, 0), new(1, 1, 1, double.NaN)])
            Assert.Throws<ArgumentOutOfRangeException>(() => Basins.Compute(map, [0, 0], x, y, bad));
    }

    private readonly record struct Wells(double StepSize) : IDiscreteMap
    {
        public int Dimension => 3;

        public void Step(ReadOnlySpan<double> current, Span<double> next)
        {
            next[0] = current[0] - (StepSize * current[0] * ((current[0] * current[0]) - 1));
            (next[1], next[2]) = (current[1] / 2, current[2] / 2);
        }
    }
}
