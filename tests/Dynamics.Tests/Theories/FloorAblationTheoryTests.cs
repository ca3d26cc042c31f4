using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>(5.4) where what is removed is known by another route, or is not there to be removed.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class FloorAblationTheoryTests
{
    private const int Steps = 12;

    // Past the edge u grows by at most 2.1 * 0.5 a step of the linear part, and the polynomial's own terms by less: what
    // two orders of summation differ by, a few dozen roundings of numbers below 10, grows by less than 2^12 in all.
    private const double Tolerance = 4096 * 100 * Near.Roundoff * 10;

    [Property]
    public void Predict_WithoutMemory_IsTheMomentMap(Seed seed, Size size, bool six)
    {
        var order = six ? 6 : 4;
        var jet = Draw(seed, size, order);
        var eta = 2.1 / jet.Sharpness;
        Same(
            new CurvatureMomentTheory(order).Predict(jet, eta, Steps).Displacement,
            new FloorAblationTheory(order, FloorRemoval.Memory).Predict(jet, eta, Steps).Displacement
        );
    }

    [Property]
    public void Predict_WithoutRelaxationAndDrift_IsWithoutMemory(Seed seed, Size size)
    {
        var jet = Draw(seed, size, 4);
        jet = jet with { Krylov = jet.Krylov! with { Slope = new double[jet.Krylov.Dimension] } };
        var eta = 2.1 / jet.Sharpness;
        Same(
            new FloorAblationTheory(4, FloorRemoval.Memory).Predict(jet, eta, Steps).Sharpness,
            new FloorAblationTheory(4, FloorRemoval.Relaxation).Predict(jet, eta, Steps).Sharpness
        );
    }

    [Property]
    public void Predict_FloorThatIsNotPushed_LacksNeitherRelaxationNorResponse(Seed seed, Size size, bool response)
    {
        var jet = WithoutCoupling(Draw(seed, size, 4));
        double[][] none = [.. jet.Krylov!.Gradients.Select(b => new double[b.Length])];
        jet = jet with { Krylov = jet.Krylov with { Gradients = none } };
        var eta = 2.1 / jet.Sharpness;
        var removed = response ? FloorRemoval.Response : FloorRemoval.Relaxation;
        Forecast whole = new MemoryTheory(4, cubic: true).Predict(jet, eta, Steps),
            without = new FloorAblationTheory(4, removed).Predict(jet, eta, Steps);
        Same(whole.Loss, without.Loss);
        Same(whole.Sharpness, without.Sharpness);
    }

    [Property]
    public void Predict_WithoutResponse_MovesTheFloorAsWithoutU(Seed seed, Size size)
    {
        // The loss at u = 0 that the floor's drift alone goes through, by a jet whose u has no force at all.
        var jet = WithoutCoupling(Draw(seed, size, 4));
        var resting = jet with
        {
            Moments = new double[4],
            Krylov = jet.Krylov! with { Gradients = [.. jet.Krylov.Gradients.Select(b => new double[b.Length])] },
        };
        var eta = 2.1 / jet.Sharpness;
        var without = new FloorAblationTheory(4, FloorRemoval.Response).Predict(jet, eta, Steps);
        var drift = new MemoryTheory(4).Predict(resting, eta, Steps);
        // V(f) = L - sum_k (m_k + b_k . f) u^k/k!, with the moments along v at (u, f) taken back to u = 0 by Taylor.
        for (var t = 0; t <= Steps; t++)
        {
            var (u, loss, power) = (without.Displacement[t], without.Loss[t], 1.0);
            if (!(Math.Abs(u) < 3))
                break;
            for (var k = 1; k <= 4; k++)
                loss += without.Moments[k - 1][t] * (power *= -u / k);
            Near.Equal(drift.Loss[t], loss, Tolerance * 81, $"V at {t}");
        }
    }

    [Fact]
    public void Constructor_WrongInput_NamesIt()
    {
        Assert.Contains(
            "order is 7",
            Assert.Throws<ArgumentOutOfRangeException>(() => new FloorAblationTheory(7, FloorRemoval.Memory)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "removed is 9",
            Assert.Throws<ArgumentOutOfRangeException>(() => new FloorAblationTheory(4, (FloorRemoval)9)).Message,
            StringComparison.Ordinal
        );
    }

    private static Jet Draw(Seed seed, Size size, int order)
    {
        var jet = RandomJets.Draw(seed.Random(), order, 1 + (size.Value % 5), 0.3);
        jet.Moments[0] = 0.02;
        return jet;
    }

    private static Jet WithoutCoupling(Jet jet) =>
        jet with
        {
            Krylov = jet.Krylov! with { Coupling = new double[jet.Krylov.Dimension, jet.Krylov.Dimension] },
        };

    private static void Same(double[] expected, double[] actual)
    {
        for (var t = 0; t <= Steps && Math.Abs(expected[t]) < 10; t++)
            Near.Equal(expected[t], actual[t], Tolerance, $"step {t}");
    }
}
