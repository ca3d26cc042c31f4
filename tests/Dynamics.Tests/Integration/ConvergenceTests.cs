using FlatBias.Dynamics.Integration;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Integration;

/// <summary>The order of every method and of its continuous extension, measured; and MathNet's classical Runge-Kutta method as an oracle.</summary>
public class ConvergenceTests
{
    public static TheoryData<string> Methods => TestedMethod.Names;

    // Hairer, Norsett and Wanner (1993): a nonlinear system that depends on time, with solution e^(sin t^2), e^(5 sin t^2), sin t^2 + 1, cos t^2.
    private static DelegateFlow Problem { get; } =
        new(
            4,
            (t, x, d) =>
            {
                d[0] = 2 * t * Math.Pow(x[1], 0.2) * x[3];
                d[1] = 10 * t * Math.Exp(5 * (x[2] - 1)) * x[3];
                d[2] = 2 * t * x[3];
                d[3] = -2 * t * Math.Log(x[0]);
            }
        );

    [Theory]
    [MemberData(nameof(Methods))]
    public void Step_NonAutonomousSystem_ConvergesAtItsOrder(string name)
    {
        var method = TestedMethod.Named(name);
        var integrator = method.Create(new IntegrationOptions());
        var (steps, errors) = (new List<double>(), new List<double>());
        foreach (var refinement in new[] { 1.0, 1.5, 2 })
        {
            var count = (int)(refinement * method.CoarseSteps);
            var state = Exact(0.2);
            for (var i = 0; i < count; i++)
                integrator.Step(Problem, 0.2 + (i / (double)count), 1.0 / count, state);
            steps.Add(1.0 / count);
            errors.Add(Distance(state, Exact(1.2)));
        }

        // The next term of the error, smaller by a factor of order h, turns the slope a little: the order is the nearest whole number.
        Assert.InRange(Slope(steps, errors), method.Order - 0.5, method.Order + 0.5);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Step_InterpolantWithinOneStep_ConvergesAtItsOrder(string name)
    {
        var method = TestedMethod.Named(name);
        var integrator = method.Create(new IntegrationOptions());
        var (steps, errors) = (new List<double>(), new List<double>());
        foreach (var refinement in new[] { 1.5, 2, 2.5 })
        {
            const double start = 0.4;
            var (step, state, within, error) = (
                1 / (refinement * method.CoarseSteps),
                Exact(start),
                new double[4],
                0.0
            );
            var interpolant = integrator.Step(Problem, start, step, state);
            for (var p = 1; p < 10; p++)
            {
                interpolant.Evaluate(start + (0.1 * p * step), within);
                error = Math.Max(error, Distance(within, Exact(start + (0.1 * p * step))));
            }

            interpolant.Evaluate(start + step, within);
            Assert.Equal(state, within);
            interpolant.Evaluate(start, within);
            Assert.Equal(Exact(start), within);
            steps.Add(step);
            errors.Add(error);
        }

        // One step from the exact solution: order q means an error of order h^(q + 1).
        Assert.InRange(Slope(steps, errors), method.DenseOrder + 0.5, method.DenseOrder + 1.5);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Integrate_AgainstMathNetsFourthOrder_Agrees(string name)
    {
        Control.MaxDegreeOfParallelism = 1;
        double[] start = [1, 0.5];
        var (coarse, fine) = (MathNetEnd(start, 2001), MathNetEnd(start, 4001));
        double[] state = [.. start];
        var time = 0.0;
        Assert.Equal(
            IntegrationEnd.Reached,
            TestedMethod.Named(name).Create(new IntegrationOptions(1e-9, 1e-9)).Integrate(Forced, ref time, 4, state)
        );
        // Order 4: the error of the finer run is a fifteenth of the difference, up to terms of relative order h. Ours: errors of 1e-9 a step, over some tens to thousands of steps of a flow that stretches by less than 10 in this time.
        var theirs = Math.Max(Math.Abs(fine[0] - coarse[0]), Math.Abs(fine[1] - coarse[1])) / 15;
        for (var i = 0; i < 2; i++)
            Testing.Near.Equal(fine[i], state[i], (2 * theirs) + 1e-7, $"component {i}");
        Assert.InRange(theirs, 0, 1e-9);
    }

    private static DelegateFlow Forced { get; } =
        new(
            2,
            (t, x, d) =>
            {
                d[0] = x[1];
                d[1] = ((1 - (x[0] * x[0])) * x[1]) - x[0] + (0.5 * Math.Cos(2 * t));
            }
        );

    private static double[] MathNetEnd(double[] start, int points) =>
        [
            .. MathNet.Numerics.OdeSolvers.RungeKutta.FourthOrder(
                Vector<double>.Build.Dense([.. start]),
                0,
                4,
                points,
                (t, x) =>
                {
                    var derivative = new double[2];
                    Forced.Derivative(t, x.AsArray(), derivative);
                    return Vector<double>.Build.Dense(derivative);
                }
            )[^1],
        ];

    private static double[] Exact(double t) =>
        [Math.Exp(Math.Sin(t * t)), Math.Exp(5 * Math.Sin(t * t)), Math.Sin(t * t) + 1, Math.Cos(t * t)];

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var distance = 0.0;
        for (var i = 0; i < a.Length; i++)
            distance = Math.Max(distance, Math.Abs(a[i] - b[i]));
        return distance;
    }

    /// <summary>The least-squares slope of log error against log step.</summary>
    private static double Slope(List<double> steps, List<double> errors) =>
        Fit.Line([.. steps.Select(h => Math.Log(h))], [.. errors.Select(e => Math.Log(e))]).B;
}
