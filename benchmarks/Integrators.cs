using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FlatBias.Dynamics.Integration;

namespace FlatBias.Benchmarks;

/// <summary>
/// Dormand-Prince on the self-stabilization flow (4.5), on Lorenz's and on his ring of a hundred variables, beside the same stages in a loop written by hand at a fixed step (the baseline of each category), and with an event located.
/// Times are per evaluation of the right-hand side; the ratio column of one run is the claim.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
[MemoryDiagnoser]
public class Integrators
{
    private const int Evaluations = 60_000;
    private const double Step = 0.01;
    private readonly RungeKutta _adaptive = new(
        ButcherTableau.DormandPrince,
        new IntegrationOptions(1e-9, 1e-9, Evaluations / 6)
    );
    private readonly double[] _two = new double[2],
        _three = new double[3],
        _hundred = new double[100],
        _point = new double[100];
    private readonly double[][] _k = [.. Enumerable.Range(0, 7).Select(_ => new double[100])];
    private readonly IStepListener[] _event = [new EventLocator([new("y", (t, x) => x[1])], (e, t, x) => { })];
    private readonly IStepListener[] _never = [new EventLocator([new("y", (t, x) => x[1] + 1000)], (e, t, x) => { })];

    /// <summary>Eq. (4.5) by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Evaluations)]
    [BenchmarkCategory("(4.5)")]
    public double CycleByHand()
    {
        Start(_two);
        return ByHand(new Cycle(), _two);
    }

    /// <summary>The same flow under error control; as many attempted steps.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    [BenchmarkCategory("(4.5)")]
    public IntegrationEnd CycleAdaptive()
    {
        Start(_two);
        var time = 0.0;
        return _adaptive.Integrate(new Cycle(), ref time, 1e9, _two);
    }

    /// <summary>The same with every passage of y through zero located.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    [BenchmarkCategory("(4.5)")]
    public IntegrationEnd CycleWithEvent()
    {
        Start(_two);
        var time = 0.0;
        return _adaptive.Integrate(new Cycle(), ref time, 1e9, _two, _event);
    }

    /// <summary>The same with an event that never comes: what looking for it costs.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    [BenchmarkCategory("(4.5)")]
    public IntegrationEnd CycleWithoutEvent()
    {
        Start(_two);
        var time = 0.0;
        return _adaptive.Integrate(new Cycle(), ref time, 1e9, _two, _never);
    }

    /// <summary>Lorenz's flow by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Evaluations)]
    [BenchmarkCategory("Lorenz")]
    public double LorenzByHand()
    {
        Start(_three);
        return ByHand(new Lorenz(), _three);
    }

    /// <summary>The same flow under error control; as many attempted steps.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    [BenchmarkCategory("Lorenz")]
    public IntegrationEnd LorenzAdaptive()
    {
        Start(_three);
        var time = 0.0;
        return _adaptive.Integrate(new Lorenz(), ref time, 1e9, _three);
    }

    /// <summary>A ring of a hundred by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Evaluations)]
    [BenchmarkCategory("ring of 100")]
    public double RingByHand()
    {
        Start(_hundred);
        return ByHand(new Ring(), _hundred);
    }

    /// <summary>The same flow under error control; as many attempted steps.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    [BenchmarkCategory("ring of 100")]
    public IntegrationEnd RingAdaptive()
    {
        Start(_hundred);
        var time = 0.0;
        return _adaptive.Integrate(new Ring(), ref time, 1e9, _hundred);
    }

    // Not at rest in any of the flows, nor symmetric.
    private static void Start(double[] state)
    {
        Array.Fill(state, 1);
        if (state.Length > 3)
            state[0] = 2;
    }

    /// <summary>Dormand-Prince with every coefficient in the code, the derivative at the end reused, and the error summed but not acted upon.</summary>
    private double ByHand<TFlow>(TFlow flow, double[] x)
        where TFlow : struct, IFlow
    {
        var (n, p, k, error) = (x.Length, _point, _k, 0.0);
        flow.Derivative(0, x, k[0]);
        for (var s = 0; s < Evaluations / 6; s++)
        {
            for (var i = 0; i < n; i++)
                p[i] = x[i] + (Step * (1.0 / 5 * k[0][i]));
            flow.Derivative(0, p, k[1]);
            for (var i = 0; i < n; i++)
                p[i] = x[i] + (Step * ((3.0 / 40 * k[0][i]) + (9.0 / 40 * k[1][i])));
            flow.Derivative(0, p, k[2]);
            for (var i = 0; i < n; i++)
                p[i] = x[i] + (Step * ((44.0 / 45 * k[0][i]) - (56.0 / 15 * k[1][i]) + (32.0 / 9 * k[2][i])));
            flow.Derivative(0, p, k[3]);
            for (var i = 0; i < n; i++)
                p[i] =
                    x[i]
                    + (
                        Step
                        * (
                            (19372.0 / 6561 * k[0][i])
                            - (25360.0 / 2187 * k[1][i])
                            + (64448.0 / 6561 * k[2][i])
                            - (212.0 / 729 * k[3][i])
                        )
                    );
            flow.Derivative(0, p, k[4]);
            for (var i = 0; i < n; i++)
                p[i] =
                    x[i]
                    + (
                        Step
                        * (
                            (9017.0 / 3168 * k[0][i])
                            - (355.0 / 33 * k[1][i])
                            + (46732.0 / 5247 * k[2][i])
                            + (49.0 / 176 * k[3][i])
                            - (5103.0 / 18656 * k[4][i])
                        )
                    );
            flow.Derivative(0, p, k[5]);
            for (var i = 0; i < n; i++)
                p[i] =
                    x[i]
                    + (
                        Step
                        * (
                            (35.0 / 384 * k[0][i])
                            + (500.0 / 1113 * k[2][i])
                            + (125.0 / 192 * k[3][i])
                            - (2187.0 / 6784 * k[4][i])
                            + (11.0 / 84 * k[5][i])
                        )
                    );
            flow.Derivative(0, p, k[6]);
            for (var i = 0; i < n; i++)
            {
                var e =
                    Step
                    * (
                        (71.0 / 57600 * k[0][i])
                        - (71.0 / 16695 * k[2][i])
                        + (71.0 / 1920 * k[3][i])
                        - (17253.0 / 339200 * k[4][i])
                        + (22.0 / 525 * k[5][i])
                        - (1.0 / 40 * k[6][i])
                    );
                error += e * e;
                x[i] = p[i];
            }

            (k[0], k[6]) = (k[6], k[0]);
        }

        return error;
    }
}
