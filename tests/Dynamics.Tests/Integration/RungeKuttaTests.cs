using System.Text.Json;
using FlatBias.Dynamics.Integration;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>Integration against solutions in closed form and against SciPy.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class RungeKuttaTests
{
    [Property]
    public void Integrate_NonAutonomousProblem_MeetsItsTolerance(LogUniform tolerance, Real end)
    {
        // x' = -2 t x + cos t has no closed form, but x' = -2 t (x - sin t) + cos t has x = sin t + C e^(-t^2).
        var relative = tolerance.In(1e-11, 1e-4);
        var time = -0.5;
        double[] state = [Exact(time)];
        var stop = end.In(-2, 2);
        var result = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(relative, relative)).Integrate(new Forced(), ref time, stop, state);
        Assert.Equal(IntegrationEnd.Reached, result);
        Assert.Equal(stop, time);
        // Error per step is controlled; over at most a few hundred steps it adds up, and errors made at |t| = 2 grow by at most e^4 on the way to 0.
        Near.Equal(Exact(stop), state[0], 60 * 100 * relative + 1e-13, $"x({stop})");

        static double Exact(double t) => Math.Sin(t) + (0.7 * Math.Exp(-t * t));
    }

    [Fact]
    public void Step_NonAutonomousProblem_ConvergesAtFifthOrder()
    {
        var errors = new List<double>();
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions());
        foreach (var n in new[] { 10, 20, 40, 80 })
        {
            double[] state = [0.7];
            for (var i = 0; i < n; i++) integrator.Step(new Forced(), i * 1.5 / n, 1.5 / n, state);
            errors.Add(Math.Abs(state[0] - (Math.Sin(1.5) + (0.7 * Math.Exp(-2.25)))));
        }

        // Halving the step divides the error by 2^5 up to terms of relative order h.
        for (var i = 1; i < errors.Count; i++) Assert.InRange(Math.Log2(errors[i - 1] / errors[i]), 4.7, 5.6);
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
        var flow = new SelfStabilization(oracle.GetProperty("eta").GetDouble(), oracle.GetProperty("alpha").GetDouble(), oracle.GetProperty("beta").GetDouble());
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
        double[] start = [first.In(0.5, 3), second.Value], state = [.. start];
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
        var end = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions()).Integrate(new Square(), ref time, 2, state);
        Assert.Equal(IntegrationEnd.StepTooSmall, end);
        Near.Equal(1, time, 1e-6, "time of the singularity");
    }

    [Fact]
    public void Integrate_TooFewSteps_SaysStepLimit()
    {
        var time = 0.0;
        double[] state = [0.7];
        Assert.Equal(IntegrationEnd.StepLimit, new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(MaximumSteps: 3)).Integrate(new Forced(), ref time, 50, state));
    }

    [Fact]
    public void Integrate_SteadyState_AllocatesNothing()
    {
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions());
        double[] state = [1.0, 0.1];
        var time = 0.0;
        var flow = new SelfStabilization(0.3, 1.3, 0.7);
        Allocated(5000); // at full length first: the JIT compiles the loop anew while it runs, and that allocates
        var few = Allocated(100);
        // A call may cost a constant; twenty times the steps must cost no more.
        Assert.Equal(few, Allocated(2000));

        long Allocated(double span)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            integrator.Integrate(flow, ref time, time + span, state);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Tableau_ThatViolatesACondition_IsRefusedWithItsName()
    {
        var sum = Assert.Throws<ArgumentException>(() => new ButcherTableau("wrong", 2, [0, 0.5], [[], [0.4]], [0, 1], new(1, [1, 0])));
        Assert.Contains("row 2 sums to its node", sum.Message, StringComparison.Ordinal);
        var order = Assert.Throws<ArgumentException>(() => new ButcherTableau("wrong", 2, [0, 0.4], [[], [0.4]], [0, 1], new(1, [1, 0])));
        Assert.Contains("order 2", order.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1e-3)]
    [InlineData(double.NaN)]
    public void Constructor_ToleranceNotAboveZero_NamesIt(double tolerance) =>
        Assert.Contains("relative tolerance is", Assert.Throws<ArgumentOutOfRangeException>(() => new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(tolerance))).Message, StringComparison.Ordinal);

    private readonly struct Forced : IFlow
    {
        public int Dimension => 1;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) => derivative[0] = (-2 * time * (state[0] - Math.Sin(time))) + Math.Cos(time);
    }

    private readonly struct Square : IFlow
    {
        public int Dimension => 1;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) => derivative[0] = state[0] * state[0];
    }
}
