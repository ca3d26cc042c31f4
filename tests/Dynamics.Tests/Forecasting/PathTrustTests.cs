using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Theories;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>(4.16) on polynomials whose dense Hessians are known everywhere.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class PathTrustTests
{
    private const int Steps = 24;

    [Property]
    public void Measure_Quartic_IsTheLargestDifferenceOfDenseSharpnesses(Seed seed, Size size, bool collocation)
    {
        var (surface, theta, v, jet, basis) = Instance(seed.Random(), size.Value + 1, 0.3);
        using var _ = basis;
        // Just past the edge: the swing stays small, and the path finite.
        var stepSize = 2.05 / jet.Sharpness;
        if (collocation)
        {
            using var point = surface.At(theta);
            var options = new CollocationOptions(Columns: 2);
            jet = CollocationJet.Along(surface, theta, point, v, basis, stepSize, Steps, options);
        }

        var (map, n) = (new MemoryMap(LocalModel.Whole(jet), stepSize), theta.Length);
        double[][] path = [.. Iterate(map).Take(Steps + 1)];
        var expected = 0.0;
        foreach (var t in PathTrust.Times([.. path.Select(y => Math.Abs(y[0]))]))
        {
            var model = new double[map.Dimension * map.Dimension];
            map.Model.Hessian(path[t], model);
            double[] place =
            [
                .. Enumerable
                    .Range(0, n)
                    .Select(i =>
                        theta[i]
                        + (path[t][0] * v[i])
                        + Enumerable.Range(1, map.Dimension - 1).Sum(j => path[t][j] * basis[j - 1][i])
                    ),
            ];
            var dense = SymmetricMatrices.Eigen(surface.Hessian(place)).Values[0];
            expected = Math.Max(expected, Math.Abs(SymmetricEigen.Leading(model, map.Dimension).Value - dense) / dense);
        }

        var trust = PathTrust.Measure(surface, theta, v, basis, jet, stepSize, Steps);

        // Up to nine dimensions: eight products span eight of them, and the ninth hides what the eighth residual leaves, at most its square over the gap; the tolerance asked for is 1e-3 of |H|, gaps are of the order of |H|.
        Near.Equal(expected, trust.Error, 1e-5, "e_S");
        Assert.InRange(trust.Points, 2, 6);
    }

    [Fact]
    public void Measure_Quadratic_FindsNoErrorWhileUGrows()
    {
        var (surface, theta, v, jet, basis) = Instance(new Random(1), 4, 0);
        using var _ = basis;
        var trust = PathTrust.Measure(surface, theta, v, basis, jet, 2.5 / jet.Sharpness, Steps);
        // A few roundings of eigenvalues of order 2.
        Near.Equal(0, trust.Error, 1e-13, "e_S");
        Assert.True(trust.Holds && !trust.IsRefused);
    }

    [Fact]
    public void Measure_PathThatLeavesTheNumbers_RefusesWithoutMeasuring()
    {
        var (surface, theta, v, jet, basis) = Instance(new Random(1), 4, 0.3);
        using var _ = basis;
        var before = surface.Cost.GradientEquivalents;
        var trust = PathTrust.Measure(surface, theta, v, basis, jet, 1e3, 200);
        Assert.True(trust.IsRefused && !trust.Holds && double.IsPositiveInfinity(trust.Error));
        Assert.Equal((0, 0.0, before), (trust.Points, trust.Cost, surface.Cost.GradientEquivalents));
        Assert.Throws<ArgumentOutOfRangeException>(() => PathTrust.Measure(surface, theta, v, basis, jet, 0, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => PathTrust.Measure(surface, theta, v, basis, jet, 1, 0));
    }

    [Theory]
    [InlineData(new double[] { 0, 1, 2, 3, 2, 1, 0.5, 0.2, 0.1 }, new[] { 3, 4, 6 })]
    // One side swings further: only its largest counts.
    [InlineData(new double[] { 0, 2, 1, 4, 2, 3, 1, 2, 0 }, new[] { 3, 4, 6 })]
    // Two excursions, of which the second ends the horizon.
    [InlineData(new double[] { 0, 5, 1, 0, 0, 1, 2, 3, 4 }, new[] { 1, 4, 6, 8 })]
    [InlineData(new double[] { 0, 1 }, new[] { 0, 1 })]
    public void Times_Swing_AreItsMaximaTheMiddleAndTheEnd(double[] swing, int[] times) =>
        Assert.Equal(times, PathTrust.Times(swing));

    private static IEnumerable<double[]> Iterate(MemoryMap map)
    {
        for (var state = new double[map.Dimension]; ; )
        {
            yield return state;
            var next = new double[map.Dimension];
            map.Step(state, next);
            state = next;
        }
    }

    /// <summary>A random polynomial with curvature about 2 along its unstable direction, off the floor, its jet with the whole floor.</summary>
    private static (
        QuarticSurface Surface,
        double[] Theta,
        double[] Direction,
        Jet Jet,
        IVectorBlock<double[]> Basis
    ) Instance(Random random, int n, double strength)
    {
        var surface = QuarticSurface.Random(
            random,
            [2, .. Enumerable.Range(0, n - 1).Select(_ => 0.1 + random.NextDouble())],
            strength,
            strength
        );
        double[] theta = [.. Enumerable.Range(0, n).Select(_ => 0.05 * ((2 * random.NextDouble()) - 1))];
        var v = SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0];
        var basis = Jet.Basis(surface.Space, n)!;
        using var point = surface.At(theta);
        return (surface, theta, v, Jet.Along(surface, point, v, 4, double.NaN, double.NaN, basis, cubic: true), basis);
    }
}
