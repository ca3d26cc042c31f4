using BenchmarkDotNet.Attributes;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;

namespace FlatBias.Benchmarks;

/// <summary>
/// A map of where gradient descent on z = Theta^2 ends: 1,000 x 1,000 points over step size and start, at most 2,000 steps each, ended early by convergence or divergence.
/// Times are of the whole grid. It takes 1.52e8 steps; the kernel takes 5 % more, because it looks at a point every 16 steps only.
/// </summary>
public class MapSweeps
{
    private const int Side = 1000;
    internal static readonly PlanarLimits Limits = new(2000);
    private PlanarPoints _points = new([], [], []);

    /// <summary>The starts, which a run overwrites.</summary>
    [IterationSetup]
    public void Fill() => _points = Grid();

    /// <summary>The loop that one would write: a point at a time, both variables, a look after every step.</summary>
    [Benchmark(Baseline = true)]
    public int ScalarLoop()
    {
        var steps = 0;
        for (var i = 0; i < _points.Count; i++)
        {
            var (twice, x, y, t) = (2 * _points.Parameters[i], _points.First[i], _points.Second[i], 0);
            for (var drive = double.PositiveInfinity; t < Limits.Steps && drive > Limits.Tolerance; t++)
            {
                var pull = twice * (x * y);
                (x, y) = (x - (pull * y), y - (pull * x));
                drive = Math.Abs(pull);
                if (!(drive <= Limits.Bound))
                    break;
            }

            (_points.First[i], _points.Second[i]) = (x, y);
            steps += t;
        }

        return steps;
    }

    /// <summary>The kernel on single numbers, six in flight.</summary>
    [Benchmark]
    public PlanarEnds Kernel64() => PlanarSweep.Run(new SquareNetworkKernel(1), _points, Limits, 1, 64);

    /// <summary>The kernel on the widest registers, one thread.</summary>
    [Benchmark]
    public PlanarEnds KernelWidest() => PlanarSweep.Run(new SquareNetworkKernel(1), _points, Limits);

    /// <summary>The same on two threads.</summary>
    [Benchmark]
    public PlanarEnds KernelWidestTwoThreads() => PlanarSweep.Run(new SquareNetworkKernel(1), _points, Limits, 2);

    internal static PlanarPoints Grid()
    {
        var points = new PlanarPoints(new double[Side * Side], new double[Side * Side], new double[Side * Side]);
        for (var i = 0; i < points.Count; i++)
        {
            points.Parameters[i] = 0.0002 + (0.0198 * (i % Side) / (Side - 1));
            points.First[i] = -0.1;
            points.Second[i] = 1 + (11.0 * (i / Side) / (Side - 1));
        }

        return points;
    }
}
