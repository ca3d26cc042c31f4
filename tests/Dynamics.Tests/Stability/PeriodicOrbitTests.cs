using System.Numerics;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>Fixed points and periodic orbits against closed forms, and every way in which the search can fail.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class PeriodicOrbitTests
{
    [Property]
    public void Find_LogisticFixedPointAndTwoCycle_AreTheClosedForms(Real where)
    {
        // The two-cycle exists for r > 3: 2 r x = r + 1 +- sqrt((r - 3)(r + 1)), with multiplier 4 + 2 r - r^2. Its condition is 1 over 1 - multiplier, at most 1 / 0.2.
        var r = where.In(3.05, 3.9);
        var map = new TangentMap<Logistic>(new Logistic(r));
        var fixedPoint = PeriodicOrbits.Find(map, 1, [0.7]);
        Near.Equal(1 - (1 / r), fixedPoint.Points[0][0], 1e-12, "fixed point");
        Near.Equal(2 - r, fixedPoint.Multipliers[0].Real, 1e-11, "its multiplier");
        Assert.Equal(OrbitStability.Repelling, fixedPoint.Stability);
        var root = Math.Sqrt((r - 3) * (r + 1));
        double low = (r + 1 - root) / (2 * r),
            high = (r + 1 + root) / (2 * r);
        var cycle = PeriodicOrbits.Find(map, 2, [high + 0.001]);
        Assert.Equal((NewtonEnd.Converged, 2), (cycle.End, cycle.MinimalPeriod));
        Near.Equal([high, low], [cycle.Points[0][0], cycle.Points[1][0]], 5e-11, "two-cycle");
        Near.Equal(4 + (2 * r) - (r * r), cycle.Multipliers[0].Real, 1e-9, "its multiplier");
        Assert.Equal(4 + (2 * r) - (r * r) > -1 ? OrbitStability.Stable : OrbitStability.Repelling, cycle.Stability);
    }

    [Property]
    public void Find_AffineMap_IsTheCentreWithTheMatrixEigenvaluesForEveryPeriod(Seed seed, Size size)
    {
        // One Newton step from anywhere; multipliers of period n are the n-th powers. Eigenvalues 0.3 apart and symmetric: condition 1.
        var (random, n) = (seed.Random(), size.Value);
        double[] values = [.. Enumerable.Range(0, n).Select(i => -1.6 + (0.4 * i))];
        var centre = Draw.Vector(random, n);
        var map = new TangentMap<AffineMap>(new AffineMap(SymmetricMatrices.WithSpectrum(random, values), centre));
        foreach (var period in (int[])[1, 2, 3])
        {
            var orbit = PeriodicOrbits.Find(map, period, Draw.Vector(random, n, 3));
            Assert.True(orbit.Converged && orbit.Iterations <= 2);
            Assert.Equal(1, orbit.MinimalPeriod);
            // Residuals of 1e-12 of a scale up to 3, over |value^n - 1| of at least 0.2.
            Assert.All(orbit.Points, x => Near.Equal(centre, x, 1e-10, "centre"));
            double[] expected = [.. values.Select(v => Math.Pow(v, period)).OrderByDescending(Math.Abs)];
            Near.Equal(
                [.. expected.Select(Math.Abs)],
                [.. orbit.Multipliers.Select(Complex.Abs)],
                1e-11,
                "multipliers"
            );
            Near.Equal(
                expected.Sum(),
                orbit.Multipliers.Aggregate(Complex.Zero, (a, b) => a + b).Real,
                1e-11,
                "their sum"
            );
            var outside = expected.Count(v => Math.Abs(v) > 1);
            Assert.Equal(
                outside == n ? OrbitStability.Repelling
                    : outside == 0 ? OrbitStability.Stable
                    : OrbitStability.Saddle,
                orbit.Stability
            );
        }
    }

    [Property]
    public void Find_HenonCycles_AreFixedPointsOfTheIterateWithTheSameMultipliers(Real where)
    {
        // The route of composition beside that of shooting. The multipliers' product is (-b)^n; conditions stay below 1e3 away from bifurcations.
        var map = new TangentMap<Henon>(new Henon(where.In(1.1, 1.4), 0.3));
        double[] x = [0.3, 0.2],
            next = new double[2];
        Orbit.Iterate(map, x, next, 100);
        foreach (var period in (int[])[1, 2, 4, 6])
        {
            var shooting = PeriodicOrbits.Find(map, period, x);
            if (!shooting.Converged)
                continue;
            var composed = PeriodicOrbits.Find(
                new IteratedMap<TangentMap<Henon>>(map, period, 2),
                1,
                shooting.Points[0]
            );
            Assert.True(composed.Converged);
            Near.Equal(shooting.Points[0], composed.Points[0], 1e-8, "point");
            Near.Equal(
                Math.Pow(-0.3, period),
                (shooting.Multipliers[0] * shooting.Multipliers[1]).Real,
                1e-12 * (1 + Complex.Abs(shooting.Multipliers[0])),
                "determinant"
            );
            var scale = 1e-7 * (1 + Complex.Abs(shooting.Multipliers[0]));
            Near.Equal(Complex.Abs(shooting.Multipliers[0]), Complex.Abs(composed.Multipliers[0]), scale, "multiplier");
        }

        var saddle = PeriodicOrbits.Find(map, 1, [0.6, 0.2]);
        Assert.Equal(OrbitStability.Saddle, saddle.Stability);
    }

    [Fact]
    public void Find_ShorterOrbitNearby_SaysItsMinimalPeriod()
    {
        var orbit = PeriodicOrbits.Find(new TangentMap<Logistic>(new Logistic(2.5)), 4, [0.61]);
        Assert.Equal((NewtonEnd.Converged, 1), (orbit.End, orbit.MinimalPeriod));
        Assert.Equal(4, orbit.Points.Length);
    }

    [Fact]
    public void Find_EquilibriumOfAFlow_HasTheExponentialsOfItsEigenvalues()
    {
        // Lorenz at the origin: eigenvalues -8/3 and (-11 +- sqrt(1201)) / 2. The flow is integrated to 1e-12.
        var orbit = PeriodicOrbits.Find(
            new FlowMap<Lorenz>(default, 0.1, new IntegrationOptions(1e-12, 1e-12)),
            1,
            [0.01, 0.01, 0.01],
            new NewtonOptions(1e-10)
        );
        Assert.Equal(OrbitStability.Saddle, orbit.Stability);
        double[] expected =
        [
            Math.Exp(0.05 * (-11 + Math.Sqrt(1201))),
            Math.Exp(-0.8 / 3),
            Math.Exp(0.05 * (-11 - Math.Sqrt(1201))),
        ];
        Near.Equal(expected, [.. orbit.Multipliers.Select(m => m.Real)], 1e-9, "multipliers");
        // A stroboscopic map: the forced pendulum's response of the torque's own period attracts.
        var response = PeriodicOrbits.Find(
            new FlowMap<ForcedPendulum>(default, 1, new IntegrationOptions(1e-12, 1e-12)),
            1,
            [0, 0],
            new NewtonOptions(1e-10)
        );
        Assert.Equal(OrbitStability.Stable, response.Stability);
        // Liouville: the product of the multipliers is e^(-0.2).
        Near.Equal(Math.Exp(-0.2), (response.Multipliers[0] * response.Multipliers[1]).Real, 1e-9, "area");
    }

    [Fact]
    public void Find_NoOrbit_SaysWhy()
    {
        // x + 1 + x^2 = x has no real solution; x + 1 = x none and a singular derivative; twenty squarings from 10 leave the numbers.
        Assert.Equal(NewtonEnd.IterationLimit, PeriodicOrbits.Find(Parabola(1, 1), 1, [0.3]).End);
        var singular = PeriodicOrbits.Find(Parabola(1, 0), 1, [0.3]);
        Assert.Equal((NewtonEnd.Singular, OrbitStability.Unknown), (singular.End, singular.Stability));
        Assert.Empty(singular.Multipliers);
        Assert.Equal(NewtonEnd.NotFinite, PeriodicOrbits.Find(Parabola(1, 1), 20, [10]).End);
        // The identity: everything is a fixed point, of a kind that linearisation does not decide.
        Assert.Equal(OrbitStability.Neutral, PeriodicOrbits.Find(Parabola(0, 0), 1, [0.3]).Stability);
    }

    [Fact]
    public void Find_BadArguments_NameThem()
    {
        var map = new TangentMap<Henon>(new Henon(1.4, 0.3));
        Assert.Contains(
            "period is 0; it must be a whole number of at least 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => PeriodicOrbits.Find(map, 0, [1, 1])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "guess has 3 elements",
            Assert.Throws<ArgumentException>(() => PeriodicOrbits.Find(map, 2, [1, 1, 1])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "guess[0]",
            Assert.Throws<ArgumentOutOfRangeException>(() => PeriodicOrbits.Find(map, 1, [double.NaN, 1])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => PeriodicOrbits.Find(map, 1, [1, 1], new NewtonOptions(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PeriodicOrbits.Find(map, 1, [1, 1], new NewtonOptions(1e-9, 0))
        );
    }

    private static TangentMap<Quadratic> Parabola(double shift, double square) => new(new Quadratic(shift, square));

    private readonly record struct Quadratic(double Shift, double Square) : IDifferentiableMap
    {
        public int Dimension => 1;

        public void Step(ReadOnlySpan<double> current, Span<double> next) =>
            next[0] = current[0] + Shift + (Square * current[0] * current[0]);

        public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image) =>
            image[0] = (1 + (2 * Square * state[0])) * direction[0];
    }
}
