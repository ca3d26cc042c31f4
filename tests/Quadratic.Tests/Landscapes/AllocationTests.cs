using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The promise of <see cref="Landscape"/>: evaluation allocates nothing.</summary>
public class AllocationTests
{
    public static TheoryData<string> Names => [.. RandomLandscapes.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Descent_ManySteps_AllocatesNothingPerStep(string name)
    {
        var random = new Random(11);
        var landscape = RandomLandscapes.All[name](random);
        var start = RandomLandscapes.Vector(random, landscape.Dimension, 0.1);
        double[] theta = new double[start.Length], gradient = new double[start.Length];
        Run(10); // compiles
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int steps)
        {
            for (var t = 0; t < steps; t++)
            {
                // Back to the start now and then: some of these are unbounded below, and overflow is not the point.
                if (t % 100 == 0) start.CopyTo(theta, 0);
                landscape.Gradient(theta, gradient);
                for (var i = 0; i < theta.Length; i++) theta[i] -= 1e-3 * gradient[i];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_OfEveryKind_AllocateNothing(string name)
    {
        var random = new Random(12);
        var landscape = RandomLandscapes.All[name](random);
        var n = landscape.Dimension;
        double[] theta = RandomLandscapes.Vector(random, n, 1), v = RandomLandscapes.Vector(random, n, 1);
        double[] hessian = new double[n * n], gradient = new double[n], derivatives = new double[Landscape.HighestOrder];
        Run(2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int times)
        {
            for (var t = 0; t < times; t++)
            {
                landscape.Loss(theta);
                landscape.Hessian(theta, hessian);
                landscape.DirectionalDerivatives(theta, v, derivatives);
                landscape.DirectionalGradient(theta, v, 3, gradient);
            }
        }
    }
}
