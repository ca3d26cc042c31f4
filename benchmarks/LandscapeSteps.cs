using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Benchmarks;

/// <summary>
/// Steps of gradient descent on three landscapes: as a map, beside a plain loop of the same map written by hand (the baseline of each category), and through the general loop with and without measurement.
/// Times are per step; the ratio column of one run is the claim.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
[MemoryDiagnoser]
public class LandscapeSteps
{
    private const int Steps = 10_000;

    // Past the end of the Goldilocks zone: the run wanders for ever, so no variant ends early and no number decays into the denormal range.
    private const double StepSize = 1.05;
    private readonly TwoParameterNetwork<SquaredErrorLink> _network = new(new SquaredErrorLink(1));
    private readonly ScalarProduct _product = new(8);
    private readonly Quartic _quartic = Quartic.Separable(
        [.. Enumerable.Repeat(-1.0, 100)],
        [.. Enumerable.Repeat(0.5, 100)],
        [.. Enumerable.Repeat(1.0, 100)]
    );
    private readonly double[] _linear = [.. Enumerable.Repeat(-1.0, 100)],
        _square = [.. Enumerable.Repeat(0.25, 100)],
        _cube = [.. Enumerable.Repeat(1.0 / 6, 100)];
    private readonly double[] _two = new double[2],
        _twoNext = new double[2],
        _eight = new double[8],
        _eightNext = new double[8],
        _hundred = new double[100],
        _hundredNext = new double[100];

    /// <summary>The two-parameter network under squared error by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps)]
    [BenchmarkCategory("two parameters")]
    public double TwoByHand()
    {
        (_two[0], _two[1]) = (0.7, 1.5);
        for (var t = 0; t < Steps; t++)
        {
            var (x, y) = (_two[0], _two[1]);
            var pull = StepSize * ((x * y) - 1);
            _twoNext[0] = x - (pull * y);
            _twoNext[1] = y - (pull * x);
            _two[0] = _twoNext[0];
            _two[1] = _twoNext[1];
        }

        return _two[0];
    }

    /// <summary>The same as a map.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    [BenchmarkCategory("two parameters")]
    public double TwoAsMap()
    {
        (_two[0], _two[1]) = (0.7, 1.5);
        Orbit.Iterate(_network.AsMap(StepSize), _two, _twoNext, Steps);
        return _two[0];
    }

    /// <summary>The same through the general descent loop, loss and gradient norm included.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    [BenchmarkCategory("two parameters")]
    public double TwoAsDescent()
    {
        (_two[0], _two[1]) = (0.7, 1.5);
        return DescentLoop
            .Run(_network, new GradientDescent<double[]>(_network.Space), StepSize, new DescentLimits(Steps), _two, [])
            .Loss;
    }

    /// <summary>The same with the curvature measured at every step.</summary>
    [Benchmark(OperationsPerInvoke = 200)]
    [BenchmarkCategory("two parameters")]
    public int TwoMeasured() =>
        Recording
            .Run(
                _network,
                OptimiserSpec.GradientDescent,
                StepSize,
                new DescentLimits(200),
                [0.7, 1.5],
                new CurvatureProbeOptions(2, new LanczosOptions(1e-12)),
                1
            )
            .Series.Rows;

    /// <summary>The scalar product of depth 8 by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps)]
    [BenchmarkCategory("depth 8")]
    public double EightByHand()
    {
        Reset(_eight, 1.05);
        var (theta, next) = (_eight, _eightNext);
        for (var t = 0; t < Steps; t++)
        {
            var product = 1.0;
            for (var i = 0; i < theta.Length; i++)
                product *= theta[i];
            var prefix = 1.0;
            for (var i = 0; i < theta.Length; i++)
            {
                next[i] = prefix;
                prefix *= theta[i];
            }

            var scale = product - 1;
            for (var i = theta.Length - 1; i >= 0; i--)
            {
                next[i] *= scale;
                scale *= theta[i];
            }

            for (var i = 0; i < theta.Length; i++)
                next[i] = theta[i] - (0.1 * next[i]);
            (theta, next) = (next, theta);
        }

        return theta[0];
    }

    /// <summary>The same as a map.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    [BenchmarkCategory("depth 8")]
    public double EightAsMap()
    {
        Reset(_eight, 1.05);
        Orbit.Iterate(_product.AsMap(0.1), _eight, _eightNext, Steps);
        return _eight[0];
    }

    /// <summary>The separable quartic in 100 dimensions by hand.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps)]
    [BenchmarkCategory("quartic 100")]
    public double HundredByHand()
    {
        Reset(_hundred, 0.5);
        var (theta, next) = (_hundred, _hundredNext);
        for (var t = 0; t < Steps; t++)
        {
            for (var i = 0; i < theta.Length; i++)
            {
                var x = theta[i];
                next[i] = x - (0.1 * x * (_linear[i] + (x * (_square[i] + (x * _cube[i])))));
            }

            (theta, next) = (next, theta);
        }

        return theta[0];
    }

    /// <summary>The same as a map.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    [BenchmarkCategory("quartic 100")]
    public double HundredAsMap()
    {
        Reset(_hundred, 0.5);
        Orbit.Iterate(_quartic.AsMap(0.1), _hundred, _hundredNext, Steps);
        return _hundred[0];
    }

    private static void Reset(double[] theta, double value)
    {
        Array.Fill(theta, value);
        theta[0] *= 1.1;
    }
}
