using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Stability;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Tests.Stability;

/// <summary>Period-2 orbits about a minimum from the potential of (4.29), against Newton's method on both points and the multipliers of the orbit.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class OscillationPotentialTests
{
    [Fact]
    public void Orbits_TwoDirectionsAtTheEdge_AreThoseOfNewtonToLeadingOrder()
    {
        var checkedOrbits = new Dictionary<bool, int> { [true] = 0, [false] = 0 };
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var n = random.Next(2, 7);
            // Two curvatures within some e of each other, others well below; cubic terms bound an oscillation, quartic
            // ones of either sign do not all.
            const double edge = 1e-5;
            double[] spectrum =
            [
                4,
                4 * (1 - (edge * random.NextDouble())),
                .. Enumerable.Range(2, n - 2).Select(_ => 0.5 + random.NextDouble()),
            ];
            var quartic = Quartic.Random(spectrum, 3, n + 2, 1, boundedBelow: seed % 2 == 0, random);
            var potential = new OscillationPotential(quartic, new double[n], 2);
            Near.Equal(4, potential.Curvatures[0], 1e-12, "lambda_1");
            foreach (var stepSize in new[] { 0.5 * (1 + (2 * edge)), 0.5 * (1 - edge) })
            foreach (var orbit in potential.Orbits(stepSize))
            {
                var size = Distance(orbit.First, orbit.Second);
                // Those along which q all but vanishes are large, and those about to merge with another are not simple.
                if (size > 0.2)
                    continue;
                var (first, second) = Newton(quartic, orbit.First, orbit.Second, stepSize);
                var (largest, nearest) = Multiplier(quartic, first, second, stepSize);
                if (nearest < 10 * edge * size || Math.Abs(largest - 1) < 10 * edge * size)
                    continue;
                // The next order of amplitude and centre: derivatives of size 1 over curvatures of 1/2 and more.
                Assert.True(
                    Distance(first, orbit.First) < 4 * size * size,
                    $"seed {seed}: {Distance(first, orbit.First)} of {size}"
                );
                Assert.Equal(orbit.Stable, largest < 1);
                checkedOrbits[orbit.Stable]++;
            }
        }

        Assert.All(checkedOrbits.Values, count => Assert.True(count > 30, $"{count} orbits"));
    }

    [Property]
    public void Orbits_SeparableQuartic_AreProductsOfThoseOfOneVariable(Real cubic, Real quartic, Real other)
    {
        // Each coordinate by itself: (4.6), a^2 = eps / c with eps = eta lambda - 2; both, with any choice of signs, of
        // which two are one orbit.
        double[] third = [cubic.Value, other.Value],
            fourth = [-1 - quartic.In(0, 1), -1 - other.In(0, 1)];
        double[] curvatures = [2, 1.9999];
        var landscape = Quartic.Separable(curvatures, third, fourth);
        const double stepSize = 1.001;
        var orbits = new OscillationPotential(landscape, [0, 0], 2).Orbits(stepSize);
        double[] expected =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(i =>
                    Math.Sqrt(
                        (curvatures[i] - (2 / stepSize))
                            / (4 * ((third[i] * third[i] / curvatures[i] / 8) - (fourth[i] / 24)))
                    )
                ),
        ];
        Assert.Equal(4, orbits.Count);
        foreach (var orbit in orbits)
        {
            var both = orbit.Amplitudes.All(a => Math.Abs(a) > 1e-8);
            Assert.Equal(both, orbit.Stable);
            for (var i = 0; i < 2; i++)
                if (Math.Abs(orbit.Amplitudes[i]) > 1e-8)
                    Near.Equal(expected[i], Math.Abs(orbit.Amplitudes[i]), 1e-9 * expected[i], "amplitude");
        }
    }

    [Fact]
    public void Orbits_OneDirection_AreTheFlipNormalForm()
    {
        // z = Theta^2-like wall in one variable and a response across: c of (4.6) with its sum.
        var landscape = new Quartic(
            new double[,]
            {
                { 2, 0 },
                { 0, 0.5 },
            },
            [new(1.2, [1, 0]), new(0.7, [0.6, 0.8])],
            [new(0.4, [1, 0])]
        );
        const double stepSize = 1.0005;
        var orbit = Assert.Single(new OscillationPotential(landscape, [0, 0], 1).Orbits(stepSize));
        // m_3 = 1.2 + 0.7 0.6^3, m_4 = 0.4, D^3 L[v1, v1, v2] = 0.7 0.36 0.8.
        double m3 = 1.2 + (0.7 * 0.216),
            across = 0.7 * 0.36 * 0.8,
            c = (m3 * m3 / 4) - (0.4 / 6) + (across * across / 0.5 / 2);
        // eta is 1 to leading order.
        Near.Equal(Math.Sqrt((2 * stepSize - 2) / c), orbit.Amplitudes[0], 1e-3 * orbit.Amplitudes[0], "amplitude");
        Assert.True(orbit.Stable);
        Assert.Empty(new OscillationPotential(landscape, [0, 0], 1).Orbits(0.99));
    }

    [Fact]
    public void Run_TwoUnstableDirections_EndsOnAStableOrbit()
    {
        // Cubic terms outweigh the quartic ones, so that q is below 0 along every direction of the two.
        var landscape = new Quartic(
            new double[,]
            {
                { 4, 0, 0 },
                { 0, 3.998, 0 },
                { 0, 0, 1 },
            },
            [new(3, [0.8, 0.6, 0]), new(2.5, [0.5, -0.6, 0.7])],
            [new(0.3, [1, 0.3, 0])]
        );
        const double stepSize = 2 / 3.99;
        var stable = new OscillationPotential(landscape, [0, 0, 0], 2).Orbits(stepSize).Where(o => o.Stable).ToArray();
        Assert.NotEmpty(stable);
        double[] theta = [1e-3, 2e-3, 0];
        using var rule = OptimiserSpec.GradientDescent.Create(landscape.Space);
        DescentLoop.Run(landscape, rule, stepSize, DescentLimits.AllOf(20_000), theta, []);
        var size = stable.Max(o => Distance(o.First, o.Second));
        Assert.True(
            stable.Min(o => Math.Min(Distance(theta, o.First), Distance(theta, o.Second))) < 2 * size * size,
            string.Join(", ", stable.Select(o => Distance(theta, o.First)))
        );
    }

    [Fact]
    public void Constructor_FlatFloorOrTooMany_SaysSo()
    {
        var valley = Quartic.Separable([2, 0, 1], [0, 0, 0], [1, 1, 1]);
        Assert.Contains(
            "flat floor",
            Assert.Throws<ArgumentException>(() => new OscillationPotential(valley, [0, 0, 0], 1)).Message,
            StringComparison.Ordinal
        );
        var bowl = QuadraticBowl.WithSpectrum([1, 2, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OscillationPotential(bowl, [0, 0, 0], 3));
    }

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Sum());

    /// <summary>Both points of the orbit by Newton's method on u - eta g(u) = v and v - eta g(v) = u.</summary>
    private static (double[] First, double[] Second) Newton(
        Landscape landscape,
        double[] first,
        double[] second,
        double eta
    )
    {
        var n = first.Length;
        double[] u = [.. first],
            v = [.. second],
            gu = new double[n],
            gv = new double[n];
        for (var round = 0; round < 30; round++)
        {
            landscape.Gradient(u, gu);
            landscape.Gradient(v, gv);
            var (ju, jv) = (Jacobian(landscape, u, eta), Jacobian(landscape, v, eta));
            var system = Matrix<double>.Build.Dense(2 * n, 2 * n);
            system.SetSubMatrix(0, 0, ju);
            system.SetSubMatrix(n, n, jv);
            system.SetSubMatrix(0, n, -Matrix<double>.Build.DenseIdentity(n));
            system.SetSubMatrix(n, 0, -Matrix<double>.Build.DenseIdentity(n));
            var residual = Vector<double>.Build.Dense(
                2 * n,
                i => i < n ? u[i] - (eta * gu[i]) - v[i] : v[i - n] - (eta * gv[i - n]) - u[i - n]
            );
            var step = system.Solve(residual);
            for (var i = 0; i < n; i++)
                (u[i], v[i]) = (u[i] - step[i], v[i] - step[n + i]);
        }

        return (u, v);
    }

    /// <summary>The largest multiplier of the orbit in size, and the least distance of one from 1.</summary>
    private static (double Largest, double Nearest) Multiplier(Landscape landscape, double[] u, double[] v, double eta)
    {
        var eigenvalues = (Jacobian(landscape, u, eta) * Jacobian(landscape, v, eta)).Evd().EigenValues;
        return (eigenvalues.Max(x => x.Magnitude), eigenvalues.Min(x => (x - 1).Magnitude));
    }

    private static Matrix<double> Jacobian(Landscape landscape, double[] at, double eta)
    {
        var n = at.Length;
        var hessian = new double[n * n];
        landscape.Hessian(at, hessian);
        return Matrix<double>.Build.Dense(n, n, (i, j) => (i == j ? 1 : 0) - (eta * hessian[(i * n) + j]));
    }
}
