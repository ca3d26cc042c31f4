using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>No result depends on the unit of the state or of the parameter.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class ScaleTests
{
    private static readonly (Formula Formula, double X, double Parameter, ContinuationOptions Options)[] Branches =
    [
        (Formula.Logistic, 0.5, 2, new(1.5, 3.9, 0.01, 0.1)),
        (Formula.Logistic, 0, -1.57, new(-2, 2, 0.01, 0.11)),
        (Formula.Transcritical, -0.5, -0.5, new(-1, 0.9, 0.07, 0.07)),
        (Formula.Pitchfork, 0, -0.5, new(-1, 0.9, 0.07, 0.07)),
        (Formula.Pitchfork, 0.7, 0.49, new(-1, 0.9, -0.07, 0.07)),
        (Formula.Fold, 0.7, 0.49, new(-1, 0.9, -0.07, 0.07)),
    ];

    [Property]
    public void Follow_AnyUnits_FindsTheSame(LogUniform length, LogUniform unit)
    {
        var (u, v) = (length.In(1e-12, 1e12), unit.In(1e-12, 1e12));
        foreach (var (formula, x, parameter, options) in Branches)
        {
            var expected = Follow(formula, x, parameter, options, 1, 1);
            var actual = Follow(formula, x, parameter, options, u, v);
            Assert.Equal((expected.End, expected.Bifurcations.Count), (actual.End, actual.Bifurcations.Count));
            foreach (var (a, b) in expected.Bifurcations.Zip(actual.Bifurcations))
            {
                Assert.Equal(a.Kind, b.Kind);
                Near.Equal(a.Parameter, b.Parameter / v, a.Uncertainty + (b.Uncertainty / v), "where");
                // Lengths of steps follow the natural length to 3 %, so that roundings and interpolations differ, but
                // not by much.
                Assert.InRange(b.Uncertainty / v / a.Uncertainty, 1e-3, 1e3);
            }
        }
    }

    [Property]
    public void Switch_AnyUnits_FollowsTheSame(LogUniform length, LogUniform unit)
    {
        var (u, v) = (length.In(1e-12, 1e12), unit.In(1e-12, 1e12));
        var options = Scaled(new(-1, 1.5, 0.07, 0.07), v);
        var point = Assert.Single(Follow(Formula.Pitchfork, 0, -0.5, new(-1, 0.5, 0.07, 0.07), u, v).Bifurcations);
        var side = Continuation.Switch<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Pitchfork, u, v),
            point,
            options
        );
        var flip = Assert.Single(side.Bifurcations);
        Assert.Equal(BifurcationKind.Flip, flip.Kind);
        Near.Equal(1, flip.Parameter / v, flip.Uncertainty / v, "flip of the side branch");
        var cascade = Continuation.Cascade<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Logistic, u, v),
            1,
            [0.6 * u, 0],
            2.5 * v,
            3,
            Scaled(new(2, 4, 0.01, 0.1), v)
        );
        // The third: published as 3.5440903595519.
        Near.Equal(
            [3, 1 + Math.Sqrt(6), 3.5440903595519],
            [.. cascade.Flips.Select(f => f.Parameter / v)],
            1e-12,
            "cascade"
        );
    }

    [Property]
    public void Find_AnyUnit_FindsTheOrbitToRounding(LogUniform length, Real where)
    {
        var (u, r) = (length.In(1e-12, 1e12), where.In(3.05, 3.9));
        var map = new PlanarFamily(Formula.Logistic, u).At(r);
        var cycle = PeriodicOrbits.Find(map, 2, [((r + 1 + Math.Sqrt((r - 3) * (r + 1))) / (2 * r)) * u * 1.001, 0]);
        Assert.Equal((NewtonEnd.Converged, 2), (cycle.End, cycle.MinimalPeriod));
        // Some roundings, over 1 - multiplier of at least 0.2.
        Near.Equal(
            (r + 1) / r,
            (cycle.Points[0][0] + cycle.Points[1][0]) / u,
            200 * Near.Roundoff,
            "sum of the two points"
        );
        var one = PeriodicOrbits.Find(map, 2, [0.9 * u * (1 - (1 / r)) / 0.9, 0]);
        Assert.Equal((NewtonEnd.Converged, 1), (one.End, one.MinimalPeriod));
    }

    [Fact]
    public void Find_NoOrbitButAResidualThatFadesAway_IsNotConverged()
    {
        // x + e^-x > x everywhere; Newton's steps are 1 each, and the residual falls below any tolerance.
        var map = new PlanarFamily(new((x, _) => x + Math.Exp(-x), (x, _) => 1 - Math.Exp(-x))).At(0);
        Assert.False(PeriodicOrbits.Find(map, 1, [0.3, 0]).Converged);
        Assert.False(PeriodicOrbits.Find(map, 1, [30, 0]).Converged);
        // Roots of order two and three are known to the root of a rounding of the guess's size, and are roots.
        Near.Equal(
            0,
            PeriodicOrbits
                .Find(new PlanarFamily(new((x, _) => x + (x * x), (x, _) => 1 + (2 * x))).At(0), 1, [0.3, 0])
                .Points[0][0],
            1e-7,
            "double root"
        );
        Near.Equal(
            0,
            PeriodicOrbits
                .Find(
                    new PlanarFamily(new((x, _) => x + (x * x * x), (x, _) => 1 + (3 * x * x))).At(0),
                    1,
                    [0.3, 0],
                    new(MaximumIterations: 100)
                )
                .Points[0][0],
            2e-5,
            "triple root"
        );
    }

    [Property]
    public void FlipCoefficient_AnyUnit_ScalesWithItsInverseSquare(LogUniform length)
    {
        // c = f''^2 / 4 + f''' / 6: (6)^2 / 4 for the logistic map at 3, -1 for -x - x^3.
        var u = length.In(1e-12, 1e12);
        var logistic = new PlanarFamily(Formula.Logistic, u).At(3);
        Near.Equal(
            9,
            FlipCoefficient.At(logistic, PeriodicOrbits.Find(logistic, 1, [2 * u / 3, 0])) * u * u,
            1e-8 * 36,
            "logistic"
        );
        var cubic = new PlanarFamily(Formula.Pitchfork, u).At(-2);
        Near.Equal(
            -1,
            FlipCoefficient.At(cubic, PeriodicOrbits.Find(cubic, 1, [0, 0])) * u * u,
            1e-8 * 6,
            "cubic at zero"
        );
    }

    [Property]
    public void OrbitDiagram_AnyUnit_DivergesAtTheSameStep(LogUniform length)
    {
        var u = length.In(1e-12, 1e12);
        var options = new OrbitDiagramOptions(300, 4);
        var expected = OrbitDiagram.Compute<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Logistic),
            [3.2, 4.5],
            [0.3, 0],
            options
        );
        var actual = OrbitDiagram.Compute<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Logistic, u),
            [3.2, 4.5],
            [0.3 * u, 0],
            options
        );
        Assert.Equal(expected.Select(c => c.DivergedAt), actual.Select(c => c.DivergedAt));
        Near.Equal(expected[0].Values, [.. actual[0].Values.Select(x => x / u)], 1e-13, "values");
    }

    private static Branch Follow(
        Formula formula,
        double x,
        double parameter,
        ContinuationOptions options,
        double length,
        double unit
    ) =>
        Continuation.Follow<PlanarFamily, TangentMap<PlanarMap>>(
            new(formula, length, unit),
            1,
            [x * length, 0],
            parameter * unit,
            Scaled(options, unit)
        );

    private static ContinuationOptions Scaled(ContinuationOptions options, double unit) =>
        new(options.Lower * unit, options.Upper * unit, options.FirstStep * unit, options.LargestStep * unit);
}
