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
                Near.Equal(valley.Eigenvalues(path[t])[0], forecast.Sharpness[t], 1e-12 + (20 * bound[t]), $"S after {t} steps");
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
            decayed.Add([.. decayed[^1].Select(x => Enumerable.Range(0, r).Select(i => x[i] - (StepSize * Enumerable.Range(0, r).Sum(j => krylov.Hessian[i, j] * x[j]))).ToArray())]);
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
                    for (var k = 1; k <= valley.Order; k++) moment -= StepSize * Dot(krylov.Gradients[j - 1], decayed[t - 1 - s][k - 1]) * Scaled(u[s], k);
                }

                force += moment * Scaled(u[t], j - 1);
            }

            u[t + 1] = u[t] - (StepSize * force);
            Near.Equal(forecast.Displacement[t + 1], u[t + 1], 10 * bound[t + 1], $"u after {t + 1} steps");
        }
    }

    [Property]
    public void MemoryTheory_SmallerKrylovSpace_IsExactAtFirstAndNoFurtherThanItsLag(Seed seed)
    {
        // With only the starting block the forecast of u is exact for the first steps: memory of lag 0 enters m at the second step and lag 1 (T itself) at the third, both of which the block holds.
        var (_, jet, path, bound) = Instance(seed, new Size(8), 7);
        if (path.Count < 4) return;
        var forecast = new MemoryTheory(jet.Order).Predict(jet, StepSize, 3);
        for (var t = 0; t <= 3; t++) Near.Equal(path[t][0] - path[0][0], forecast.Displacement[t], bound[t], $"u after {t} steps");
    }

    private static (PolynomialValley Valley, Jet Jet, List<double[]> Path, List<double> Bound) Instance(Seed seed, Size size, int krylov)
    {
        var random = seed.Random();
        var order = 2 + (size.Value % 4);
        var valley = RandomLandscapes.RelaxingValley(random, order, size.Value);
        double[] theta = [RandomLandscapes.Uniform(random, 0.3), .. RandomLandscapes.Vector(random, size.Value, 0.3)], gradient = new double[theta.Length];
        using var point = valley.At((double[])theta.Clone());
        var jet = Jet.Along(valley, point, valley.UnstableDirection(), order, gap: 1, krylov: krylov);
        List<double[]> path = [[.. theta]];
        // A few hundred roundings a step on numbers below 3, amplified by the local expansion 1 + eta |H| of each step; the Krylov basis adds rounding of the same kind. The run is cut where it leaves |theta| < 3.
        List<double> bound = [1e-13];
        for (var t = 0; t < Steps; t++)
        {
            var values = valley.Eigenvalues(theta);
            valley.Gradient(theta, gradient);
            for (var i = 0; i < theta.Length; i++) theta[i] -= StepSize * gradient[i];
            if (Near.Scale(theta) > 3) break;
            path.Add([.. theta]);
            bound.Add((bound[^1] * (1 + (StepSize * Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]))))) + 1e-13);
        }

        return (valley, jet, path, bound);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Scaled(double u, int n) => Enumerable.Range(1, n).Aggregate(1.0, (product, i) => product * u / i);
}
