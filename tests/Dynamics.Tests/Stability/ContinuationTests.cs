using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;
using DelayedMap = FlatBias.Dynamics.Maps.TangentMap<FlatBias.Testing.DelayedLogistic>;
using HenonMap = FlatBias.Dynamics.Maps.TangentMap<FlatBias.Testing.Henon>;
using LogisticMap = FlatBias.Dynamics.Maps.TangentMap<FlatBias.Testing.Logistic>;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>Branches and their bifurcations against closed forms.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class ContinuationTests
{
    // Bifurcations are located to rounding in the test function: 1e-12, the corrector's tolerance, times a condition of up to 10.
    private const double Located = 1e-11;

    [Fact]
    public void Follow_LogisticFixedPoint_FlipsAtThreeOnTheClosedForm()
    {
        var branch = Continuation.Follow<LogisticFamily, LogisticMap>(
            default,
            1,
            [0.5],
            2,
            new ContinuationOptions(1.5, 3.9, 0.01, 0.1)
        );
        Assert.Equal(ContinuationEnd.LeftRange, branch.End);
        Assert.All(
            branch.Points,
            point => Near.Equal(1 - (1 / point.Parameter), point.Orbit.Points[0][0], 1e-11, "on the branch")
        );
        var flip = Assert.Single(branch.Bifurcations);
        Assert.Equal(BifurcationKind.Flip, flip.Kind);
        Near.Equal(3, flip.Parameter, Located, "r");
        Assert.InRange(flip.Uncertainty, 0, 1e-9);
        Assert.All(
            branch.Points,
            point =>
                Assert.Equal(
                    point.Parameter < 3 ? OrbitStability.Stable : OrbitStability.Repelling,
                    point.Orbit.Stability
                )
        );
    }

    [Fact]
    public void Follow_LogisticZero_CrossesAtOneAndFlipsAtMinusOne()
    {
        var branch = Continuation.Follow<LogisticFamily, LogisticMap>(
            default,
            1,
            [0],
            -1.57,
            new ContinuationOptions(-2, 2, 0.01, 0.11)
        );
        Assert.Equal([BifurcationKind.Flip, BifurcationKind.Transcritical], branch.Bifurcations.Select(b => b.Kind));
        Near.Equal([-1, 1], [.. branch.Bifurcations.Select(b => b.Parameter)], Located, "r");
        Assert.All(branch.Points, point => Near.Equal(0, point.Orbit.Points[0][0], 1e-12, "stays on its branch"));
    }

    [Fact]
    public void Follow_LogisticPeriodThree_TurnsAtItsFoldAndFlips()
    {
        // Born at 1 + sqrt 8 with both halves of the branch; the stable one flips at 3.8414990075435 (Gordon 1996: a root of a sextic).
        var branch = Continuation.Follow<LogisticFamily, LogisticMap>(
            default,
            3,
            [0.5],
            3.845,
            new ContinuationOptions(3.8, 3.85, -1e-4, 1e-2)
        );
        Assert.Equal(ContinuationEnd.LeftRange, branch.End);
        Assert.Equal([BifurcationKind.Flip, BifurcationKind.Fold], branch.Bifurcations.Select(b => b.Kind));
        Near.Equal(1 + Math.Sqrt(8), branch.Bifurcations[1].Parameter, Located, "fold");
        Near.Equal(-1, branch.Bifurcations[0].Orbit.Multipliers[0].Real, 1e-9, "multiplier");
        Near.Equal(3.8414990075435, branch.Bifurcations[0].Parameter, 1e-10, "flip");
        Assert.True(branch.Points[^1].Orbit.Multipliers[0].Real > 1, "the other half repels");
    }

    [Property]
    public void Follow_HenonFixedPoint_FoldsAndFlipsWhereItMust(Real shape)
    {
        // Fixed points a x^2 + (1 - b) x = 1: fold at a = -(1-b)^2 / 4, flip at 3 (1-b)^2 / 4.
        var b = shape.In(-0.8, 0.8);
        var k = (1 - b) * (1 - b) / 4;
        var root = ((b - 1) + Math.Sqrt(4 * k * 5)) / (8 * k);
        var branch = Continuation.Follow<HenonFamily, HenonMap>(
            new HenonFamily(b),
            1,
            [root, b * root],
            4 * k,
            new ContinuationOptions(-2 * k, 5 * k, -0.01 * k, 0.1, 2000)
        );
        Assert.Equal(
            [BifurcationKind.Flip, BifurcationKind.Fold],
            branch.Bifurcations.Where(x => x.Orbit.Points[0][0] <= (2.0001 / (1 - b))).Select(x => x.Kind)
        );
        Near.Equal(3 * k, branch.Bifurcations[0].Parameter, 10 * Located, "flip");
        Near.Equal(-k, branch.Bifurcations[1].Parameter, 10 * Located, "fold");
    }

    [Fact]
    public void Follow_DelayedLogistic_HasItsNeimarkSackerAtTwo()
    {
        // |m|^2 = r - 1, and the pair is complex for r > 5/4.
        var branch = Continuation.Follow<DelayedFamily, DelayedMap>(
            default,
            1,
            [0.33, 0.33],
            1.5,
            new ContinuationOptions(1.1, 2.5, 0.01, 0.05)
        );
        var torus = Assert.Single(branch.Bifurcations);
        Assert.Equal(BifurcationKind.NeimarkSacker, torus.Kind);
        Near.Equal(2, torus.Parameter, Located, "r");
        // m = (1 +- i sqrt 3) / 2: a sixth of a turn.
        Near.Equal(Math.PI / 3, Math.Abs(torus.Orbit.Multipliers[0].Phase), 1e-10, "angle");
    }

    [Fact]
    public void Follow_NeutralSaddle_IsNoNeimarkSacker()
    {
        // Henon with b = 1 has det -1, and with b = -1 det 1: real pairs m, 1/m on the whole saddle branch. Slightly off, their product never passes 1.
        var branch = Continuation.Follow<HenonFamily, HenonMap>(
            new HenonFamily(-0.999),
            1,
            [-1.6, 1.6],
            0.2,
            new ContinuationOptions(0.1, 1, 0.01, 0.05)
        );
        Assert.DoesNotContain(branch.Bifurcations, b => b.Kind == BifurcationKind.NeimarkSacker);
    }

    [Fact]
    public void Cascade_Logistic_HasTheKnownFlipsAndTendsToFeigenbaum()
    {
        var cascade = Continuation.Cascade<LogisticFamily, LogisticMap>(
            default,
            1,
            [0.6],
            2.5,
            8,
            new ContinuationOptions(2, 4, 0.01, 0.1)
        );
        Assert.Equal(8, cascade.Flips.Count);
        // Fixture flows-and-maps.json has 3 and 1 + sqrt 6.
        Near.Equal(
            [3, 1 + Math.Sqrt(6)],
            [cascade.Flips[0].Parameter, cascade.Flips[1].Parameter],
            Located,
            "first flips"
        );
        for (var k = 0; k < 8; k++)
            Assert.Equal(1 << k, cascade.Flips[k].Orbit.MinimalPeriod);
        Feigenbaum.Check(cascade.Ratios);
    }

    [Fact]
    public void Cascade_FewerFlipsThanAskedFor_SaysSo()
    {
        var cascade = Continuation.Cascade<LogisticFamily, LogisticMap>(
            default,
            1,
            [0.6],
            2.5,
            5,
            new ContinuationOptions(2, 3.5, 0.01, 0.1)
        );
        Assert.Equal((ContinuationEnd.LeftRange, 2), (cascade.End, cascade.Flips.Count));
        Assert.Empty(cascade.Ratios);
        Assert.Equal(
            ContinuationEnd.PointLimit,
            Continuation
                .Cascade<LogisticFamily, LogisticMap>(
                    default,
                    1,
                    [0.6],
                    2.5,
                    5,
                    new ContinuationOptions(2, 3.5, 0.01, 0.1, 2)
                )
                .End
        );
    }

    [Fact]
    public void Follow_NoOrbitAtTheStart_SaysSo()
    {
        // Below the fold at 1 + sqrt 8 the only period-3 orbits are the fixed points: from a start at which the search runs into nothing there is no branch.
        var branch = Continuation.Follow<HenonFamily, HenonMap>(
            new HenonFamily(0.3),
            1,
            [0, 0],
            -1,
            new ContinuationOptions(-2, 2, 0.01, 0.1)
        );
        Assert.Equal(ContinuationEnd.NoStart, branch.End);
        Assert.Empty(branch.Points);
        Assert.Equal(
            ContinuationEnd.NoStart,
            Continuation
                .Cascade<HenonFamily, HenonMap>(
                    new HenonFamily(0.3),
                    1,
                    [0, 0],
                    -1,
                    2,
                    new ContinuationOptions(-2, 2, 0.01, 0.1)
                )
                .End
        );
    }

    [Fact]
    public void Follow_BadArguments_NameThem()
    {
        var good = new ContinuationOptions(2, 4, 0.01, 0.1);
        foreach (
            var bad in (ContinuationOptions[])
                [
                    good with
                    {
                        Lower = double.NaN,
                    },
                    good with
                    {
                        Upper = 2,
                    },
                    good with
                    {
                        FirstStep = 0,
                    },
                    good with
                    {
                        FirstStep = double.NaN,
                    },
                    good with
                    {
                        LargestStep = -1,
                    },
                    good with
                    {
                        MaximumPoints = 0,
                    },
                    good with
                    {
                        Newton = new(-1),
                    },
                ]
        )
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                Continuation.Follow<LogisticFamily, LogisticMap>(default, 1, [0.5], 3, bad)
            );
        Assert.Contains(
            "parameter is 5; it must be from 2 to 4",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    Continuation.Follow<LogisticFamily, LogisticMap>(default, 1, [0.5], 5, good)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Continuation.Follow<LogisticFamily, LogisticMap>(default, 0, [0.5], 3, good)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Continuation.Cascade<LogisticFamily, LogisticMap>(default, 1, [0.5], 3, 0, good)
        );
    }
}
