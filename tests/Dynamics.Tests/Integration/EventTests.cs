using System.Text.Json;
using FlatBias.Dynamics.Integration;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>Events against closed forms.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public partial class EventTests
{
    private static readonly DelegateFlow Oscillator = new(2, (t, x, d) => (d[0], d[1]) = (x[1], -x[0]));
    private static readonly DelegateFlow Clock = new(1, (t, x, d) => d[0] = 1);

    public static TheoryData<string> Methods => TestedMethod.Names;

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_Oscillator_FindsEveryZeroInOrderAndDirection(string name)
    {
        var found = new List<(int Event, double Time)>();
        var locator = new EventLocator(
            [
                new("x", (t, x) => x[0]),
                new("x rising", (t, x) => x[0], EventDirection.Rising),
                new("v falling", (t, x) => x[1], EventDirection.Falling),
            ],
            (e, t, x) => found.Add((e, t))
        );
        double[] state = [1, 0];
        var time = 0.0;
        var integrator = TestedMethod.Named(name).Create(new IntegrationOptions(1e-8, 1e-8));
        Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(Oscillator, ref time, 20, state, locator));
        // x = cos t, v = -sin t.
        List<(int Event, double Time)> expected = [];
        for (var k = 0; (k + 0.5) * Math.PI < 20; k++)
            expected.Add((0, (k + 0.5) * Math.PI));
        for (var k = 1; (k + 0.5) * Math.PI < 20; k += 2)
            expected.Add((1, (k + 0.5) * Math.PI));
        for (var k = 2; k * Math.PI < 20; k += 2)
            expected.Add((2, k * Math.PI));
        expected = [.. expected.OrderBy(e => e.Time).ThenBy(e => e.Event)];
        Assert.Equal(expected.Select(e => e.Event), found.Select(e => e.Event));
        // The oscillation is neutral: 1e-8 a step adds up. Zero crossings at speed 1.
        for (var i = 0; i < found.Count; i++)
            Near.Equal(expected[i].Time, found[i].Time, 2e-8 * integrator.Cost.Accepted, $"event {i}");
    }

    [Fact]
    public void Integrate_BackwardInTime_FindsZerosInReverse()
    {
        var found = new List<double>();
        var locator = new EventLocator([new("x", (t, x) => x[0], EventDirection.Rising)], (e, t, x) => found.Add(t));
        double[] state = [1, 0];
        var time = 0.0;
        new RungeKutta(ButcherTableau.DormandPrince853, new IntegrationOptions(1e-12, 1e-12)).Integrate(
            Oscillator,
            ref time,
            -10,
            state,
            locator
        );
        // Along the integration x = cos t rises through zero at -3 pi/2 only; -7 pi/2 lies beyond -10.
        Assert.Single(found);
        Near.Equal(-1.5 * Math.PI, found[0], 1e-10, "time");
    }

    [Property]
    public void Integrate_TwoCrossingsOfOneEventInOneStep_FindsBoth(Real centre, LogUniform gap)
    {
        // One step of 100 of a clock. The parabola turns once, so that both crossings are seen however close, down to where its dip, gap^2/4, sinks into the rounding of 50^2.
        var (middle, width) = (centre.In(10, 90), gap.In(1e-3, 5));
        double[] expected = [middle - (width / 2), middle + (width / 2)];
        var found = new List<double>();
        var locator = new EventLocator(
            [new("parabola", (t, x) => (x[0] - expected[0]) * (x[0] - expected[1]))],
            (e, t, x) => found.Add(t),
            1e-9
        );
        locator.Begin(0, 100, [0]);
        double[] state = [0];
        locator.Accepted(
            new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Step(Clock, 0, 100, state)
        );
        Assert.Equal(2, found.Count);
        // The locator's tolerance, and a state of up to 100 rounded a dozen times in the interpolation.
        Near.Equal(expected, [.. found], 1e-9 + (100 * 12 * Near.Roundoff * 2), "times");
    }

    [Property]
    public void Integrate_ManyEventsInOneStep_AreDeliveredInOrder(Seed seed, Size count)
    {
        var random = seed.Random();
        double[] times = [.. Enumerable.Range(0, count.Value).Select(_ => 100 * random.NextDouble())];
        var found = new List<(int Event, double Time)>();
        var locator = new EventLocator(
            [.. times.Select((a, i) => new FlowEvent($"{i}", (t, x) => a - x[0]))],
            (e, t, x) => found.Add((e, t)),
            1e-9
        );
        locator.Begin(0, 100, [0]);
        double[] state = [0];
        locator.Accepted(new RungeKutta(ButcherTableau.Tsitouras, new IntegrationOptions()).Step(Clock, 0, 100, state));
        Assert.Equal(count.Value, found.Count);
        for (var i = 0; i < found.Count; i++)
        {
            if (i > 0)
                Assert.True(found[i].Time >= found[i - 1].Time);
            // At or after the sign change by less than the tolerance; rounding of the state as above.
            Assert.InRange(found[i].Time - times[found[i].Event], -3e-13, 1e-9 + 3e-13);
        }
    }

    [Fact]
    public void Integrate_EventExactlyAtTheEnd_IsDeliveredOnce()
    {
        var found = new List<double>();
        var locator = new EventLocator([new("noon", (t, x) => t - 0.5, Terminal: false)], (e, t, x) => found.Add(t));
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions());
        double[] state = [0];
        var time = 0.0;
        Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(Clock, ref time, 0.5, state, locator));
        Assert.Equal([0.5], found);
        integrator.Integrate(Clock, ref time, 1, state, locator);
        Assert.Equal([0.5], found);
    }

    [Fact]
    public void Integrate_EventExactlyAtAnInnerStepsEnd_IsDeliveredOnce()
    {
        // Steps of at most 1/16 from 0 to 1, shorter than the first step would be: equal ones, so that their ends are
        // multiples of 1/16 without rounding.
        var (found, ends) = (new List<double>(), new List<double>());
        var locator = new EventLocator([new("noon", (t, x) => t - 0.5)], (e, t, x) => found.Add(t));
        double[] state = [25];
        var time = 0.0;
        new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions { MaximumStep = 0.0625 }).Integrate(
            Clock,
            ref time,
            1,
            state,
            locator,
            new Ends(ends)
        );
        Assert.Contains(0.5, ends);
        Assert.Equal([0.5], found);
    }

    [Fact]
    public void Integrate_TwoCrossingsFarFromTimeZero_AreBothFound()
    {
        // A dip of 2e-5 below zero for 4e-3 at 1e9, where the clock ticks in 1.2e-7; one step.
        var (found, middle) = (new List<double>(), 1e9 + 0.5);
        var locator = new EventLocator(
            [new("dip", (t, x) => ((x[0] - 0.5) * (x[0] - 0.5)) - 4e-6)],
            (e, t, x) => found.Add(t)
        );
        double[] state = [0];
        locator.Begin(1e9, 1e9 + 1, state);
        locator.Accepted(
            new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Step(Clock, 1e9, 1, state)
        );
        // Four ticks of the clock late at most.
        Near.Equal([middle - 2e-3, middle + 2e-3], [.. found], 4 * 1.2e-7, "times");
    }

    [Fact]
    public void Integrate_EventsInTheFirstAndTheLastBitOfTheSpan_AreFound()
    {
        var found = new List<int>();
        double[] times = [1e-9, 1e-3, 1 - 1e-9, 1];
        var locator = new EventLocator(
            [.. times.Select((a, i) => new FlowEvent($"{i}", (t, x) => x[0] - a))],
            (e, t, x) => found.Add(e)
        );
        double[] state = [0];
        var time = 0.0;
        new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
            new DelegateFlow(1, (t, x, d) => d[0] = 1),
            ref time,
            1,
            state,
            locator
        );
        // The sum of steps rounds: the state may end a few 1e-16 short of 1, and then the last event lies beyond it.
        Assert.Equal([0, 1, 2], found[..3]);
    }

    [Fact]
    public void Integrate_TouchThatDoesNotCross_IsNoEvent()
    {
        var found = new List<double>();
        var locator = new EventLocator(
            [new("near miss", (t, x) => ((x[0] - 37.123) * (x[0] - 37.123)) + 1e-6)],
            (e, t, x) => found.Add(t)
        );
        double[] state = [0];
        var time = 0.0;
        new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
            Clock,
            ref time,
            100,
            state,
            locator
        );
        Assert.Empty(found);
    }

    [Fact]
    public void Integrate_Pendulum_AgreesWithSciPy()
    {
        using var stream = typeof(SmallNet).Assembly.GetManifestResourceStream("flows-and-maps.json")!;
        using var document = JsonDocument.Parse(stream);
        var oracle = document.RootElement.GetProperty("pendulum_events");
        var (angle, velocity) = (new List<double>(), new List<double>());
        var locator = new EventLocator(
            [new("angle", (t, x) => x[0]), new("velocity", (t, x) => x[1])],
            (e, t, x) => (e == 0 ? angle : velocity).Add(t)
        );
        double[] state = oracle.GetProperty("start").Deserialize<double[]>()!;
        var time = 0.0;
        new RungeKutta(ButcherTableau.DormandPrince853, new IntegrationOptions(1e-12, 1e-12)).Integrate(
            new DelegateFlow(2, (t, x, d) => (d[0], d[1]) = (x[1], -Math.Sin(x[0]))),
            ref time,
            30,
            state,
            locator
        );
        // Both sides at 1e-12 to 1e-13 a step; the phase of the pendulum drifts linearly. A zero at the start is not delivered here.
        Near.Equal(oracle.GetProperty("t_angle_zero").Deserialize<double[]>(), [.. angle], 1e-9, "angle");
        Near.Equal(
            oracle.GetProperty("t_velocity_zero").Deserialize<double[]>().AsSpan(1),
            [.. velocity],
            1e-9,
            "velocity"
        );
    }

    [Fact]
    public void Integrate_EventFunctionNaN_NamesEventAndTime()
    {
        var locator = new EventLocator([new("root", (t, x) => Math.Sqrt(0.5 - x[0]))], (e, t, x) => { });
        double[] state = [0];
        var time = 0.0;
        var message = Assert
            .Throws<InvalidOperationException>(() =>
                new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
                    Clock,
                    ref time,
                    1,
                    state,
                    locator
                )
            )
            .Message;
        Assert.Contains("event 0 (root) is NaN at time", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_BadArguments_AreRefused()
    {
        FlowEvent good = new("good", (t, x) => x[0]);
        EventSink sink = (e, t, x) => { };
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventLocator([], sink));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventLocator([good], sink, -1e-9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventLocator([good], sink, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventLocator([good], sink, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventLocator([good], sink, parts: 0));
        Assert.Throws<ArgumentException>(() => new EventLocator([new("none", null!)], sink));
        Assert.Throws<ArgumentNullException>(() => new EventLocator([good], null!));
    }

    private sealed class Ends(List<double> ends) : IStepListener
    {
        public void Begin(double time, double end, ReadOnlySpan<double> state) { }

        public void Accepted(StepInterpolant step) => ends.Add(step.End);
    }
}
