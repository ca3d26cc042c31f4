using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>The cubic coupling (4.10) against gradient descent on a valley whose floor changes its stiffness with u: g . phi + 1/2 phi^T (H + u C) phi + sum_k (m_k + b_k . phi) u^k/k!.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class CoupledValleyTests
{
    private const double StepSize = 0.2;
    private const int Steps = 30;

    [Property]
    public void MemoryTheory_WithTheCubicCoupling_IsDescentInAllDimensions(Seed seed, Size size)
    {
        var (valley, jet, path, bound) = Instance(seed, size);
        var order = jet.Order;
        // Where the Krylov space closes early, C may lead out of it.
        if (jet.Krylov!.Dimension < valley.Dimension - 1)
            return;
        Forecast forecast = new MemoryTheory(order, cubic: true).Predict(jet, StepSize, path.Count - 1),
            without = new MemoryTheory(order).Predict(jet, StepSize, path.Count - 1);
        Assert.Null(forecast.Declined);
        for (var t = 0; t < path.Count; t++)
        {
            Near.Equal(path[t][0] - path[0][0], forecast.Displacement[t], bound[t], $"u after {t} steps");
            Near.Equal(valley.Loss(path[t]), forecast.Loss[t], 20 * bound[t], $"loss after {t} steps");
            Near.Equal(
                valley.Eigenvalues(path[t])[0],
                forecast.Sharpness[t],
                1e-12 + (20 * bound[t]),
                $"S after {t} steps"
            );
            if (t == 1)
                Assert.True(
                    Math.Abs(forecast.Sharpness[t] - without.Sharpness[t]) > 1e3 * bound[t],
                    "the coupling is there to be seen"
                );
        }
    }

    [Property]
    public void Measure_AnyPoint_GivesTheCouplingInItsBasis(Seed seed, Size size)
    {
        // The basis spans the whole floor, so that the eigenvalues of C and those of the landscape's own matrix agree; roundings of n terms of order 1.
        var (valley, jet, _, _) = Instance(seed, size);
        if (jet.Krylov!.Dimension < valley.Dimension - 1)
            return;
        Near.Equal(
            SymmetricMatrices.Eigen(Formula(seed.Random(), size).Coupling).Values,
            SymmetricMatrices.Eigen(jet.Krylov.Coupling!).Values,
            1e-12,
            "spectrum of C"
        );
    }

    private static CoupledValleyFormula Formula(Random random, Size size)
    {
        var (order, width) = (2 + (size.Value % 4), size.Value);
        var stiffness = RandomBasis.Symmetric(
            [.. Enumerable.Range(0, width).Select(_ => 0.1 + random.NextDouble())],
            random
        );
        var coupling = RandomBasis.Symmetric(
            [.. Enumerable.Range(0, width).Select(i => 0.2 + (0.3 * random.NextDouble()) + (0.1 * i))],
            random
        );
        var valley = new ValleyFormula(
            RandomLandscapes.Uniform(random, 1),
            RandomLandscapes.Vector(random, width, 0.5),
            [2, .. RandomLandscapes.Vector(random, order - 2, 1)],
            [.. Enumerable.Range(2, order - 1).Select(_ => RandomLandscapes.Vector(random, width, 1))]
        );
        return new CoupledValleyFormula(valley, stiffness, coupling);
    }

    private static (Landscape Valley, Jet Jet, List<double[]> Path, List<double> Bound) Instance(Seed seed, Size size)
    {
        var random = seed.Random();
        var formula = Formula(random, size);
        var valley = new FormulaLandscape<CoupledValleyFormula>("coupled-valley", formula, size.Value + 1);
        double[] theta = [0.1 + (0.2 * random.NextDouble()), .. RandomLandscapes.Vector(random, size.Value, 0.3)];
        using var point = valley.At((double[])theta.Clone());
        var jet = Jet.Along(
            valley,
            point,
            [1, .. new double[size.Value]],
            formula.Valley.Moments.Length + 1,
            gap: 1,
            krylov: size.Value,
            cubic: true
        );
        var (path, bound) = BoundedPath.Follow(valley, theta, StepSize, Steps);
        return (valley, jet, path, bound);
    }

    private readonly record struct CoupledValleyFormula(ValleyFormula Valley, double[,] Stiffness, double[,] Coupling)
        : ILossFunction
    {
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            var sum = Valley.Loss(theta);
            for (var i = 1; i < theta.Length; i++)
            for (var j = 1; j < theta.Length; j++)
                sum +=
                    (T)0.5 * theta[i] * theta[j] * ((T)Stiffness[i - 1, j - 1] + (theta[0] * Coupling[i - 1, j - 1]));
            return sum;
        }
    }
}
