using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>A small step is no arrival, eq. (10.22): approaches of every speed, in every unit of length.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 15)]
public class ArrivalTests
{
    [Property]
    public void Compute_PastAFold_FindsNoAttractor(LogUniform gap, LogUniform unit)
    {
        var basins = Compute(
            new((x, _) => x + (x * x) + gap.In(1e-12, 1e-3), null!),
            0,
            -0.01,
            -0.001,
            unit.In(1e-12, 1e12)
        );
        Assert.Empty(basins.Attractors);
    }

    [Property]
    public void Compute_LogisticMap_HasItsOneAttractor(Real where, LogUniform unit)
    {
        // Multipliers 2 - r of the fixed point and 4 + 2 r - r^2 of the two-cycle: -0.99 and 0.98 near r = 3, which
        // take up to 16,000 steps to 1e-7.
        var (u, close) = (unit.In(1e-12, 1e12), 0.01 + (0.05 * Math.Abs(where.Value)));
        var below = Assert.Single(Compute(Formula.Logistic, 3 - close, 0.1, 0.9, u).Attractors);
        Near.Equal(1 - (1 / (3 - close)), Assert.Single(below)[0] / u, 1e-6, "fixed point");
        var r = 3 + close;
        var above = Assert.Single(Compute(Formula.Logistic, r, 0.1, 0.9, u, 10).Attractors);
        var root = Math.Sqrt((r - 3) * (r + 1));
        Assert.Equal(2, above.Length);
        double[] found = [.. above.Select(x => x[0] / u).Order()];
        Near.Equal([(r + 1 - root) / (2 * r), (r + 1 + root) / (2 * r)], found, 1e-6, "two-cycle");
    }

    [Property]
    public void Compute_AlgebraicApproach_IsUnsettled(LogUniform rate, LogUniform unit)
    {
        // x ~ (2 rate t)^(-1/2): after 16,000 steps still above 1e-3. The start at 0 is there already.
        var basins = Compute(
            new((x, _) => x - (rate.In(0.01, 0.3) * x * x * x), null!),
            0,
            -1,
            1,
            unit.In(1e-12, 1e12)
        );
        Assert.Equal([-2, -2, -2, -2, 0, -2, -2, -2, -2], basins.Labels[0]);
        Assert.All(Compute(Formula.Logistic, 3, 0.1, 0.9).Labels[0], label => Assert.Equal(BasinMap.Unsettled, label));
    }

    [Property]
    public void Compute_SpiralOfAnyShapeAndSpeed_ArrivesOrIsUnsettled(
        Real angle,
        LogUniform stretch,
        LogUniform slowness
    )
    {
        // Moduli from 0.9 to 1 - 1e-6, turned by any angle and stretched up to a hundredfold: what is called the
        // attractor is within the tolerance of 0.
        var map = new Spiral(1 - slowness.In(1e-6, 0.1), angle.In(-3.1, 3.1), stretch.In(1, 100));
        var basins = Basins.Compute(map, [0, 0], new GridAxis(0, -1, 1, 4), new GridAxis(1, -1, 1, 3));
        Assert.True(basins.Attractors.Count <= 1);
        foreach (var point in basins.Attractors)
            Near.Equal([0, 0], Assert.Single(point), 100 * 1e-6, "centre");
        // 16,000 steps shrink by e^-160 at 1e-2, by e^-8 at 5e-4. A coordinate that just passes zero moves further in the
        // second of two passes, and its start may be called unsettled, where the spiral turns more slowly than it
        // shrinks, or up to six times as fast where few passes are left, from e^-48 at 3e-3 on.
        if (slowness.In(1e-6, 0.1) > 1e-2 && Math.Abs(Math.Sin(angle.In(-3.1, 3.1))) > slowness.In(1e-6, 0.1))
            Assert.All(basins.Labels[0], label => Assert.Equal(0, label));
        if (slowness.In(1e-6, 0.1) < 5e-4)
            Assert.All(basins.Labels[0], label => Assert.Equal(BasinMap.Unsettled, label));
    }

    [Fact]
    public void Compute_NoAttractor_IsNeverOne()
    {
        Assert.All(
            Compute(new((x, _) => x + 1, null!), 0, -1, 1).Labels[0],
            label => Assert.Equal(BasinMap.Unsettled, label)
        );
        Assert.All(
            Compute(new((x, _) => x + 1e-9, null!), 0, -1, 1).Labels[0],
            label => Assert.Equal(BasinMap.Unsettled, label)
        );
        Assert.All(
            Compute(new((_, _) => double.NaN, null!), 0, -1, 1).Labels[0],
            label => Assert.Equal(BasinMap.Diverged, label)
        );
        Assert.Equal([-1, -1, -1, -1, 0, -1, -1, -1, -1], Compute(new((x, _) => 2 * x, null!), 0, -1, 1).Labels[0]);
        // Multiplier -0.75 at 0: the smallest numbers change their sign for ever.
        Assert.Equal(
            [0, 0, 0, 0, 0, 0, 0, 0, 0],
            Basins
                .Compute(
                    new PlanarMap(new((x, _) => -0.75 * x, null!), 1, 0),
                    [0, 0],
                    new GridAxis(0, -1, 1, 9),
                    new GridAxis(1, 0, 1, 2),
                    new BasinOptions(5000, 1)
                )
                .Labels[0]
        );
        // The last laminar phase before the window of period 3, and the window itself.
        Assert.Empty(Compute(Formula.Logistic, 1 + Math.Sqrt(8) - 1e-6, 0.11, 0.87).Attractors);
        Assert.Equal(3, Assert.Single(Compute(Formula.Logistic, 3.835, 0.11, 0.87).Attractors).Length);
    }

    [Fact]
    public void Compute_LineOfFixedPoints_TellsItsPointsApartByTheTolerance()
    {
        var basins = Compute(new((x, _) => x, null!), 0, -1, 1);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], basins.Labels[0]);
        Assert.Equal(
            [0, 0, 0, 0, 1, 1, 1, 1, 2],
            Basins
                .Compute(
                    new PlanarMap(new((x, _) => x, null!), 1, 0),
                    [0, 0],
                    new GridAxis(0, -1, 1, 9),
                    new GridAxis(1, 0, 1, 2),
                    new BasinOptions(Tolerance: 0.4)
                )
                .Labels[0]
        );
    }

    private static BasinMap Compute(
        Formula formula,
        double parameter,
        double low,
        double high,
        double unit = 1,
        int effort = 1
    ) =>
        Basins.Compute(
            new PlanarMap(formula, unit, parameter),
            [0, 0],
            new GridAxis(0, low * unit, high * unit, 9),
            new GridAxis(1, 0, 1, 2),
            new BasinOptions(1000 * effort)
        );

    /// <summary>A turn by an angle in stretched coordinates, times a modulus.</summary>
    private readonly record struct Spiral(double Modulus, double Angle, double Stretch) : IDiscreteMap
    {
        public int Dimension => 2;

        public void Step(ReadOnlySpan<double> current, Span<double> next)
        {
            var (sin, cos) = Math.SinCos(Angle);
            next[0] = Modulus * ((cos * current[0]) - (sin * current[1] * Stretch));
            next[1] = Modulus * ((sin * current[0] / Stretch) + (cos * current[1]));
        }
    }
}
