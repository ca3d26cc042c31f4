using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Stability;

/// <summary>Gradient descent as a dynamical system: Lyapunov spectra through its Hessian, and the flips of the balanced line (3.9).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class DescentStabilityTests
{
    [Property]
    public void OfDescent_Quadratic_IsTheLogarithmOfEveryFactor(Seed seed, Size size)
    {
        // (2.1): the tangent map is I - eta A everywhere. Factors 0.9, 0.72, ...: a ratio of 0.8 per step, which 300 transient steps raise to 1e-29.
        var (random, n) = (seed.Random(), size.Value);
        double[] factors =
        [
            .. Enumerable.Range(0, n).Select(i => 0.9 * Math.Pow(0.8, i) * (random.Next(2) == 0 ? 1 : -1)),
        ];
        const double eta = 0.5;
        var bowl = QuadraticBowl.WithSpectrum([.. factors.Select(f => (1 - f) / eta)], random.Next(), null);
        var spectrum = Lyapunov.OfDescent(
            bowl,
            eta,
            RandomLandscapes.Vector(random, n, 1),
            new LyapunovOptions(n, 10, 4, 300)
        );
        // A product with the Hessian rounds by n u times entries up to 4, against a factor of 0.19 at least.
        Near.Equal([.. factors.Select(f => Math.Log(Math.Abs(f)))], spectrum.Exponents, 1e-12, "ln |1 - eta lambda|");
        Assert.Equal(LyapunovEnd.Completed, spectrum.End);
    }

    [Property]
    public void Recording_WithAllExponents_SumsToTheLogarithmOfTheDeterminant(Seed seed, Size size)
    {
        // On a quadratic, det(I - eta A) = prod (1 - eta lambda) at every step, whatever frame is carried.
        var (random, n) = (seed.Random(), size.Value);
        double[] eigenvalues = [.. Enumerable.Range(0, n).Select(_ => 0.1 + (3.7 * random.NextDouble()))];
        const double eta = 0.25;
        var bowl = QuadraticBowl.WithSpectrum(eigenvalues, random.Next(), null);
        var probe = new CurvatureProbeOptions(1, new LanczosOptions(1e-12)) { Exponents = n };
        var series = Recording
            .Run(
                bowl,
                OptimiserSpec.GradientDescent,
                eta,
                new DescentLimits(10),
                RandomLandscapes.Vector(random, n, 1),
                probe,
                5
            )
            .Series;
        // Every factor is at least 1 - 0.25 * 3.8 = 0.05, so a stretch of norm 0.05 is rounded by n^2 u / 0.05 relative, below 1e-12 for n up to 6.
        var sum = Enumerable.Range(1, n).Sum(i => series[$"lyapunov_{i}"][^1]);
        Near.Equal(eigenvalues.Sum(l => Math.Log(1 - (eta * l))), sum, 1e-12 * n, "sum of exponents");
    }

    [Property]
    public void OfDescent_Landscape_IsTheSpectrumOfItsMapByDualNumbers(Seed seed)
    {
        // Two implementations and two routes to H v, the same frame: 40 steps of a stable descent keep the roundings at 1e-14 or so; the least stretch, |1 - eta lambda| near 0, may magnify them.
        var random = seed.Random();
        var network = new ScalarProduct(3, 1);
        double[] start = [.. RandomLandscapes.Vector(random, 3, 0.2).Select(x => 1 + x)];
        var options = new LyapunovOptions(3, 10, 4, 0, random.Next());
        var map = new TangentMap<DualMap<DescentFormula<ScalarProductModel>>>(new(new(network.Model, 3, 0.2)));
        var expected = Lyapunov.Spectrum(map, start, options);
        var actual = Lyapunov.OfDescent(network, 0.2, start, options);
        Near.Equal(expected.Exponents, actual.Exponents, 1e-9, "exponents");
        Assert.Equal(expected.History.Length, actual.History.Length);
    }

    [Fact]
    public void OfDescent_DepthTwoAtStepSizeTwo_HasExponentsLogThreeAndZero()
    {
        // On the balanced line u+ = 3 u - 2 u^3; with u = sqrt 2 cos a that is minus Chebyshev's T_3: a+ = 3 a + pi. Its stretches 3 |sin 3a / sin a| telescope, so the exponent is ln 3 to a bounded term (below 15) over n.
        // Across the line (3.1) gives the factor 1 - eta^2 z'^2 = 1 - 4 cos^2 2a, whose logarithm has mean 2 ln(2/2) = 0 over the uniform a: exponent 0, to the statistical error.
        var network = new ScalarProduct(2, 1);
        double[] theta = [0.3, 0.3];
        var spectrum = Lyapunov.OfDescent(network, 2, theta, new LyapunovOptions(2, 2000, 50, 10));
        Near.Equal(Math.Log(3), spectrum.Exponents[0], 15e-5, "along the line");
        Near.Equal(0, spectrum.Exponents[1], 4 * spectrum.StandardErrors[1], "across it");
        Assert.InRange(spectrum.StandardErrors[1], 1e-4, 0.02);
        Assert.Equal(theta[0], theta[1]);
    }

    [Fact]
    public void OfDescent_DivergentAndSingularRuns_SaySo()
    {
        var bowl = new QuadraticBowl(
            new double[,]
            {
                { 1, 0 },
                { 0, 4 },
            },
            [0, 0]
        );
        Assert.Equal(
            LyapunovEnd.Diverged,
            Lyapunov.OfDescent(new ScalarProduct(3), 3, [2, 2, 2], new LyapunovOptions(1, 100)).End
        );
        var singular = Lyapunov.OfDescent(bowl, 1, [1, 1], new LyapunovOptions(2, 10, 4, 0));
        Assert.Equal((LyapunovEnd.Collapsed, double.NegativeInfinity), (singular.End, singular.Exponents[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Lyapunov.OfDescent(bowl, 0, [1, 1], new LyapunovOptions(1, 10))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Lyapunov.OfDescent(bowl, 1, [1, 1], new LyapunovOptions(3, 10))
        );
    }

    [Fact]
    public void OfDescent_AtAMinimum_IsItsSpectrumAllTheSame()
    {
        // Nothing moves, and the tangent map is diag(1 - eta lambda); 200 steps of the transient align the frame to (0.2/0.5)^200.
        var bowl = new QuadraticBowl(
            new double[,]
            {
                { 1, 0 },
                { 0, 1.6 },
            },
            [0, 0]
        );
        var spectrum = Lyapunov.OfDescent(bowl, 0.5, [0, 0], new LyapunovOptions(2, 10, 4, 200));
        Assert.Equal((LyapunovEnd.Completed, 40L), (spectrum.End, spectrum.Steps));
        // The logarithm of a factor that is right to a few roundings, 40 of them summed.
        Near.Equal([Math.Log(0.5), Math.Log(0.2)], spectrum.Exponents, 1e-13, "exponents");
    }

    [Fact]
    public void OfDescent_NoFiniteStartOrMoreStepsThanADescentCounts_Throws()
    {
        var bowl = new QuadraticBowl(
            new double[,]
            {
                { 1, 0 },
                { 0, 4 },
            },
            [0, 0]
        );
        Assert.Throws<ArgumentException>(() =>
            Lyapunov.OfDescent(bowl, 0.1, [double.NaN, 1], new LyapunovOptions(1, 10))
        );
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            Lyapunov.OfDescent(bowl, 0.1, [1, 1], new LyapunovOptions(1, 100_000, 100_000))
        );
        Assert.Contains(
            "10000001000 steps; a descent takes at most 2147483647",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Cascade_BalancedLine_StartsAtTwoOverDepthAndTendsToFeigenbaum(int depth)
    {
        var family = new BalancedFamily(new ScalarProduct(depth));
        var cascade = Continuation.Cascade<BalancedFamily, TangentMap<DualMap<Balanced>>>(
            family,
            1,
            [1],
            1.5 / depth,
            7,
            new ContinuationOptions(1.0 / depth, 4.0 / depth, 0.01 / depth, 0.1)
        );
        Assert.Equal(7, cascade.Flips.Count);
        // The multiplier is 1 - eta N, and the corrector's tolerance 1e-12.
        Near.Equal(2.0 / depth, cascade.Flips[0].Parameter, 1e-11, "onset");
        Feigenbaum.Check(cascade.Ratios);
        // (4.6) with l' = u^(2N-1) - u^(N-1), the loss of one parameter.
        var (a, b) = ((2.0 * depth) - 1, depth - 1.0);
        var (m3, m4) = ((a * (a - 1)) - (b * (b - 1)), (a * (a - 1) * (a - 2)) - (b * (b - 1) * (b - 2)));
        var c = FlipNormalForm.Coefficient(2.0 / depth, m3, m4);
        // Second differences with h = 1e-4 have the truncation h^2 f''''' / 72, f''''' below (2 N)^5 eta.
        Near.Equal(
            c,
            FlipCoefficient.At(family.At(cascade.Flips[0].Parameter), cascade.Flips[0].Orbit),
            1e-9 * Math.Pow(2 * depth, 5) + 1e-6,
            "c"
        );
    }

    [Fact]
    public void Compute_CatapultMap_SettlesBelowFourAndFlattensAboveTwo()
    {
        // (6.3) at y = 0 from small d: rows are eta lambda = 0.25, 0.75, ..., 5.25, clear of the thresholds.
        const double eta = 0.5;
        var map = new CatapultMap(eta, 10, 0);
        var rows = new GridAxis(1, 0.25 / eta, 5.25 / eta, 11);
        var basins = Basins.Compute(map, [0, 0], new GridAxis(0, 0.001, 0.01, 4), rows, new BasinOptions(5000, 1));
        for (var r = 0; r < rows.Count; r++)
        {
            var kernel = rows.At(r);
            foreach (var label in basins.Labels[r])
            {
                if (CatapultMap.Region(eta, kernel) == CatapultRegion.Divergent)
                {
                    Assert.Equal(BasinMap.Diverged, label);
                    continue;
                }

                var end = Assert.Single(basins.Attractors[label]);
                // A tenth of a millionth of the way that d went, or of its axis: at most 0.1 or so at the peak of a
                // catapult.
                Near.Equal(0, end[0], 1e-7, "d");
                // Lazy: lambda falls by sum eta d^2 (4 - eta lambda) / n <= 0.5 * 1e-4 * 4 / 10 / (1 - 0.75^2) < 1e-4. Catapult: below the edge at the end.
                if (CatapultMap.Region(eta, kernel) == CatapultRegion.Lazy)
                    Near.Equal(kernel, end[1], 1e-4, "lambda");
                else
                    Assert.InRange(eta * end[1], 0, 2);
            }
        }
    }

    [Fact]
    public void Measure_BoundaryOfZhusQuartic_ChoosesTheLevelsWhereLocalSlopesAgree()
    {
        // Cells of a grid of 1024 x 1024 starts whose neighbour to the right or above ends otherwise. From level 5 to
        // three below the grid's the slope is 1.733 (on 2048 x 2048); over all levels 1.66 +- 0.02.
        const int n = 1024;
        var map = new ZhuQuartic().AsMap(0.2);
        var diverges = new bool[n, n];
        Parallel.For(
            0,
            n,
            i =>
            {
                double[] state = new double[2],
                    next = new double[2];
                for (var j = 0; j < n; j++)
                {
                    (state[0], state[1]) = (3 + (0.4 * i / (n - 1)), 0.1 + (0.4 * j / (n - 1)));
                    for (var t = 0; t < 250 && !diverges[i, j]; t++)
                    {
                        map.Step(state, next);
                        (state, next) = (next, state);
                        diverges[i, j] = !(Math.Abs(state[0]) < 1e3 && Math.Abs(state[1]) < 1e3);
                    }
                }
            }
        );
        List<double> boundary = [];
        for (var i = 0; i < n - 1; i++)
        for (var j = 0; j < n - 1; j++)
            if (diverges[i, j] != diverges[i + 1, j] || diverges[i, j] != diverges[i, j + 1])
                boundary.AddRange([i, j]);
        var result = BoxCounting.Measure(boundary.ToArray(), 2);
        Near.Equal(1.733, result.Dimension, result.StandardError, "dimension");
        Assert.InRange(result.StandardError, 0.005, 0.04);
        Assert.Equal((4, 7), (result.CoarsestLevel, result.FinestLevel));
    }

    private readonly struct Balanced(ScalarProduct network, double stepSize) : IMapFormula
    {
        private readonly ScalarProduct _network = network;
        private readonly double _stepSize = stepSize;

        public int Dimension => 1;

        public void Step<T>(ReadOnlySpan<T> current, Span<T> next)
            where T : struct, IReal<T> => next[0] = _network.BalancedStep(current[0], _stepSize);
    }

    private readonly struct BalancedFamily(ScalarProduct network) : IMapFamily<TangentMap<DualMap<Balanced>>>
    {
        private readonly ScalarProduct _network = network;

        public TangentMap<DualMap<Balanced>> At(double parameter) => new(new(new Balanced(_network, parameter)));
    }
}
