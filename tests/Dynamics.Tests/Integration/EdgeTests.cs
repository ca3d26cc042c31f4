using FlatBias.Dynamics.Integration;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>
/// Inputs at the edges: pulses and jumps, times far from zero, numbers about to overflow, spans of no length.
/// </summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class EdgeTests
{
    public static TheoryData<string> Methods => TestedMethod.Names;

    [Property]
    public void Integrate_PulseInAQuietFlowWithItsWidthAsLongestStep_IsAlwaysFound(Real where, Real rate, Size drift)
    {
        // x' = -k x or c, which has no error to steer by, + a Gaussian of width 0.07 between 1 and 9, over [0, 10].
        // Longer steps find it too, unless the errors of two stages in its tails cancel: no promise, so no property.
        const double width = 0.07;
        var (centre, k, c) = (where.In(1, 9), drift.Value > 4 ? 0 : Math.Abs(rate.Value), drift.Value > 4 ? 1 : 0);
        var flow = new DelegateFlow(
            1,
            (t, x, d) => d[0] = c - (k * x[0]) + Math.Exp(-0.5 * Math.Pow((t - centre) / width, 2))
        );
        var expected =
            (width * Math.Sqrt(2 * Math.PI) * Math.Exp((-k * (10 - centre)) + (k * k * width * width / 2))) + (10 * c);
        foreach (var method in TestedMethod.All)
        {
            var integrator = method.Create(new IntegrationOptions(1e-8, 1e-10) { MaximumStep = width });
            double[] state = [0];
            var time = 0.0;
            Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(flow, ref time, 10, state));
            // 1e-8 (1 + |x|) a step at most, |x| up to 10.
            Near.Equal(expected, state[0], 1.1e-7 * integrator.Cost.Accepted, method.Name);
        }
    }

    [Fact]
    public void Integrate_PulseBeforeADecay_HasItsPublishedEnd()
    {
        var expected = 0.05 * Math.Sqrt(2 * Math.PI) * Math.Exp(-7 + (0.05 * 0.05 / 2));
        foreach (var method in TestedMethod.All)
        {
            double[] state = [0];
            var time = 0.0;
            method
                .Create(new IntegrationOptions())
                .Integrate(
                    new DelegateFlow(1, (t, x, d) => d[0] = -x[0] + Math.Exp(-0.5 * Math.Pow((t - 3) / 0.05, 2))),
                    ref time,
                    10,
                    state
                );
            // 1e-9 of the pulse's 0.13 and 1e-12 a step while it passes, damped by e^-7 from then on.
            Near.Equal(expected, state[0], ((0.13e-9 + 1e-12) * 5000 * Math.Exp(-7)) + 1e-13, method.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_DeclaredJumps_DoNotDependOnTheSideTheyBelongTo(string name)
    {
        var method = TestedMethod.Named(name);
        var options = new IntegrationOptions(1e-9, 1e-12) { JumpTimes = [7, 0, 0.3, 2] };
        var (early, late) = (Run((t, at) => t >= at), Run((t, at) => t > at));
        Assert.Equal(early, late);
        // x' = -x + (1 from 0.3 on) + (1 from 2 on), x(0) = 1, at 5. Errors of 1e-9 a step, some tens of steps.
        Near.Equal(Math.Exp(-5) + (1 - Math.Exp(-4.7)) + (1 - Math.Exp(-3)), early[0], 1e-7, "end");
        // No step sees a jump, so none is rejected for one: smooth problems reject a few first steps at most.
        Assert.InRange(early[1], 0, 3);

        double[] Run(Func<double, double, bool> on)
        {
            var (integrator, ends) = (method.Create(options), new List<double>());
            double[] state = [1];
            var time = 0.0;
            var flow = new DelegateFlow(
                1,
                (t, x, d) => d[0] = -x[0] + (on(t, 0.3) ? 1 : 0) + (on(t, 2) ? 1 : 0) + (on(t, 0) ? 0 : 1e6)
            );
            Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(flow, ref time, 5, state, new Ends(ends)));
            Assert.Contains(0.3, ends);
            Assert.Contains(2.0, ends);
            return [state[0], integrator.Cost.Rejected];
        }
    }

    [Fact]
    public void Integrate_DeclaredJumpsBackward_AreMetFromTheOtherSide()
    {
        foreach (var method in TestedMethod.All.Where(m => !m.ForwardOnly))
        {
            var integrator = method.Create(new IntegrationOptions(1e-9, 1e-12) { JumpTimes = [-1, 0, 1] });
            double[] state = [0];
            var time = 1.0;
            Assert.Equal(
                IntegrationEnd.Reached,
                integrator.Integrate(
                    new DelegateFlow(
                        1,
                        (t, x, d) =>
                            d[0] =
                                t >= 1 ? 1e9
                                : t >= 0 ? 2
                                : t >= -1 ? 3
                                : 1e9
                    ),
                    ref time,
                    -1,
                    state
                )
            );
            // Constant between the jumps: exact up to rounding of some tens of steps.
            Near.Equal(-5, state[0], 1e-13, method.Name);
            Assert.Equal(0, integrator.Cost.Rejected);
        }
    }

    [Fact]
    public void Integrate_NarrowPulseBetweenDeclaredTimes_IsFound()
    {
        foreach (var method in TestedMethod.All)
        {
            var (centre, width) = (1000.0, 1e-6);
            var options = new IntegrationOptions(1e-8, 1e-14)
            {
                JumpTimes = [centre - (8 * width), centre + (8 * width)],
            };
            double[] state = [0];
            var time = 0.0;
            method
                .Create(options)
                .Integrate(
                    new DelegateFlow(1, (t, x, d) => d[0] = Math.Exp(-0.5 * Math.Pow((t - centre) / width, 2))),
                    ref time,
                    2000,
                    state
                );
            // Times near 1000 are rounded to 1.1e-13, a ten millionth of the width, in every step; hundreds of steps at
            // 1e-8.
            Near.Equal(width * Math.Sqrt(2 * Math.PI), state[0], 5e-6 * width, method.Name);
        }
    }

    [Fact]
    public void Integrate_FarFromTimeZero_KeepsStateAndClockTogether()
    {
        // At 1e9 the clock ticks in 1.2e-7; an oscillation of period 2 pi/1000 for 0.25. A step and what the clock
        // shows of it must be the same.
        foreach (var method in TestedMethod.All)
        {
            var integrator = method.Create(new IntegrationOptions(1e-6, 1e-6));
            double[] near = [1, 0],
                far = [1, 0];
            var (t, late) = (0.0, 1e9);
            var flow = new DelegateFlow(2, (_, x, d) => (d[0], d[1]) = (1000 * x[1], -1000 * x[0]));
            integrator.Integrate(flow, ref t, 0.25, near);
            Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(flow, ref late, 1e9 + 0.25, far));
            // Both err by sqrt(2) 2e-6 a step at most; the neutral flow adds them up.
            var bound = 2 * Math.Sqrt(2) * 2e-6 * integrator.Cost.Accepted;
            Near.Equal([Math.Cos(250), -Math.Sin(250)], near, bound, method.Name);
            Near.Equal([Math.Cos(250), -Math.Sin(250)], far, bound, $"{method.Name} at 1e9");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_DerivativesWhoseSquaresUnderflow_AreIntegrated(string name)
    {
        // x' = 1e-180 cos t beside a component that sets the steps.
        var integrator = TestedMethod
            .Named(name)
            .Create(new IntegrationOptions(1e-9, 1e-9) { AbsoluteByComponent = [1e-190, 1e-9] });
        double[] state = [0, 0];
        var time = 0.0;
        Assert.Equal(
            IntegrationEnd.Reached,
            integrator.Integrate(
                new DelegateFlow(2, (t, x, d) => (d[0], d[1]) = (1e-180 * Math.Cos(t), Math.Sin(t))),
                ref time,
                3,
                state
            )
        );
        Near.Equal(
            [1e180 * state[0], state[1]],
            [Math.Sin(3), 1 - Math.Cos(3)],
            3e-9 * integrator.Cost.Accepted,
            "end"
        );
        // And where nothing else is there: errors that vanish beside the tolerance, in both estimates of the methods
        // that have two.
        double[] alone = [0];
        time = 0;
        Assert.Equal(
            IntegrationEnd.Reached,
            TestedMethod
                .Named(name)
                .Create(new IntegrationOptions())
                .Integrate(new DelegateFlow(1, (t, x, d) => d[0] = 1e-180 * Math.Cos(t)), ref time, 3, alone)
        );
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_StateThatOverflows_IsNotFinished(string name)
    {
        var integrator = TestedMethod.Named(name).Create(new IntegrationOptions());
        double[] state = [1.7e308];
        var time = 0.0;
        var end = integrator.Integrate(new DelegateFlow(1, (t, x, d) => d[0] = 1e308), ref time, 1, state);
        Assert.False(end.Succeeded());
        Assert.True(double.IsFinite(state[0]));
        // A derivative that stops being a number half way.
        state[0] = 0;
        time = 0;
        end = integrator.Integrate(
            new DelegateFlow(1, (t, x, d) => d[0] = t > 0.5 ? double.NaN : 1),
            ref time,
            1,
            state
        );
        Assert.Equal(IntegrationEnd.NotFinite, end);
        Near.Equal(0.5, state[0], 1e-9, "where it was one last");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_SpanOfNoLength_IsReachedAndMovesNothing(string name)
    {
        var (found, seen) = (0, new List<double>());
        var integrator = TestedMethod.Named(name).Create(new IntegrationOptions { JumpTimes = [2] });
        double[] state = [1];
        var time = 2.0;
        var listeners = new IStepListener[]
        {
            new EventLocator([new("x", (t, x) => x[0] - 1, Terminal: true)], (e, t, x) => found++),
            new Sampler([1, 2, 3], (i, t, x) => seen.Add(t)),
        };
        Assert.Equal(
            IntegrationEnd.Reached,
            integrator.Integrate(new DelegateFlow(1, (t, x, d) => d[0] = -x[0]), ref time, 2, state, listeners)
        );
        Assert.Equal((2.0, 1.0, 0), (time, state[0], found));
        Assert.Equal([2.0], seen);
        Assert.Equal(new IntegrationCost(1, 0, 0, 0), integrator.Cost);
        // The shortest span there is, with the jump at either end.
        foreach (var jump in new[] { 2, Math.BitIncrement(2.0) })
        {
            integrator = TestedMethod.Named(name).Create(new IntegrationOptions { JumpTimes = [jump] });
            time = 2;
            Assert.Equal(
                IntegrationEnd.Reached,
                integrator.Integrate(
                    new DelegateFlow(1, (t, x, d) => d[0] = -x[0]),
                    ref time,
                    Math.BitIncrement(2.0),
                    state
                )
            );
            // It moves by 4.4e-16 at most.
            Near.Equal(1, state[0], 1e-15, "state");
        }
    }

    [Fact]
    public void Constructor_BadJumpTime_IsNamed()
    {
        var options = new IntegrationOptions { JumpTimes = [1, double.NaN] };
        Assert.Contains(
            "jump time 1",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => new RungeKutta(ButcherTableau.DormandPrince, options))
                .Message,
            StringComparison.Ordinal
        );
    }

    private sealed class Ends(List<double> ends) : IStepListener
    {
        public void Begin(double time, double end, ReadOnlySpan<double> state) { }

        public void Accepted(StepInterpolant step) => ends.Add(step.End);
    }
}
