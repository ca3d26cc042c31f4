using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The coupled system (3.7) against gradient descent on z = Theta^2.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class CoupledMapTests
{
    private static readonly TwoParameterNetwork<PowerLink> Network = new(new PowerLink(2));

    [Property]
    public void Step_AnyPoint_IsOneStepOfDescent(Real a, Real b, LogUniform step)
    {
        double[] theta = [3 * a.Value, 3 * b.Value],
            gradient = new double[2],
            next = new double[2];
        var stepSize = step.In(1e-3, 0.3);
        var state = Network.State(theta);
        Network.Gradient(theta, gradient);
        var moved = Network.State([theta[0] - (stepSize * gradient[0]), theta[1] - (stepSize * gradient[1])]);
        new CoupledMap(stepSize).Step([state.Product, state.SquaredNorm], next);
        // A dozen operations; the largest intermediate is s (1 + q)^2 with q = eta |z'|.
        var size = state.SquaredNorm * Math.Pow(1 + Math.Abs(stepSize * state.Slope), 2);
        Near.Equal(moved.Product, next[0], 64 * Near.Roundoff * size, "Theta+");
        Near.Equal(moved.SquaredNorm, next[1], 64 * Near.Roundoff * size, "s+");
    }

    [Property]
    public void Eigenvalues_AnyPoint_AreThoseOfTheHessian(Real a, Real b)
    {
        double[] theta = [3 * a.Value, 3 * b.Value];
        var state = Network.State(theta);
        if (state.SquaredNorm == 0)
            return;
        var (leading, trailing) = CoupledMap.Eigenvalues(state.Product, state.SquaredNorm);
        var dense = Network.Eigenvalues(theta);
        Near.Equal(dense[0], leading, 32 * Near.Roundoff * dense[0], "lambda_+");
        Near.Equal(dense[1], trailing, 32 * Near.Roundoff * dense[0], "lambda_-");
    }

    [Property]
    public void Norm_InsideTheUnstableBand_FallsMonotonically(Real small, Real at)
    {
        // 1 < eta s < 2: s falls at every step while |Theta| is not zero, and below that band the origin attracts.
        const double stepSize = 0.01;
        double[] state = [(1e-3 * small.Value) + 2e-3, at.In(1.01, 1.99) / stepSize],
            next = new double[2];
        var map = new CoupledMap(stepSize);
        for (var t = 0; t < 3000; t++)
        {
            map.Step(state, next);
            Assert.True(next[1] <= state[1], $"s rose from {state[1]:R} to {next[1]:R} at step {t}");
            next.CopyTo(state, 0);
        }

        Assert.True(stepSize * state[1] < 1, $"eta s ended at {stepSize * state[1]}");
    }

    [Property]
    public void Prediction_OnTheNetworkItself_IsExactDescent(Real a, Real at)
    {
        const double stepSize = 0.01;
        const int steps = 60;
        double[] theta = [(0.2 * a.Value) + 0.21, Math.Sqrt(at.In(0.5, 1.9) / stepSize)];
        var jet = Jet.Measure(Network, theta, 2, new LanczosOptions(1e-12));
        var forecast = new CoupledMapTheory().Predict(jet, stepSize, steps);
        Assert.Null(forecast.Declined);
        // The start is read off two eigenvalues. Their error is at most 128 u S (solver and rounding), so Theta^2 = -lambda_1 lambda_P / 12 is off by a relative 128 u S / |lambda_P|, Theta by half of that, and s by a relative
        // 128 u. The run carries this on by its own sensitivity, which a neighbouring orbit of the map measures to first order; 4 for what is beyond it.
        var begin = Network.State(theta);
        var (leading, trailing) = begin.Eigenvalues;
        var error = 128 * Near.Roundoff * (1 + (leading / (2 * Math.Abs(trailing))));
        const double nudge = 1e-7;
        var orbit = Orbit.Record(new CoupledMap(stepSize), [begin.Product, begin.SquaredNorm], steps);
        var beside = Orbit.Record(
            new CoupledMap(stepSize),
            [begin.Product * (1 + nudge), begin.SquaredNorm * (1 + nudge)],
            steps
        );
        var gradient = new double[2];
        var sensitivity = 1.0;
        for (var t = 0; t <= steps; t++)
        {
            var state = Network.State(theta);
            var (here, there) = (
                CoupledMap.Eigenvalues(orbit[0][t], orbit[1][t]).Leading,
                CoupledMap.Eigenvalues(beside[0][t], beside[1][t]).Leading
            );
            sensitivity = Math.Max(sensitivity, Math.Abs((there / here) - 1) / nudge);
            Near.Equal(
                state.Eigenvalues.Leading,
                forecast.Sharpness[t],
                4 * sensitivity * (error + ((t + 1) * 64 * Near.Roundoff)) * state.Eigenvalues.Leading,
                $"S_{t}"
            );
            Network.Gradient(theta, gradient);
            for (var i = 0; i < 2; i++)
                theta[i] -= stepSize * gradient[i];
        }
    }

    [Fact]
    public void Iterate_ManySteps_AllocatesNothing()
    {
        double[] state = [0.01, 120],
            scratch = new double[2];
        var map = new CoupledMap(0.01);
        Orbit.Iterate(map, state, scratch, 1_000_000); // at full length: the JIT compiles the loop anew while it runs, and that allocates
        var before = GC.GetAllocatedBytesForCurrentThread();
        Orbit.Iterate(map, state, scratch, 1_000_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
