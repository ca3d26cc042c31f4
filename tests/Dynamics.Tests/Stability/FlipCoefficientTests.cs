using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Stability;

/// <summary>The coefficient of the flip normal form, eq. (4.6), measured on maps: against the moments in one dimension, and against two-cycles found by Newton's method in any.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class FlipCoefficientTests
{
    [Property]
    public void At_FrozenMoments_IsTheCoefficientOfTheNormalForm(Real third, Real fourth, LogUniform step)
    {
        var (eta, m3, m4) = (step.In(0.1, 10), 3 * third.Value, 3 * fourth.Value);
        var map = new TangentMap<FrozenMoments>(new FrozenMoments(eta, 2 / eta, m3, m4));
        var expected = FlipNormalForm.Coefficient(eta, m3, m4);
        // Second differences with h = 1e-4 of tangents of size 1 and eta m_3 h: rounding 4 u / h^2 = 5e-8, over 6; products of derivatives at 1e-8 of sizes up to (eta m_3)^2.
        Near.Equal(
            expected,
            FlipCoefficient.At(map, PeriodicOrbits.Find(map, 1, [0])),
            1e-7 * (1 + (eta * eta * m3 * m3) + Math.Abs(eta * m4)),
            "c"
        );
    }

    [Property]
    public void Amplitude_TwoCycleFoundByNewton_ApproachesItWithAnErrorOfOrderEpsilon(Real shape, LogUniform step)
    {
        // c = 1 in units of eta = 1 and u; the amplitude's relative error is k eps, k = p^2 (2 p^2 - 7/4) / 2 between -0.2 and -0.07: a quarter of it at a quarter of eps.
        var (p, eta) = (shape.In(0.3, 0.8), step.In(0.1, 10));
        double[] excess = [4e-3, 1e-3, 2.5e-4];
        double[] errors =
        [
            .. excess.Select(eps =>
                (TwoCycle(eta, p, eps) / FlipNormalForm.Amplitude(eta, eps, 2 * p / eta, 6 * ((p * p) - 1) / eta)) - 1
            ),
        ];
        var k = p * p * ((2 * p * p) - 1.75) / 2;
        for (var i = 0; i < errors.Length; i++)
        {
            // The next order is eps^2 times powers of p, below 20 in units of k: at 2.5e-4, half a per cent. Newton's method leaves 1e-12 / eps of the amplitude squared, less.
            Near.Equal(1, errors[i] / (k * excess[i]), 50 * excess[i] + 1e-3, $"error at {excess[i]}");
        }
    }

    [Property]
    public void At_HenonFlip_GivesTheTwoCycleJustPast(Real shape)
    {
        // In two dimensions: w = sqrt(eps / c) along q, with eps = -1 - m measured at the fixed point; the relative error is of order eps = 1e-4 times numbers of order 10.
        var b = shape.In(-0.7, 0.7);
        var k = (1 - b) * (1 - b) / 4;
        var atFlip = new TangentMap<Henon>(new Henon(3 * k, b));
        var c = FlipCoefficient.At(atFlip, Fixed(atFlip, b, 3 * k));
        Assert.True(c > 0);
        var past = new TangentMap<Henon>(new Henon(3 * k * 1.0001, b));
        var fixedPoint = Fixed(past, b, 3 * k * 1.0001);
        var amplitude = Math.Sqrt((-1 - fixedPoint.Multipliers[0].Real) / c);
        // q = (1, -b) normalised: image[1] = b q_0 = -q_1.
        double[] q = [1 / Math.Sqrt(1 + (b * b)), -b / Math.Sqrt(1 + (b * b))];
        var cycle = PeriodicOrbits.Find(
            past,
            2,
            [fixedPoint.Points[0][0] + (amplitude * q[0]), fixedPoint.Points[0][1] + (amplitude * q[1])]
        );
        Assert.Equal((NewtonEnd.Converged, 2), (cycle.End, cycle.MinimalPeriod));
        var measured =
            Math.Sqrt(
                Math.Pow(cycle.Points[0][0] - cycle.Points[1][0], 2)
                    + Math.Pow(cycle.Points[0][1] - cycle.Points[1][1], 2)
            ) / 2;
        Near.Equal(1, measured / amplitude, 1e-2, "amplitude");
    }

    [Property]
    public void At_DescentInSeveralDimensions_AddsTheResponseOfTheOthers(Seed seed, Size size)
    {
        // c = (4.6) + (eta / 2) sum_j (v_j . D^3 L[v_1, v_1, .])^2 / lambda_j over the other eigenpairs. Derivatives are below 5 in size: second differences with h = 1e-4 round by 4 u / h^2 = 5e-8 each, some 20 of them.
        var random = seed.Random();
        var n = 1 + (size.Value / 2);
        var surface = Draw.Surface(random, n, 0.3, 0.3);
        var (values, vectors) = SymmetricMatrices.Eigen(surface.Hessian(new double[n]));
        var eta = 2 / values[0];
        using var point = surface.At(new double[n]);
        double[] moments = new double[4],
            slope = new double[n];
        point.DirectionalDerivatives(vectors[0], moments);
        point.DirectionalGradient(vectors[0], 2, slope);
        var expected = FlipNormalForm.Coefficient(eta, moments[2], moments[3]);
        for (var j = 1; j < n; j++)
            expected += eta / 2 * Math.Pow(SymmetricMatrices.Dot(vectors[j], slope), 2) / values[j];
        var map = new TangentMap<SurfaceDescent>(new SurfaceDescent(surface, n, eta));
        Near.Equal(expected, FlipCoefficient.At(map, PeriodicOrbits.Find(map, 1, new double[n])), 1e-6, "c");
    }

    [Fact]
    public void At_NotAnOrbit_Throws()
    {
        var map = new TangentMap<Henon>(new Henon(-1, 0.3));
        Assert.Contains(
            "converged",
            Assert
                .Throws<ArgumentException>(() => FlipCoefficient.At(map, PeriodicOrbits.Find(map, 1, [0, 0])))
                .Message,
            StringComparison.Ordinal
        );
        var other = new TangentMap<Logistic>(new Logistic(3));
        Assert.Throws<ArgumentException>(() => FlipCoefficient.At(map, PeriodicOrbits.Find(other, 1, [0.6])));
    }

    private static PeriodicOrbit Fixed(in TangentMap<Henon> map, double b, double a)
    {
        var x = (b - 1 + Math.Sqrt(((1 - b) * (1 - b)) + (4 * a))) / (2 * a);
        return PeriodicOrbits.Find(map, 1, [x, b * x]);
    }

    private static double TwoCycle(double eta, double p, double eps)
    {
        var map = new TangentMap<FrozenMoments>(
            new FrozenMoments(eta, (2 + eps) / eta, 2 * p / eta, 6 * ((p * p) - 1) / eta)
        );
        var orbit = PeriodicOrbits.Find(map, 2, [Math.Sqrt(eps)]);
        Assert.Equal(2, orbit.MinimalPeriod);
        return Math.Abs(orbit.Points[0][0] - orbit.Points[1][0]) / 2;
    }

    private readonly record struct SurfaceDescent(QuarticSurface Surface, int Dimension, double StepSize)
        : IDifferentiableMap
    {
        public void Step(ReadOnlySpan<double> current, Span<double> next)
        {
            var gradient = Surface.Gradient(current.ToArray());
            for (var i = 0; i < next.Length; i++)
                next[i] = current[i] - (StepSize * gradient[i]);
        }

        public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
        {
            var product = SymmetricMatrices.Times(Surface.Hessian(state.ToArray()), direction.ToArray());
            for (var i = 0; i < image.Length; i++)
                image[i] = direction[i] - (StepSize * product[i]);
        }
    }

    /// <summary>u+ = u - eta (m_2 u + m_3 u^2 / 2 + m_4 u^3 / 6).</summary>
    private readonly record struct FrozenMoments(double StepSize, double M2, double M3, double M4) : IDifferentiableMap
    {
        public int Dimension => 1;

        public void Step(ReadOnlySpan<double> current, Span<double> next)
        {
            var u = current[0];
            next[0] = u - (StepSize * u * (M2 + (u * ((M3 / 2) + (u * M4 / 6)))));
        }

        public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image) =>
            image[0] = (1 - (StepSize * (M2 + (state[0] * (M3 + (state[0] * M4 / 2)))))) * direction[0];
    }
}
