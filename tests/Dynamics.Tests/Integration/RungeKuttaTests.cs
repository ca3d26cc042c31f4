using System.Text.Json;
using FlatBias.Dynamics.Integration;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>Integration against solutions in closed form and against SciPy.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public partial class RungeKuttaTests
{
    public static TheoryData<string> Methods => TestedMethod.Names;

    [Property]
    public void Integrate_NonAutonomousProblem_MeetsItsTolerance(LogUniform tolerance, Real end)
    {
        // x' = -2 t x + cos t has no closed form, but x' = -2 t (x - sin t) + cos t has x = sin t + C e^(-t^2).
        var relative = tolerance.In(1e-11, 1e-4);
        var time = -0.5;
        double[] state = [Exact(time)];
        var stop = end.In(-2, 2);
        var result = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(relative, relative)).Integrate(
            new Forced(),
            ref time,
            stop,
            state
        );
        Assert.Equal(IntegrationEnd.Reached, result);
        Assert.Equal(stop, time);
        // Error per step is controlled; over at most a few hundred steps it adds up, and errors made at |t| = 2 grow by at most e^4 on the way to 0.
        Near.Equal(Exact(stop), state[0], 60 * 100 * relative + 1e-13, $"x({stop})");

        static double Exact(double t) => Math.Sin(t) + (0.7 * Math.Exp(-t * t));
    }

    [Fact]
    public void Integrate_SelfStabilizationFlow_AgreesWithSciPy()
    {
        // Fixtures/flows-and-maps.json: SciPy's DOP853 at rtol 1e-13, eq. (4.5).
        using var stream = typeof(SmallNet).Assembly.GetManifestResourceStream("flows-and-maps.json")!;
        using var document = JsonDocument.Parse(stream);
        var oracle = document.RootElement.GetProperty("self_stabilization");
        var times = oracle.GetProperty("t").Deserialize<double[]>()!;
        var states = oracle.GetProperty("y").Deserialize<double[][]>()!;
        var flow = new SelfStabilization(
            oracle.GetProperty("eta").GetDouble(),
            oracle.GetProperty("alpha").GetDouble(),
            oracle.GetProperty("beta").GetDouble()
        );
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(1e-12, 1e-14));
        double[] state = [.. states[0]];
        var time = times[0];
        var energy = flow.Energy(state);
        for (var i = 1; i < times.Length; i++)
        {
            integrator.Integrate(flow, ref time, times[i], state);
            // A few thousand steps at 1e-12 each; neighbouring orbits separate linearly in time, not exponentially (the flow is conservative).
            Near.Equal(states[i], state, 1e-8, $"state at {time}");
            Near.Equal(energy, flow.Energy(state), 1e-9, $"energy at {time}");
        }
    }

    [Property]
    public void Integrate_ThereAndBack_Returns(Real first, Real second)
    {
        var flow = new SelfStabilization(0.3, 1.3, 0.7);
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(1e-11, 1e-13));
        double[] start = [first.In(0.5, 3), second.Value],
            state = [.. start];
        var time = 0.0;
        integrator.Integrate(flow, ref time, 20, state);
        integrator.Integrate(flow, ref time, 0, state);
        Near.Equal(start, state, 1e-7, "state after the return");
    }

    [Fact]
    public void Integrate_SingularSolution_SaysStepTooSmall()
    {
        // x' = x^2 from 1 blows up at t = 1.
        var time = 0.0;
        double[] state = [1];
        var end = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
            new Square(),
            ref time,
            2,
            state
        );
        Assert.Equal(IntegrationEnd.StepTooSmall, end);
        Near.Equal(1, time, 1e-6, "time of the singularity");
    }

    [Fact]
    public void Integrate_TooFewSteps_SaysStepLimit()
    {
        var time = 0.0;
        double[] state = [0.7];
        Assert.Equal(
            IntegrationEnd.StepLimit,
            new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(MaximumSteps: 3)).Integrate(
                new Forced(),
                ref time,
                50,
                state
            )
        );
    }

    [Fact]
    public void Integrate_TenThousandCycles_DriftsInProportionToTheTolerance()
    {
        var flow = new SelfStabilization(0.3, 1.3, 0.7);
        var drifts = new List<double>();
        foreach (var tolerance in new[] { 1e-6, 1e-8, 1e-10 })
        {
            var (cycles, time) = (0, 0.0);
            double[] state = [1, 0.5];
            var energy = flow.Energy(state);
            var integrator = new RungeKutta(
                ButcherTableau.DormandPrince853,
                new IntegrationOptions(tolerance, tolerance)
            );
            var period = Period(flow, state);
            Assert.Equal(
                IntegrationEnd.Reached,
                integrator.Integrate(
                    flow,
                    ref time,
                    10_000 * period,
                    state,
                    new EventLocator([new("y", (t, x) => x[1], EventDirection.Falling)], (e, t, x) => cycles++, 1e-6)
                )
            );
            Assert.InRange(cycles, 9_990, 10_010); // the drift of E shifts the period, too
            drifts.Add(Math.Abs(flow.Energy(state) - energy));
            // E = 0.3: x runs from 0.88 to 3.25 and |y| up to 1.01, so |dE/dx| = |beta x/2 - alpha/x| <= 1.2 and |dE/dy| <= 1.01; a step changes E by at most 2.21 times its error in a component, sqrt(2) tolerance (1 + 3.25).
            Assert.InRange(drifts[^1], 0, 2.21 * Math.Sqrt(2) * 4.25 * tolerance * integrator.Cost.Accepted);
        }

        // Four decades of tolerance: the drift falls with it (error per step control at order 8 makes it proportional up to the change of the number of steps, tolerance^(-1/8)), and visibly so until rounding adds up.
        Assert.InRange(drifts[1] / drifts[0], 0, 0.1);
        Assert.InRange(drifts[2] / drifts[1], 0, 0.1);
    }

    private static double Period(SelfStabilization flow, double[] start)
    {
        // From the start back to the same height on the same side: y crosses its value at the start upwards once a cycle.
        var (times, height) = (new List<double>(), start[1]);
        double[] state = [.. start];
        var time = 0.0;
        new RungeKutta(ButcherTableau.DormandPrince853, new IntegrationOptions(1e-12, 1e-12)).Integrate(
            flow,
            ref time,
            100,
            state,
            new EventLocator([new("height", (t, x) => x[1] - height, EventDirection.Rising)], (e, t, x) => times.Add(t))
        );
        return times[1] - times[0];
    }

    [Fact]
    public void Integrate_TolerancesByComponent_HoldForEach()
    {
        // Two decoupled oscillators of sizes 1 and 1e6: with absolute tolerances of their own the steps are those of the same problem in units of its size.
        var small = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(1e-9, 1e-9));
        var scaled = new RungeKutta(
            ButcherTableau.DormandPrince,
            new IntegrationOptions
            {
                RelativeByComponent = [1e-9, 1e-9, 1e-9, 1e-9],
                AbsoluteByComponent = [1e-9, 1e-9, 1e-9 * 1048576, 1e-9 * 1048576],
            }
        );
        var pair = new DelegateFlow(4, (t, x, d) => (d[0], d[1], d[2], d[3]) = (x[1], -x[0], x[3], -x[2]));
        double[] one = [1, 0, 1, 0],
            other = [1, 0, 1048576, 0];
        var (time, same) = (0.0, 0.0);
        small.Integrate(pair, ref time, 10, one);
        scaled.Integrate(pair, ref same, 10, other);
        Assert.Equal(small.Cost, scaled.Cost);
        double[] back = [other[0], other[1], other[2] / 1048576, other[3] / 1048576];
        Assert.Equal(one, back);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_SteadyStateWithEventsAndSamples_AllocatesNothing(string name)
    {
        var integrator = TestedMethod.Named(name).Create(new IntegrationOptions(1e-6, 1e-6));
        var (count, time) = (0, 0.0);
        IStepListener[] listeners =
        [
            new EventLocator([new("y", (t, x) => x[1])], (e, t, x) => count++),
            new Sampler([.. Enumerable.Range(0, 10_000).Select(i => (double)i)], (i, t, x) => count++),
        ];
        double[] state = [1.0, 0.1];
        var flow = new SelfStabilization(0.3, 1.3, 0.7);
        Allocated(1000); // at full length first: the JIT compiles the loop anew while it runs, and that allocates
        var few = Allocated(50);
        // A call may cost a constant; twenty times the steps must cost no more.
        Assert.Equal(few, Allocated(1000));
        Assert.True(count > 1000);

        long Allocated(double span)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            integrator.Step(flow, time, 1e-3, state); // the flow may be wrapped once a call
            integrator.Integrate(flow, ref time, time + span, state, listeners);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Integrate_RightHandSideLeavesItsDomain_SaysNotFinite()
    {
        // x' = -1 from 1, defined above 1/2 only.
        var time = 0.0;
        double[] state = [1];
        var end = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
            new DelegateFlow(1, (t, x, d) => d[0] = x[0] > 0.5 ? -1 : double.NaN),
            ref time,
            2,
            state
        );
        Assert.Equal(IntegrationEnd.NotFinite, end);
        Near.Equal(0.5, time, 1e-9, "where the domain ends");
        Assert.Equal(
            IntegrationEnd.NotFinite,
            new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(
                new DelegateFlow(1, (t, x, d) => d[0] = double.NaN),
                ref time,
                2,
                state
            )
        );
    }

    [Fact]
    public void Advice_OfEveryEnd_SaysWhatToDo()
    {
        foreach (var end in Enum.GetValues<IntegrationEnd>())
            Assert.EndsWith(".", end.Advice(), StringComparison.Ordinal);
        Assert.Equal(
            [IntegrationEnd.Reached, IntegrationEnd.Stopped, IntegrationEnd.Event],
            Enum.GetValues<IntegrationEnd>().Where(e => e.Succeeded())
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => ((IntegrationEnd)99).Advice());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_Samples_AreTheSolutionAtThoseTimes(string name)
    {
        var (seen, time) = (new List<int>(), 0.0);
        double[] state = [0.7],
            times = [-1, 0, 0.1, 0.25, 1, 1.9999, 2, 3];
        var integrator = TestedMethod.Named(name).Create(new IntegrationOptions(1e-8, 1e-8));
        var worst = 0.0;
        integrator.Integrate(
            new Forced(),
            ref time,
            2,
            state,
            new Sampler(
                times,
                (i, t, x) =>
                {
                    seen.Add(i);
                    Assert.Equal(times[i], t);
                    worst = Math.Max(worst, Math.Abs(x[0] - (Math.Sin(t) + (0.7 * Math.Exp(-t * t)))));
                }
            )
        );
        Assert.Equal([1, 2, 3, 4, 5, 6], seen);
        // As at the end of a step (a contracting flow: 2e-8 a step at most), and within a step the extension's own error. That is of one order less than the step's for the fifth-order methods, so h^5 where the controlled estimate is h^5 too: a few tolerances.
        Near.Equal(0, worst, 2e-8 * integrator.Cost.Accepted, "worst sample");
    }

    private readonly struct Forced : IFlow
    {
        public int Dimension => 1;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) =>
            derivative[0] = (-2 * time * (state[0] - Math.Sin(time))) + Math.Cos(time);
    }

    private readonly struct Square : IFlow
    {
        public int Dimension => 1;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) =>
            derivative[0] = state[0] * state[0];
    }
}
