using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Theories;

namespace FlatBias.Benchmarks;

/// <summary>Steps of the reduced theories as maps, beside a plain loop of the same map written by hand (the baseline of each category). Times are per step; the ratio column of one run is the claim.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
[MemoryDiagnoser]
public class TheorySteps
{
    private const int Steps = 10_000,
        Order = 4;

    // The border eta s = 2 of (3.7), on which the run is Chebyshev's and never dies out; rounding keeps it there far longer than the loop lasts.
    private const double CoupledStep = 0.01,
        MomentStep = 0.5;
    private readonly double[] _two = new double[2],
        _twoNext = new double[2],
        _six = new double[Order + 2],
        _sixNext = new double[Order + 2],
        _start;
    private readonly Jet _jet;

    /// <summary>A supercritical valley near the edge with a little sharpening: the alternation neither dies nor escapes.</summary>
    public TheorySteps()
    {
        var gram = new double[Order, Order];
        for (var j = 1; j < Order; j++)
        for (var k = 1; k < Order; k++)
            gram[j, k] = 1e-3 / (1 + Math.Abs(j - k));
        _jet = new Jet(0, [0.2, 4.05, 0.5, -1], gram, [0, 1e-5, 0, 0], 0, 0, 4);
        _start = CurvatureMomentMap.Start(_jet);
    }

    /// <summary>The coupled map by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps)]
    [BenchmarkCategory("coupled map")]
    public double CoupledByHand()
    {
        (_two[0], _two[1]) = (37.3, 200);
        for (var t = 0; t < Steps; t++)
        {
            var (theta, s) = (_two[0], _two[1]);
            var square = theta * theta;
            _twoNext[0] = theta * (1 - (2 * CoupledStep * s) + (4 * CoupledStep * CoupledStep * square));
            _twoNext[1] = s + (4 * CoupledStep * square * ((CoupledStep * s) - 2));
            _two[0] = _twoNext[0];
            _two[1] = _twoNext[1];
        }

        return _two[0];
    }

    /// <summary>The coupled map as a map.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    [BenchmarkCategory("coupled map")]
    public double CoupledAsMap()
    {
        (_two[0], _two[1]) = (37.3, 200);
        Orbit.Iterate(new CoupledMap(CoupledStep), _two, _twoNext, Steps);
        return _two[0];
    }

    /// <summary>The moment map of order 4 by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps)]
    [BenchmarkCategory("moment map 4")]
    public double MomentByHand()
    {
        _start.CopyTo(_six, 0);
        var (state, next, gram, drift) = (_six, _sixNext, _jet.Gram, _jet.Drift);
        for (var t = 0; t < Steps; t++)
        {
            var u = state[0];
            double u2 = u * u / 2,
                u3 = u2 * u / 3,
                u4 = u3 * u / 4;
            next[0] = u - (MomentStep * (state[2] + (state[3] * u) + (state[4] * u2) + (state[5] * u3)));
            next[1] =
                state[1]
                - (
                    MomentStep
                    * (_jet.SquaredGradient - ((drift[0] * u) + (drift[1] * u2) + (drift[2] * u3) + (drift[3] * u4)))
                );
            for (var j = 0; j < Order; j++)
                next[j + 2] =
                    state[j + 2]
                    + (
                        MomentStep
                        * (drift[j] - (gram[j, 0] * u) - (gram[j, 1] * u2) - (gram[j, 2] * u3) - (gram[j, 3] * u4))
                    );
            (state, next) = (next, state);
        }

        return state[0];
    }

    /// <summary>The moment map of order 4 as a map.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    [BenchmarkCategory("moment map 4")]
    public double MomentAsMap()
    {
        _start.CopyTo(_six, 0);
        Orbit.Iterate(new CurvatureMomentMap(_jet, MomentStep), _six, _sixNext, Steps);
        return _six[0];
    }
}
