using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The system with memory, eqs. (4.8), (4.9), against gradient descent on relaxing valleys.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class RelaxingValleyTests
{
    private const double StepSize = 0.2;
    private const int Steps = 30;

    [Property]
    public void MemoryTheory_FullKrylovSpace_IsDescentInAllDimensions(Seed seed, Size size)
    {
        var (valley, jet, path, bound) = Instance(seed, size, size.Value);
        var forecast = new MemoryTheory(valley.Order).Predict(jet, StepSize, path.Count - 1);
        Assert.Null(forecast.Declined);
        for (var t = 0; t < path.Count; t++)
        {
            Near.Equal(path[t][0] - path[0][0], forecast.Displacement[t], bound[t], $"u after {t} steps");
            Near.Equal(valley.Loss(path[t]), forecast.Loss[t], 20 * bound[t], $"loss after {t} steps");
            // Where the basis is the whole floor the forecast Hessian is the Hessian; it moves by the error of the point times third derivatives below 20.
            if (jet.Krylov!.Dimension == valley.Dimension - 1)
                Near.Equal(
                    valley.Eigenvalues(path[t])[0],
                    forecast.Sharpness[t],
                    1e-12 + (20 * bound[t]),
                    $"S after {t} steps"
                );
        }
    }

    [Property]
    public void MemoryTheory_KernelForm_IsTheKrylovForm(Seed seed, Size size)
    {
        // (4.8) written out with dense matrix powers: m_j(t) = m_j(0) + eta sum_s a_j(s) - eta sum_s sum_k G_jk(t-1-s) u_s^k/k!.
        var (valley, jet, path, bound) = Instance(seed, size, size.Value);
        var krylov = jet.Krylov!;
        var forecast = new MemoryTheory(valley.Order).Predict(jet, StepSize, path.Count - 1);
        var r = krylov.Dimension;
        double[][] powers = [.. krylov.Gradients, krylov.Slope];
        // decayed[s][k] = (I - eta T)^s applied to b_k (last: to g_Q).
        List<double[][]> decayed = [powers];
        for (var s = 1; s < path.Count; s++)
            decayed.Add([
                .. decayed[^1]
                    .Select(x =>
                        Enumerable
                            .Range(0, r)
                            .Select(i =>
                                x[i] - (StepSize * Enumerable.Range(0, r).Sum(j => krylov.Hessian[i, j] * x[j]))
                            )
                            .ToArray()
                    ),
            ]);
        var u = new double[path.Count];
        for (var t = 0; t + 1 < path.Count; t++)
        {
            var force = 0.0;
            for (var j = 1; j <= valley.Order; j++)
            {
                var moment = jet.Moments[j - 1];
                for (var s = 0; s < t; s++)
                {
                    moment -= StepSize * Dot(krylov.Gradients[j - 1], decayed[s][^1]);
                    for (var k = 1; k <= valley.Order; k++)
                        moment -= StepSize * Dot(krylov.Gradients[j - 1], decayed[t - 1 - s][k - 1]) * Scaled(u[s], k);
                }

                force += moment * Scaled(u[t], j - 1);
            }

            u[t + 1] = u[t] - (StepSize * force);
            Near.Equal(forecast.Displacement[t + 1], u[t + 1], 10 * bound[t + 1], $"u after {t + 1} steps");
        }
    }

    [Property]
    public void MemoryTheory_SmallerKrylovSpace_IsExactUpToItsLag(Seed seed)
    {
        // K = 2: the starting block is two vectors (grad V and b_2, of which grad m_1 is a multiple), and p blocks hold the kernels of (4.8) up to lag 2p - 1. u_t needs them up to lag t - 2.
        for (var blocks = 1; blocks <= 3; blocks++)
        {
            var (_, jet, path, bound) = Instance(seed, new Size(8), 2 * blocks);
            Assert.Equal(2 * blocks, jet.Krylov!.Dimension);
            var forecast = new MemoryTheory(2).Predict(jet, StepSize, path.Count - 1);
            for (var t = 0; t <= Math.Min((2 * blocks) + 1, path.Count - 1); t++)
                Near.Equal(
                    path[t][0] - path[0][0],
                    forecast.Displacement[t],
                    bound[t],
                    $"{blocks} blocks: u after {t} steps"
                );
        }
    }

    [Fact]
    public void MemoryTheory_MoreKrylovVectors_ErrLess()
    {
        // Block Gauss quadrature of a smooth kernel: the error falls with every block added, by the mean over 60 valleys. The fourth block of a floor of eight dimensions is all of it.
        double[] errors =
        [
            .. Enumerable.Range(0, 5).Select(blocks => Enumerable.Range(0, 60).Average(i => Error(i, blocks))),
        ];
        for (var blocks = 1; blocks <= 4; blocks++)
            Assert.True(
                errors[blocks] < errors[blocks - 1] / 3,
                $"{blocks} blocks: {string.Join(", ", errors.Select(x => x.ToString("G3", System.Globalization.CultureInfo.InvariantCulture)))}"
            );

        static double Error(int seed, int blocks)
        {
            var (_, jet, path, _) = Instance(new Seed(seed), new Size(8), Math.Max(1, 2 * blocks));
            if (blocks == 0)
                jet = jet with
                {
                    Krylov = new KrylovJet(
                        new double[0, 0],
                        [
                            [],
                            [],
                        ],
                        []
                    ),
                };
            var forecast = new MemoryTheory(2).Predict(jet, StepSize, path.Count - 1);
            return path.Select((x, t) => Math.Abs(x[0] - path[0][0] - forecast.Displacement[t])).Max();
        }
    }

    private static (PolynomialValley Valley, Jet Jet, List<double[]> Path, List<double> Bound) Instance(
        Seed seed,
        Size size,
        int krylov
    )
    {
        var random = seed.Random();
        var order = 2 + (size.Value % 4);
        var valley = RandomLandscapes.RelaxingValley(random, order, size.Value);
        double[] theta = [RandomLandscapes.Uniform(random, 0.3), .. RandomLandscapes.Vector(random, size.Value, 0.3)];
        using var point = valley.At((double[])theta.Clone());
        var jet = Jet.Along(valley, point, valley.UnstableDirection(), order, gap: 1, krylov: krylov);
        var (path, bound) = BoundedPath.Follow(valley, theta, StepSize, Steps);
        return (valley, jet, path, bound);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Scaled(double u, int n) =>
        Enumerable.Range(1, n).Aggregate(1.0, (product, i) => product * u / i);
}
