using System.Text.Json;
using FlatBias.Dynamics.Integration;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <content>Events that end an integration, and what goes on from there.</content>
public partial class EventTests
{
    [Fact]
    public void Integrate_FirstTerminalEvent_EndsThereAndHidesWhatFollows()
    {
        var found = new List<int>();
        var samples = new List<double>();
        var locator = new EventLocator(
            [
                new("late", (t, x) => x[0] - 3),
                new("terminal", (t, x) => x[0] - 2, Terminal: true),
                new("early", (t, x) => x[0] - 1),
            ],
            (e, t, x) => found.Add(e)
        );
        double[] state = [0];
        var time = 0.0;
        var end = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
            Clock,
            ref time,
            100,
            state,
            locator,
            new Sampler([0, 1.5, 2.5], (i, t, x) => samples.Add(x[0]))
        );
        Assert.Equal(IntegrationEnd.Event, end);
        Assert.Equal([2, 1], found);
        // What rounding leaves of a step of at most 100: 100 2^-50.
        Near.Equal(2, time, 1e-13, "time");
        Near.Equal(2, state[0], 1e-13, "state");
        Assert.Equal(2, samples.Count);
        Near.Equal(1.5, samples[1], 1e-14, "sample");
    }

    [Fact]
    public void Integrate_BouncingBall_BouncesInGeometricProgression()
    {
        // x'' = -2 from height 0 at speed 1: flights of 1, r, r^2, ...; the whole flight may be one step.
        var fall = new DelegateFlow(2, (t, x, d) => (d[0], d[1]) = (x[1], -2));
        var locator = new EventLocator(
            [new("floor", (t, x) => x[0], EventDirection.Falling, Terminal: true)],
            (e, t, x) => { }
        );
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions());
        double[] state = [0, 1];
        var (time, flight, expected) = (0.0, 1.0, 0.0);
        for (var bounce = 0; bounce < 20; bounce++)
        {
            Assert.Equal(IntegrationEnd.Event, integrator.Integrate(fall, ref time, 100, state, locator));
            expected += flight;
            flight *= 0.8;
            // Each landing is late by at most the tolerance 1e-12 and changes the next flight by as much; the sum of flights is 5.
            Near.Equal(expected, time, 2e-12 * (bounce + 1) * 5, $"bounce {bounce}");
            (state[0], state[1]) = (0, -0.8 * state[1]);
        }
    }

    [Property]
    public void Integrate_BallRestartedAsTheEventLeftIt_BouncesInEveryUnitOfTime(LogUniform unit, Real share, Seed both)
    {
        // The same, but the height is left as the event found it, a rounding below the floor, only the speed is turned;
        // events in one or in both directions; times in units of 1e-13 to 1e13.
        var (s, restitution) = (unit.In(1e-13, 1e13), share.In(0.3, 0.9));
        var fall = new DelegateFlow(2, (t, x, d) => (d[0], d[1]) = (x[1], -2 / (s * s)));
        var direction = both.Value % 2 == 0 ? EventDirection.Both : EventDirection.Falling;
        var locator = new EventLocator([new("floor", (t, x) => x[0], direction, Terminal: true)], (e, t, x) => { });
        var integrator = new RungeKutta(
            ButcherTableau.DormandPrince,
            new IntegrationOptions { AbsoluteByComponent = [1e-12, 1e-12 / s] }
        );
        double[] state = [0, 1 / s];
        var (time, flight, expected) = (0.0, s, 0.0);
        for (var bounce = 0; flight > 1e-6 * s && bounce < 30; bounce++)
        {
            Assert.Equal(IntegrationEnd.Event, integrator.Integrate(fall, ref time, 100 * s, state, locator));
            expected += flight;
            flight *= restitution;
            // A landing is late by what rounding leaves of the step and the time, 2^-50 of at most 10 s, and the ball
            // is below the floor by as much as it falls in that time; both add up.
            Near.Equal(expected, time, 2e-14 * 10 * s * (bounce + 1), $"bounce {bounce}");
            state[1] = -restitution * state[1];
        }
    }

    [Fact]
    public void Integrate_ContinuedThroughATerminalEvent_DoesNotFindItAgain()
    {
        var times = new List<double>();
        var locator = new EventLocator([new("x", (t, x) => x[0], Terminal: true)], (e, t, x) => times.Add(t));
        var integrator = new RungeKutta(ButcherTableau.DormandPrince853, new IntegrationOptions(1e-12, 1e-12));
        double[] state = [1, 0];
        var time = 0.0;
        for (var k = 0; k < 20; k++)
        {
            Assert.Equal(IntegrationEnd.Event, integrator.Integrate(Oscillator, ref time, 100, state, locator));
            // 1e-12 a step, neutral; some twenty steps a crossing.
            Near.Equal((k + 0.5) * Math.PI, time, 2e-12 * 20 * (k + 1), $"crossing {k}");
        }

        Assert.Equal(20, times.Count);
        // And back again over the last one: from on the surface, so that the first found is the one before.
        Assert.Equal(IntegrationEnd.Event, integrator.Integrate(Oscillator, ref time, 0, state, locator));
        Near.Equal(18.5 * Math.PI, time, 1e-9, "backward");
    }

    [Fact]
    public void Integrate_EventsTogetherWithATerminalOne_AreAllDelivered()
    {
        var found = new List<int>();
        var locator = new EventLocator(
            [
                new("end", (t, x) => x[0] - 0.5, Terminal: true),
                new("with it", (t, x) => x[0] - 0.5),
                new("after", (t, x) => x[0] - 0.6),
            ],
            (e, t, x) => found.Add(e)
        );
        double[] state = [0];
        var time = 0.0;
        Assert.Equal(
            IntegrationEnd.Event,
            new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
                Clock,
                ref time,
                1,
                state,
                locator
            )
        );
        Assert.Equal([0, 1], found);
    }
}
