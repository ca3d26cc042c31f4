using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>The flow form near the edge, (4.5) for any K.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class CurvatureMomentFlowTests
{
    [Property]
    public void Derivative_OrderTwoOnTheFloor_IsTheFlowThatConservesE(
        LogUniform amplitude,
        Real excess,
        LogUniform drift,
        LogUniform gram,
        LogUniform step
    )
    {
        var (x, alpha, beta, eta) = (amplitude.In(1e-3, 1), drift.In(1e-3, 1), gram.In(1e-2, 10), step.In(0.01, 1));
        var y = excess.Value;
        var jet = new Jet(
            0,
            [0, y + (2 / eta)],
            new double[,]
            {
                { 0, 0 },
                { 0, beta },
            },
            [0, alpha],
            0,
            0,
            1
        );
        var rate = new double[4];
        new CurvatureMomentFlow(jet, eta).Derivative(0, [x, 0, 0, y + (2 / eta)], rate);
        // A few roundings of -2x + eta m_2 x and of the terms of y'.
        Near.Equal(eta * x * y, rate[0], 16 * Near.Roundoff * x, "x'");
        Near.Equal(
            eta * (alpha - (beta * x * x / 2)),
            rate[3],
            16 * Near.Roundoff * eta * (alpha + (beta * x * x)),
            "y'"
        );
        Assert.Equal(0, rate[2]);
        // E = y^2/2 + beta x^2/4 - alpha log |x|.
        var change = (y * rate[3]) + (((beta * x / 2) - (alpha / x)) * rate[0]);
        Near.Equal(0, change, 64 * Near.Roundoff * (1 + eta) * (1 + (1 / eta)) * (alpha + (beta * x * x)), "dE/dt");
    }

    [Property]
    public void Derivative_FrozenMoments_IsTheFlipNormalForm(Real third, Real fourth, LogUniform step, Real place)
    {
        var (eta, m3, m4) = (step.In(0.1, 1), 1 + (0.5 * third.Value), -1 + (0.5 * fourth.Value));
        var share = place.In(0.2, 1.5);
        // x' = eps x - c x^3 up to relative corrections of order eps (x^2 is eps/c times a number of order 1): an eighth
        // of eps leaves about an eighth of them, and half of it a half. The first two orders may cancel at one eps: with
        // corrections eps (eps - z) one of the two bounds holds for every z. Corrections of order sqrt(eps) keep neither.
        var fine = Error(1e-3);
        var most = Math.Max(Error(8e-3) / 5, Error(2e-3) / 1.45);
        Assert.True(fine <= most + 1e-12, $"{most:G3} -> {fine:G3}");

        double Error(double eps)
        {
            var m2 = (2 + eps) / eta;
            var rate = new double[6];
            var x = share * FlipNormalForm.Amplitude(eta, eps, m3, m4);
            new CurvatureMomentFlow(
                new Jet(0, [0, m2, m3, m4], new double[4, 4], new double[4], 0, 0, 1),
                eta
            ).Derivative(0, [x, 0, 0, m2, m3, m4], rate);
            return Math.Abs((rate[0] / (eps * x)) - (1 - (share * share)));
        }
    }

    // Where the error at eps = 8e-3 all but vanishes.
    [Fact]
    public void Derivative_FrozenMomentsWhoseErrorsCancel_IsTheFlipNormalForm() =>
        Derivative_FrozenMoments_IsTheFlipNormalForm(
            new(0.790079),
            new(0.722228),
            new(3.739865641438986),
            new(-0.199343)
        );

    [Property(MaxTest = 10)]
    public void Predict_AnyOrder_PartsFromTheMapByTheRateOfChange(Seed seed)
    {
        for (var order = 2; order <= 6; order++)
        {
            // u is of order sqrt(eps), and what is left out of order eps relative to it: an eighth of eps leaves about an eighth.
            double coarse = Error(order, 8e-3),
                fine = Error(order, 1e-3);
            Assert.True(fine <= (coarse / 4) + 1e-8, $"K = {order}: {coarse:G3} -> {fine:G3}");
        }

        double Error(int order, double eps)
        {
            const double stepSize = 0.5;
            var jet = Valley(seed.Random(), order, eps, stepSize);
            var steps = (int)Math.Round(2 / eps);
            Forecast flow = new CurvatureMomentFlowTheory(order).Predict(jet, stepSize, steps),
                map = new CurvatureMomentTheory(order).Predict(jet, stepSize, steps);
            Assert.Null(flow.Declined);
            double u = Difference(map.Displacement, flow.Displacement),
                s = Difference(map.Sharpness, flow.Sharpness),
                loss = Difference(map.Loss, flow.Loss);
            return Math.Max(u / Math.Sqrt(eps), Math.Max(s / Math.Sqrt(eps), loss / eps));
        }
    }

    [Fact]
    public void Predict_OutsideTheEdge_Declines()
    {
        var jet = new Jet(0, [0.1, 3], new double[2, 2], new double[2], 0, 0, 1);
        Assert.Equal(
            "eta S is 0.3; the flow near the edge needs it between 1 and 3",
            new CurvatureMomentFlowTheory(2).Predict(jet, 0.1, 3).Declined
        );
        // u* = -m_1/m_2 = -3, where the force m_1 + m_2 u + m_3 u^2/2 has no even part that vanishes.
        var far = new Jet(0, [9, 3, 3], new double[3, 3], new double[3], 0, 0, 1);
        Assert.Contains(
            "too far from the floor",
            new CurvatureMomentFlowTheory(3).Predict(far, 2.02 / 3, 3).Declined,
            StringComparison.Ordinal
        );
    }

    private static double Difference(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    /// <summary>
    /// A valley V + sum_k (m_k + b_k . phi) u^k/k! that changes by a share of order eps in a step: eta m_2 - 2 = eps, G of order eps, a of order eps^2, c of (4.6) above 0; seen from u of order sqrt(eps) above its floor, about
    /// which its coefficients are expanded anew.
    /// </summary>
    private static Jet Valley(Random random, int order, double eps, double stepSize)
    {
        double[] moments =
        [
            0,
            (2 + eps) / stepSize,
            0.5 + (0.5 * random.NextDouble()),
            -0.5 - (0.5 * random.NextDouble()),
            Draw.Uniform(random, 0.3),
            Draw.Uniform(random, 0.3),
        ];
        double[][] gradients =
        [
            new double[3],
            .. Enumerable.Range(0, 5).Select(_ => Draw.Vector(random, 3, Math.Sqrt(eps))),
        ];
        double[] slope = Draw.Vector(random, 3, eps * Math.Sqrt(eps));
        var u = Math.Sqrt(eps) * (0.3 + random.NextDouble());
        moments =
        [
            .. Enumerable
                .Range(1, order)
                .Select(k => Enumerable.Range(k, order - k + 1).Sum(j => moments[j - 1] * Scaled(u, j - k))),
        ];
        double[][] from = [slope, .. gradients];
        // Index 0 is the slope of the floor, from which the powers u^k/k! start at k = 0.
        double[][] moved =
        [
            .. Enumerable
                .Range(0, order + 1)
                .Select(k =>
                    Enumerable
                        .Range(0, 3)
                        .Select(i => Enumerable.Range(k, order - k + 1).Sum(j => from[j][i] * Scaled(u, j - k)))
                        .ToArray()
                ),
        ];
        var gram = new double[order, order];
        for (var j = 0; j < order; j++)
        for (var k = 0; k < order; k++)
            gram[j, k] = SymmetricMatrices.Dot(moved[j + 1], moved[k + 1]);
        double[] drift = [.. Enumerable.Range(1, order).Select(k => -SymmetricMatrices.Dot(moved[k], moved[0]))];
        return new Jet(0, moments, gram, drift, SymmetricMatrices.Dot(moved[0], moved[0]), 0, 1);
    }

    private static double Scaled(double u, int n) =>
        Enumerable.Range(1, n).Aggregate(1.0, (product, i) => product * u / i);
}
