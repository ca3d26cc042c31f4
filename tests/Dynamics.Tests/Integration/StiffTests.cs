using System.Text.Json;
using FlatBias.Dynamics.Integration;
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
        var (times, states) = (oracle.GetProperty("t").Deserialize<double[]>()!, oracle.GetProperty("y").Deserialize<double[][]>()!);
        var flow = new DelegateFlow(2, (t, x, d) => (d[0], d[1]) = (x[1], (1000 * (1 - (x[0] * x[0])) * x[1]) - x[0]));
        var integrator = new Rosenbrock(RosenbrockTableau.Rodas4, new IntegrationOptions(1e-8, 1e-10));
        double[] state = oracle.GetProperty("start").Deserialize<double[]>()!;
        var (time, evaluations) = (0.0, 0L);
        for (var i = 0; i < times.Length; i++)
        {
            Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(new DifferencedFlow<DelegateFlow>(flow), ref time, times[i], state));
            evaluations += integrator.Cost.Evaluations;
            // The oracle is trusted to 1e-5 away from the jumps; 806 lies close before one, where x' = x/(mu (1 - x^2)) has stretched errors by more than a hundred.
            Near.Equal(states[i][0], state[0], times[i] == 806 ? 1e-3 : 1e-5, $"x({times[i]})");
        }

        // An explicit method is held to steps of about 3.3/(mu (x^2 - 1)) > 3.3/3000 over 2000 units of time: over 1e6 steps of 6 evaluations. A hundredth of that is no matter of luck.
        Assert.InRange(evaluations, 1, 60_000);
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
        Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(new DifferencedFlow<DelegateFlow>(flow), ref time, 2, state));
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
        Assert.Contains("forward only", Assert.Throws<ArgumentException>(() => integrator.Integrate(flow, ref time, 0, state)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => integrator.Step(flow, 0, -0.1, state));
        Assert.Equal(1, state[0]);
    }

    [Property]
    public void DifferencedFlow_PolynomialSystem_HasTheExactDerivatives(Seed seed)
    {
        var random = seed.Random();
        double[] x = Draw.Vector(random, 3, 2), jacobian = new double[9], change = new double[3];
        var t = Draw.Uniform(random, 2);
        var flow = new DifferencedFlow<DelegateFlow>(new DelegateFlow(3, (s, y, d) => (d[0], d[1], d[2]) = (y[0] * y[1], (s * s) - (y[2] * y[0]), (s * y[1]) + (y[2] * y[2]))));
        // Lengths given: forward differences at 1e-8 truncate to 1e-8 (second derivatives up to 2), with rounding 2 eps |f| / 1e-8 and |f| <= 8;
        // three points at 1e-5 and 2e-5 are exact for a parabola, up to rounding of 4 eps |f| / 1e-5.
        flow.Jacobian(t, x, [1e-8, -1e-8, 1e-8], jacobian);
        flow.TimeDerivative(t, x, 1e-5, change);
        Near.Equal([x[1], x[0], 0, -x[2], 0, -x[0], 0, t, 2 * x[2]], jacobian, 1e-8 + (2 * Near.Roundoff * 8 / 1e-8), "Jacobian");
        Near.Equal([0, 2 * t, x[1]], change, 4 * Near.Roundoff * 8 / 1e-5, "time derivative");
    }

    [Property]
    public void DenseLu_RandomSystem_SolvesIt(Seed seed, Size size)
    {
        var (random, n) = (seed.Random(), size.Value);
        double[] matrix = Draw.Vector(random, n * n), solution = Draw.Vector(random, n), right = new double[n];
        // The first pivot is zero, so that rows must be exchanged wherever they can be.
        if (n > 1) matrix[0] = 0;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++) right[i] += matrix[(i * n) + j] * solution[j];
        var lu = new DenseLu();
        lu.Prepare(n);
        matrix.CopyTo(lu.Matrix);
        double[] x = [.. right];
        Assert.True(lu.Factor());
        lu.Solve(x);
        // Backward stability: (A + dA) x = b with |dA| <= 2 n^2 2^(n-1) eps max|A| in the worst case of growth, and the rounding of b itself. The residual does not know the condition number, |x| does.
        for (var i = 0; i < n; i++)
        {
            var residual = right[i];
            for (var j = 0; j < n; j++) residual -= matrix[(i * n) + j] * x[j];
            Near.Equal(0, residual, 2 * n * n * Math.Pow(2, n - 1) * Near.Roundoff * n * Near.Scale(x), $"residual {i}");
        }
    }

    [Fact]
    public void DenseLu_SingularMatrix_SaysSo()
    {
        var lu = new DenseLu();
        lu.Prepare(2);
        new double[] { 1, 2, 2, 4 }.CopyTo(lu.Matrix);
        Assert.False(lu.Factor());
        new[] { double.NaN, 1, 1, 1 }.CopyTo(lu.Matrix);
        Assert.False(lu.Factor());
    }
}
