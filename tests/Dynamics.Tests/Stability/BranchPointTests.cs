using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>
/// Where branches cross, eqs. (10.24) and (10.25): located, named, and turned off at; and bifurcations on the nodes
/// themselves.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 25)]
public class BranchPointTests
{
    [Property]
    public void Follow_TranscriticalFromEitherBranchAtAnyStep_IsLocatedWithinItsError(
        LogUniform step,
        Real from,
        Real side
    )
    {
        var (start, length) = (from.In(-0.9, -0.1), step.In(0.01, 0.2));
        var x = side.Value > 0 ? start : 0;
        var branch = Follow(Formula.Transcritical, x, start, new(-1, 1, length, length));
        var point = Assert.Single(branch.Bifurcations);
        Assert.Equal(BifurcationKind.Transcritical, point.Kind);
        Near.Equal(0, point.Parameter, point.Uncertainty, "p");
        // A rounding over the thousandth of a step at which nodes still are sharp, and over the slope 0.3 of the
        // multiplier.
        Assert.InRange(point.Uncertainty, Near.Roundoff, 1e-11);
        // The other branch: x = 0 from x = p, x = p from x = 0.
        var other = Continuation.Switch<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Transcritical),
            point,
            new(-1, 1, length, length)
        );
        Assert.Equal(ContinuationEnd.LeftRange, other.End);
        Assert.All(
            other.Points,
            p => Near.Equal(x == 0 ? p.Parameter : 0, p.Orbit.Points[0][0], 1e-12, "other branch")
        );
        Assert.All(other.Points, p => Assert.True(p.Parameter > 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-9e-20)]
    [InlineData(1e-16)]
    [InlineData(1e-30)]
    [InlineData(-1e-200)]
    [InlineData(5e-324)]
    public void Switch_FromAnOrbitThatIsZeroButForRounding_LeavesTheRange(double x)
    {
        // The point as it is met from x = p at some steps. Its size says nothing of the lengths of the map: the
        // Jacobian changes by 0.1 over 0.1 / 0.6.
        PeriodicOrbit orbit = new(
            NewtonEnd.Converged,
            [
                [x, 0],
            ],
            [1, 0.5],
            1,
            0,
            0
        );
        Bifurcation point = new(
            BifurcationKind.Transcritical,
            0,
            1e-12,
            orbit,
            new(
                [
                    [0, 0],
                ],
                1
            )
        );
        var map = new PlanarFamily(Formula.Transcritical).At(0);
        // The search ends with a factor of 2^0.05 or less, 3.6 %.
        Near.Equal(0.1 / 0.6, NaturalLength.Along(map, [x, 0], [1, 0.5], [1, 0, 0, 1]), 0.036 * 0.1 / 0.6, "length");
        var other = Continuation.Switch<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Transcritical),
            point,
            new(-1, 1, 0.02, 0.02)
        );
        Assert.Equal(ContinuationEnd.LeftRange, other.End);
    }

    [Property]
    public void Follow_PitchforkFromMainAndSideBranch_IsAPitchforkFromBoth(LogUniform step, Real from)
    {
        var length = step.In(0.01, 0.2);
        var main = Assert.Single(
            Follow(Formula.Pitchfork, 0, from.In(-0.9, -0.1), new(-1, 0.9, length, length)).Bifurcations
        );
        Assert.Equal(BifurcationKind.Pitchfork, main.Kind);
        Near.Equal(0, main.Parameter, main.Uncertainty, "from the main branch");
        foreach (var sign in (double[])[-1, 1])
        {
            var side = Continuation.Switch<PlanarFamily, TangentMap<PlanarMap>>(
                new(Formula.Pitchfork),
                main,
                new(-1, 0.9, sign * length, length)
            );
            Assert.All(
                side.Points,
                p => Near.Equal(p.Parameter, Math.Pow(p.Orbit.Points[0][0], 2), 1e-12, "side branch")
            );
            Assert.Single(side.Points.Select(p => Math.Sign(p.Orbit.Points[0][0])).Distinct());
        }

        var start = from.In(0.2, 0.8);
        var back = Follow(Formula.Pitchfork, Math.Sqrt(start), start, new(-1, 0.9, -length, length));
        var met = Assert.Single(back.Bifurcations);
        Assert.Equal(BifurcationKind.Pitchfork, met.Kind);
        Near.Equal(0, met.Parameter, met.Uncertainty, "from the side branch");
        Assert.True(back.Points[^1].Orbit.Points[0][0] < 0, "goes on to the other side");
        var trunk = Continuation.Switch<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Pitchfork),
            met,
            new(-0.9, 0.9, -length, length)
        );
        // Off the trunk the tangent found at an orbit known to 1e-8 may leave a hair of x, which the corrector takes
        // away.
        Assert.All(trunk.Points, p => Near.Equal(0, p.Orbit.Points[0][0], 1e-9, "trunk"));
        Assert.True(trunk.Points[^1].Parameter < -0.5);
    }

    [Property]
    public void Follow_CurvedBranchesThatCrossTwice_AgreeOnWhere(LogUniform step) => CrossTwice(step.In(0.02, 0.08));

    [Theory]
    // The crossing lies five sixths along a step.
    [InlineData(0.06570485606016527)]
    [InlineData(0.06990198059458873)]
    [InlineData(0.0746771395168989)]
    [InlineData(0.07471165565701206)]
    public void Follow_CrossingNearTheEndOfAStep_StaysOnItsBranch(double length) => CrossTwice(length);

    private static void CrossTwice(double length)
    {
        // x = sin p and x = p^2 + 0.3 p cross at 0 and at 0.6342833950, at angles of 28 and 19 degrees or so.
        Formula curves = new(
            (x, p) => x + (0.3 * (x - Math.Sin(p)) * (x - (p * p) - (0.3 * p))),
            (x, p) => 1 + (0.3 * ((2 * x) - Math.Sin(p) - (p * p) - (0.3 * p)))
        );
        double root = 0.63;
        for (var i = 0; i < 50; i++)
            root -= (Math.Sin(root) - (root * root) - (0.3 * root)) / (Math.Cos(root) - (2 * root) - 0.3);
        foreach (var x in (double[])[Math.Sin(-0.5), 0.1])
        {
            var branch = Follow(curves, x, -0.5, new(-0.9, 0.9, length, length));
            Assert.Equal(
                [BifurcationKind.Transcritical, BifurcationKind.Transcritical],
                branch.Bifurcations.Select(b => b.Kind)
            );
            Near.Equal(0, branch.Bifurcations[0].Parameter, branch.Bifurcations[0].Uncertainty, "first");
            Near.Equal(root, branch.Bifurcations[1].Parameter, branch.Bifurcations[1].Uncertainty, "second");
            Assert.InRange(branch.Bifurcations[1].Uncertainty, Near.Roundoff, 1e-8);
            foreach (var p in branch.Points)
                Near.Equal(
                    x > 0 ? (p.Parameter * p.Parameter) + (0.3 * p.Parameter) : Math.Sin(p.Parameter),
                    p.Orbit.Points[0][0],
                    1e-9,
                    "stays on its branch"
                );
        }
    }

    [Theory]
    [InlineData(0.25, 0.5, 1.6)]
    [InlineData(0.125, 0.5, 1.6)]
    [InlineData(0.1, 0.5, 1.6)]
    [InlineData(0.25, 0.5, 1)]
    [InlineData(0.25, 1, 1.6)]
    public void Follow_FlipOnANode_IsFound(double step, double lower, double upper)
    {
        var branch = Follow(Formula.Wells, lower == 1 ? 1 : 0.75, lower, new(lower, upper, step, step));
        var flip = Assert.Single(branch.Bifurcations);
        Assert.Equal(BifurcationKind.Flip, flip.Kind);
        Near.Equal(1, flip.Parameter, flip.Uncertainty, "eta");
        Assert.InRange(flip.Uncertainty, Near.Roundoff, 1e-12);
    }

    [Fact]
    public void Follow_ZerosOnNodes_AreFoundWhateverTheyAre()
    {
        // Steps of 1/4 along a branch that stands still: the nodes are the quarters. The last point, the first, and
        // those between.
        Single(BifurcationKind.Transcritical, 0, Follow(Formula.Transcritical, 0, -0.5, new(-1, 1, 0.25, 0.25)));
        Single(BifurcationKind.Transcritical, 0, Follow(Formula.Transcritical, 0, 0, new(-1, 1, 0.25, 0.25)));
        Single(BifurcationKind.Transcritical, 0, Follow(Formula.Transcritical, 0, -0.5, new(-1, 1, 0.25, 0.25, 3)));
        Single(BifurcationKind.Pitchfork, 0, Follow(Formula.Pitchfork, 0, -0.5, new(-1, 0, 0.25, 0.25)));
        Single(BifurcationKind.Fold, 0, Follow(Formula.Fold, 0, 0, new(-1, 0.7, 0.25, 0.25)));
        // A subcritical flip at 1; a multiplier that touches -1 and turns back, which is none, and one that passes it
        // with a slope of zero.
        Single(
            BifurcationKind.Flip,
            1,
            Follow(new((x, p) => (-p * x) - (x * x * x), (x, p) => -p - (3 * x * x)), 0, 0.5, new(0.5, 2, 0.25, 0.25))
        );
        Assert.Empty(
            Follow(
                new((x, p) => -(1 - (p * p)) * x, (_, p) => -(1 - (p * p))),
                0,
                -0.5,
                new(-0.5, 0.5, 0.25, 0.25)
            ).Bifurcations
        );
        Single(
            BifurcationKind.Flip,
            0,
            Follow(
                new((x, p) => -(1 - (p * p * p)) * x, (_, p) => -(1 - (p * p * p))),
                0,
                -0.5,
                new(-0.5, 0.5, 0.25, 0.25)
            )
        );
        foreach (var (start, end) in ((double, double)[])[(0.5, 1.5), (1, 1.5), (0.5, 1)])
            Single(
                BifurcationKind.NeimarkSacker,
                1,
                Continuation.Follow<TurnFamily, TangentMap<AffineMap>>(
                    default,
                    1,
                    [0, 0],
                    start,
                    new(start, end, 0.25, 0.25)
                )
            );
    }

    [Fact]
    public void Cascade_RoundSteps_FindsTheFlipsOfTheDoubleWell()
    {
        var cascade = Continuation.Cascade<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Wells),
            1,
            [0.75, 0],
            0.5,
            2,
            new ContinuationOptions(0.5, 1.6, 0.25, 0.25)
        );
        Near.Equal([1, Math.Sqrt(5) - 1], [.. cascade.Flips.Select(f => f.Parameter)], 1e-13, "flips");
    }

    [Fact]
    public void Switch_AtAFlip_FollowsTheTwoCycleAndItsBirthIsAPitchforkOfTheSecondIterate()
    {
        var options = new ContinuationOptions(2.5, 3.4, 0.05, 0.05);
        var flip = Assert.Single(Follow(Formula.Logistic, 0.6, 2.5, options).Bifurcations);
        var cycle = Continuation.Switch<PlanarFamily, TangentMap<PlanarMap>>(new(Formula.Logistic), flip, options);
        foreach (var point in cycle.Points)
        {
            var root = Math.Sqrt((point.Parameter - 3) * (point.Parameter + 1));
            Near.Equal(
                root / point.Parameter,
                Math.Abs(point.Orbit.Points[0][0] - point.Orbit.Points[1][0]),
                1e-9,
                "two-cycle"
            );
        }

        var back = Continuation.Follow<PlanarFamily, TangentMap<PlanarMap>>(
            new(Formula.Logistic),
            2,
            [0.513, 0],
            3.2,
            options with
            {
                FirstStep = -0.05,
            }
        );
        Assert.Equal(BifurcationKind.Pitchfork, back.Bifurcations[0].Kind);
        Assert.Equal(1, back.Bifurcations[0].Orbit.MinimalPeriod);
        Near.Equal(3, back.Bifurcations[0].Parameter, back.Bifurcations[0].Uncertainty, "birth");
    }

    [Fact]
    public void Switch_BadArguments_NameThem()
    {
        var fold = Assert.Single(Follow(Formula.Fold, 0.7, 0.49, new(-1, 0.9, -0.1, 0.1)).Bifurcations);
        var error = Assert.Throws<ArgumentException>(() =>
            Continuation.Switch<PlanarFamily, TangentMap<PlanarMap>>(new(Formula.Fold), fold, new(-1, 1, 0.1, 0.1))
        );
        Assert.Contains("bifurcation is a Fold without another branch", error.Message, StringComparison.Ordinal);
    }

    private static void Single(BifurcationKind kind, double parameter, Branch branch)
    {
        var found = Assert.Single(branch.Bifurcations);
        Assert.Equal(kind, found.Kind);
        Near.Equal(parameter, found.Parameter, found.Uncertainty, kind.ToString());
    }

    private static Branch Follow(Formula formula, double x, double parameter, ContinuationOptions options) =>
        Continuation.Follow<PlanarFamily, TangentMap<PlanarMap>>(new(formula), 1, [x, 0], parameter, options);

    /// <summary>A turn by one radian times the parameter.</summary>
    private readonly struct TurnFamily : IMapFamily<TangentMap<AffineMap>>
    {
        public TangentMap<AffineMap> At(double parameter)
        {
            var (sin, cos) = Math.SinCos(1);
            return new(
                new(
                    new[,]
                    {
                        { parameter * cos, -parameter * sin },
                        { parameter * sin, parameter * cos },
                    },
                    [0, 0]
                )
            );
        }
    }
}
