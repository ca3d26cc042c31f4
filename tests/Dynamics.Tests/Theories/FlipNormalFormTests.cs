using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>The flip normal form (4.6) against the two-cycle of the frozen map u+ = u - eta (m_2 u + m_3 u^2/2 + m_4 u^3/6).</summary>
/// <remarks>
/// In units of eta and of a length l the map is u+ = -(1 + eps) u - p u^2 - q u^3 with p = eta m_3 l / 2, q = eta m_4 l^2 / 6 and c = p^2 - q. The tests choose p and c and draw eta and l.
/// </remarks>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class FlipNormalFormTests
{
    [Property]
    public void Amplitude_EpsilonShrinks_ApproachesTheTwoCycleWithTheKnownNextTerm(
        Real shape,
        LogUniform step,
        LogUniform length
    )
    {
        // Eliminating the cycle's mean order by order: A = sqrt(eps/c) (1 + k eps + ...), k = p^2 (2 p^2 - 7 c / 4) / (2 c^2). Here c = 1 and 0.3 <= p <= 0.8: -0.2 < k < -0.07.
        var (p, eta, l) = (shape.In(0.3, 0.8), step.In(1e-3, 1), length.In(1e-2, 1e2));
        double Error(double eps)
        {
            var (m2, m3, m4) = Moments(p, 1, eps, eta, l);
            return (
                    TwoCycle(eta, m2, m3, m4, FlipNormalForm.Amplitude(eta, eps, m3, m4))
                    / FlipNormalForm.Amplitude(eta, eps, m3, m4)
                ) - 1;
        }

        var (coarse, fine) = (Error(1e-3), Error(2.5e-4));
        var k = p * p * ((2 * p * p) - 1.75) / 2;
        // The term after that is of relative size eps times numbers of order 10 (powers of p and c up to 1): 1e-2 of k at eps = 1e-3, and a quarter of that at the finer one.
        Near.Equal(1, coarse / (1e-3 * k), 0.05, "k at 1e-3");
        Near.Equal(1, fine / (2.5e-4 * k), 0.0125, "k at 2.5e-4");
        Assert.InRange(Math.Log(coarse / fine) / Math.Log(4), 0.97, 1.03);
    }

    [Property]
    public void Coefficient_EitherSign_DecidesWhetherTheOrbitStays(
        Real shape,
        Real sign,
        LogUniform step,
        LogUniform length
    )
    {
        // Just past the edge, eps = 1e-2, |c| = 1: a supercritical orbit settles on +-sqrt(eps/c) within 10/eps steps (the rate of approach is 2 eps), a subcritical one leaves.
        var (p, c, eta, l) = (shape.In(0, 0.8), sign.Value < 0 ? -1.0 : 1, step.In(1e-3, 1), length.In(1e-2, 1e2));
        const double eps = 1e-2;
        var (m2, m3, m4) = Moments(p, c, eps, eta, l);
        Assert.Equal(c > 0, FlipNormalForm.Coefficient(eta, m3, m4) > 0);
        var scale = Math.Sqrt(eps) * l;
        var u = scale / 10;
        for (var t = 0; t < 2000 && Math.Abs(u) < 5 * scale; t++)
            u = Next(u, eta, m2, m3, m4);
        // Past five amplitudes a subcritical orbit is gone; the supercritical cycle's points lie at +-A and a mean of order p A^2 / 2 < A / 20.
        Assert.Equal(c > 0, Math.Abs(u) < 1.2 * scale);
        if (c < 0)
            Assert.Equal(double.NaN, FlipNormalForm.Amplitude(eta, eps, m3, m4));
    }

    [Property]
    public void Amplitude_SubcriticalBelowTheEdge_SeparatesDecayFromEscape(
        Real shape,
        LogUniform step,
        LogUniform length
    )
    {
        // c = -1, eps = -1e-3: the two-cycle at sqrt(eps / c) repels. Its own error is of relative order eps, so 5 % to either side is decided.
        var (p, eta, l) = (shape.In(-0.5, 0.5), step.In(1e-3, 1), length.In(1e-2, 1e2));
        const double eps = -1e-3;
        var (m2, m3, m4) = Moments(p, -1, eps, eta, l);
        var amplitude = FlipNormalForm.Amplitude(eta, eps, m3, m4);
        double After(double start)
        {
            // The cycle's mean is -p A^2 / (l + ...), below 2 % of A: the starts at 0.9 and 1.1 are clear of it.
            var u = start;
            for (var t = 0; t < 20_000 && Math.Abs(u) < 3 * amplitude; t++)
                u = Next(u, eta, m2, m3, m4);
            return Math.Abs(u);
        }

        Assert.True(After(0.9 * amplitude) < 0.01 * amplitude, "inside decays");
        Assert.True(After(1.1 * amplitude) >= 3 * amplitude, "outside leaves");
    }

    [Property]
    public void Coefficient_AtTheEdge_IsPositiveExactlyWhereThreeM3SquaredExceedsM2M4(
        LogUniform m2,
        Real third,
        Real fourth
    )
    {
        var (m3, m4) = (third.Value * 3, fourth.Value * 3);
        var margin = (3 * m3 * m3) - (m2.Value * m4);
        if (Math.Abs(margin) < 1e-12 * ((m3 * m3) + (m2.Value * Math.Abs(m4))))
            return; // equal to rounding: either answer is right
        Assert.Equal(margin > 0, FlipNormalForm.Coefficient(2 / m2.Value, m3, m4) > 0);
    }

    private static (double M2, double M3, double M4) Moments(double p, double c, double eps, double eta, double l) =>
        ((2 + eps) / eta, 2 * p / (eta * l), 6 * ((p * p) - c) / (eta * l * l));

    private static double Next(double u, double eta, double m2, double m3, double m4) =>
        u - (eta * ((m2 * u) + (m3 * u * u / 2) + (m4 * u * u * u / 6)));

    /// <summary>Half the distance of the two points of the cycle near +-guess, by Newton's method on f(f(u)) = u divided by the fixed point's factor u.</summary>
    private static double TwoCycle(double eta, double m2, double m3, double m4, double guess)
    {
        double Slope(double u) => 1 - (eta * (m2 + (m3 * u) + (m4 * u * u / 2)));
        var u = guess;
        for (var i = 0; i < 50; i++)
        {
            var v = Next(u, eta, m2, m3, m4);
            var w = Next(v, eta, m2, m3, m4);
            // h(u) = f(f(u)) / u - 1.
            u -= ((w / u) - 1) / (((Slope(v) * Slope(u)) - (w / u)) / u);
        }

        return Math.Abs(u - Next(u, eta, m2, m3, m4)) / 2;
    }
}
