using FlatBias.Quadratic.Landscapes;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The promise of <see cref="Landscape"/>: evaluation allocates nothing.</summary>
public class AllocationTests
{
    public static TheoryData<string> Names => [.. RandomLandscapes.All.Keys, "formula"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Descent_ManySteps_AllocatesNothingPerStep(string name)
    {
        var random = new Random(11);
        var landscape = Make(name, random);
        var start = RandomLandscapes.Vector(random, landscape.Dimension, 0.1);
        double[] theta = new double[start.Length],
            gradient = new double[start.Length];
        Run(10); // compiles
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int steps)
        {
            for (var t = 0; t < steps; t++)
            {
                // Back to the start now and then: some of these are unbounded below, and overflow is not the point.
                if (t % 100 == 0)
                    start.CopyTo(theta, 0);
                landscape.Gradient(theta, gradient);
                for (var i = 0; i < theta.Length; i++)
                    theta[i] -= 1e-3 * gradient[i];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_OfEveryKind_AllocateNothing(string name)
    {
        var random = new Random(12);
        var landscape = Make(name, random);
        var n = landscape.Dimension;
        double[] theta = RandomLandscapes.Vector(random, n, 1),
            v = RandomLandscapes.Vector(random, n, 1);
        double[] hessian = new double[n * n],
            gradient = new double[n],
            derivatives = new double[Landscape.HighestOrder];
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

    [Fact]
    public void BatchGradient_ManySteps_AllocatesNothing()
    {
        var network = DiagonalRegression.Random(8, 3, 0.1, 1);
        double[] theta = [0.1, 0.1, 0.1, 1, 1, 1],
            gradient = new double[6],
            slopes = new double[3];
        int[] batch = [1, 5];
        Run(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int steps)
        {
            for (var t = 0; t < steps; t++)
            {
                batch[0] = t % 8;
                network.EffectiveSlopes(theta, batch, slopes);
                network.BatchLossAndGradient(theta, batch, gradient);
                for (var i = 0; i < theta.Length; i++)
                    theta[i] -= 1e-3 * gradient[i];
            }
        }
    }

    private static Landscape Make(string name, Random random) =>
        name == "formula"
            ? new FormulaLandscape<ProductsFormula>("formula", new ProductsFormula([1, 2], [1, -1]), 6)
            : RandomLandscapes.All[name](random);
}
