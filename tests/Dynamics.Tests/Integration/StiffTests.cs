using System.Text.Json;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Numerics;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>The stiff method where explicit methods crawl, and its parts.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class StiffTests
{
    [Fact]
    public void Integrate_StiffVanDerPol_AgreesWithSciPy()
    {
        using var stream = typeof(SmallNet).Assembly.GetManifestResourceStream("flows-and-maps.json")!;
        using var document = JsonDocument.Parse(stream);
        var oracle = document.RootElement.GetProperty("van_der_pol_mu_1000");
        var (times, states) = (
            oracle.GetProperty("t").Deserialize<double[]>()!,
            oracle.GetProperty("y").Deserialize<double[][]>()!
        );
        var flow = new DelegateFlow(2, (t, x, d) => (d[0], d[1]) = (x[1], (1000 * (1 - (x[0] * x[0])) * x[1]) - x[0]));
        var integrator = new Rosenbrock(RosenbrockTableau.Rodas4, new IntegrationOptions(1e-8, 1e-10));
        double[] state = oracle.GetProperty("start").Deserialize<double[]>()!;
        var (time, evaluations) = (0.0, 0L);
        for (var i = 0; i < times.Length; i++)
        {
            Assert.Equal(
                IntegrationEnd.Reached,
                integrator.Integrate(new DifferencedFlow<DelegateFlow>(flow), ref time, times[i], state)
            );
            evaluations += integrator.Cost.Evaluations;
            // The oracle is trusted to 1e-5 away from the jumps; 806 lies close before one, where x' = x/(mu (1 - x^2)) has stretched errors by more than a hundred.
            Near.Equal(states[i][0], state[0], times[i] == 806 ? 1e-3 : 1e-5, $"x({times[i]})");
        }

        // An explicit method is held to steps of about 3.3/(mu (x^2 - 1)) > 3.3/3000 over 2000 units of time: over 1e6 steps of 6 evaluations. A hundredth of that is no matter of luck.
        Assert.InRange(evaluations, 1, 60_000);
    }

    [Theory]
    [InlineData(1e-8, 1e-14)]
    [InlineData(1e-9, 1e-18)]
    [InlineData(1e-6, 1e-10)]
    public void Integrate_Robertson_ReachesThePublishedEndAsWithItsJacobian(double relative, double absolute)
    {
        // Robertson (1966) to t = 1e11; the end is that of the Test Set for IVP Solvers (Mazzia, Magherini 2008).
        // Concentrations from 8e-14 to 1: lengths of its own would drown the second.
        double[] published = [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050];
        double[] differenced = [1, 0, 0],
            byHand = [1, 0, 0];
        var options = new IntegrationOptions(relative, absolute);
        var (first, second) = (
            new Rosenbrock(RosenbrockTableau.Rodas4, options),
            new Rosenbrock(RosenbrockTableau.Rodas4, options)
        );
        var (t, s) = (0.0, 0.0);
        Assert.Equal(
            IntegrationEnd.Reached,
            first.Integrate(new DifferencedFlow<Robertson>(default), ref t, 1e11, differenced)
        );
        Assert.Equal(IntegrationEnd.Reached, second.Integrate(default(Robertson), ref s, 1e11, byHand));
        // The first two decay as 1/t: an error made on the way shrinks with them, so that those of the last few factors
        // e of time are left, at most 200 steps a factor.
        for (var i = 0; i < 3; i++)
        {
            var allowed = 1000 * (absolute + (relative * published[i]));
            Near.Equal(published[i], byHand[i], allowed, $"component {i} by hand");
            Near.Equal(published[i], differenced[i], allowed, $"component {i} by differences");
        }

        // The steps are those of the solution, not of the differences: a relative error of 1e-8 in a Jacobian changes
        // few of them.
        Assert.InRange(first.Cost.Accepted, 0.99 * second.Cost.Accepted, 1.01 * second.Cost.Accepted);
    }

    [Property]
    public void Integrate_RobertsonByDifferencesInOtherUnits_TakesTheSameSteps(Real state, Real time)
    {
        var (u, s) = (Math.ScaleB(1, (int)(40 * state.Value)), Math.ScaleB(1, (int)(40 * time.Value)));
        var (one, other) = (Run(1, 1), Run(u, s));
        Assert.Equal(one.Cost, other.Cost);
        Assert.Equal(one.State, other.State.Select(x => x / u));

        static (IntegrationCost Cost, double[] State) Run(double u, double s)
        {
            var flow = new DelegateFlow(
                3,
                (t, x, d) =>
                {
                    default(Robertson).Derivative(t / s, [x[0] / u, x[1] / u, x[2] / u], d);
                    for (var i = 0; i < 3; i++)
                        d[i] *= u / s;
                }
            );
            var integrator = new Rosenbrock(RosenbrockTableau.Rodas4, new IntegrationOptions(1e-5, 1e-9 * u));
            double[] state = [u, 0, 0];
            var t = 0.0;
            integrator.Integrate(new DifferencedFlow<DelegateFlow>(flow), ref t, 1e8 * s, state);
            return (integrator.Cost, state);
        }
    }

    [Property]
    public void Integrate_StiffLinearSystem_FollowsTheSlowMode(LogUniform stiffness, Real start)
    {
        // x' = -x, y' = -k (y - x): y = k x/(k - 1) once its own mode is gone.
        var k = stiffness.In(1e2, 1e8);
        var flow = new DelegateFlow(2, (t, x, d) => (d[0], d[1]) = (-x[0], -k * (x[1] - x[0])));
        var integrator = new Rosenbrock(RosenbrockTableau.Rodas4, new IntegrationOptions(1e-7, 1e-10));
        double[] state = [1, start.In(-2, 2)];
        var time = 0.0;
        Assert.Equal(
            IntegrationEnd.Reached,
            integrator.Integrate(new DifferencedFlow<DelegateFlow>(flow), ref time, 2, state)
        );
        // Decaying modes add up 1e-7 a step, in either component, and the slow one hands its error on.
        var bound = 2 * Math.Sqrt(2) * 1e-7 * 3 * integrator.Cost.Accepted;
        Near.Equal([Math.Exp(-2), Math.Exp(-2) * k / (k - 1)], state, bound, "state");
        Assert.InRange(integrator.Cost.Accepted, 1, 400);
    }

    [Fact]
    public void Integrate_InvertedSpan_IsRefused()
    {
        var flow = new DifferencedFlow<DelegateFlow>(new DelegateFlow(1, (t, x, d) => d[0] = -x[0]));
        var integrator = new Rosenbrock(RosenbrockTableau.Rodas4, new IntegrationOptions());
        double[] state = [1];
        var time = 1.0;
        Assert.Contains(
            "forward only",
            Assert.Throws<ArgumentException>(() => integrator.Integrate(flow, ref time, 0, state)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => integrator.Step(flow, 0, -0.1, state));
        Assert.Equal(1, state[0]);
    }

    [Property]
    public void DifferencedFlow_PolynomialSystem_HasTheExactDerivatives(Seed seed)
    {
        var random = seed.Random();
        double[] x = Draw.Vector(random, 3, 2),
            jacobian = new double[9],
            change = new double[3];
        var t = Draw.Uniform(random, 2);
        var flow = new DifferencedFlow<DelegateFlow>(
            new DelegateFlow(
                3,
                (s, y, d) => (d[0], d[1], d[2]) = (y[0] * y[1], (s * s) - (y[2] * y[0]), (s * y[1]) + (y[2] * y[2]))
            )
        );
        // Lengths given: forward differences at 1e-8 truncate to 1e-8 (second derivatives up to 2), with rounding 2 eps
        // |f| / 1e-8 and |f| <= 8;
        // three points at 1e-5 and 2e-5 are exact for a parabola, up to rounding of 4 eps |f| / 1e-5.
        flow.Jacobian(t, x, [1e-8, -1e-8, 1e-8], jacobian);
        flow.TimeDerivative(t, x, 1e-5, change);
        Near.Equal(
            [x[1], x[0], 0, -x[2], 0, -x[0], 0, t, 2 * x[2]],
            jacobian,
            1e-8 + (2 * Near.Roundoff * 8 / 1e-8),
            "Jacobian"
        );
        Near.Equal([0, 2 * t, x[1]], change, 4 * Near.Roundoff * 8 / 1e-5, "time derivative");
    }

    private readonly struct Robertson : IJacobianFlow
    {
        public int Dimension => 3;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
        {
            derivative[0] = (-0.04 * state[0]) + (1e4 * state[1] * state[2]);
            derivative[2] = 3e7 * state[1] * state[1];
            derivative[1] = -derivative[0] - derivative[2];
        }

        public void Jacobian(
            double time,
            ReadOnlySpan<double> state,
            ReadOnlySpan<double> increments,
            Span<double> jacobian
        )
        {
            var (a, b, c) = (1e4 * state[2], 1e4 * state[1], 6e7 * state[1]);
            new[] { -0.04, a, b, 0.04, -a - c, -b, 0, c, 0 }.CopyTo(jacobian);
        }

        public void TimeDerivative(
            double time,
            ReadOnlySpan<double> state,
            double increment,
            Span<double> derivative
        ) => derivative.Clear();
    }
}
