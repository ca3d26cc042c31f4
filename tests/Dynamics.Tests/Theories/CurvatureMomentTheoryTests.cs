using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>The forecasts of the curvature-moment maps and of the coupled map on surfaces at large: the order of what they leave out, and what they decline.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class CurvatureMomentTheoryTests
{
    [Property]
    public void MomentMaps_OneStepOfTinySize_ErrBySecondOrder(Seed seed, Size size)
    {
        var (surface, theta) = RandomJets.Surface(seed, size);
        var jet = RandomJets.Measure(surface, theta);
        for (var order = 2; order <= 6; order++)
        {
            (double Displacement, double Loss, double Sharpness) Error(double eta)
            {
                var forecast = new CurvatureMomentTheory(order).Predict(jet, eta, 1);
                var moved = Draw.Trajectory(surface, theta, eta, 1)[1];
                var along = Math.Abs(
                    SymmetricMatrices.Dot(
                        SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0],
                        Differences.Along(moved, theta, -1)
                    )
                );
                return (
                    Math.Abs(along - Math.Abs(forecast.Displacement[1])),
                    Math.Abs(surface.Loss(moved) - forecast.Loss[1]),
                    Math.Abs(SymmetricMatrices.Eigen(surface.Hessian(moved)).Values[0] - forecast.Sharpness[1])
                );
            }

            const double h = 1e-4;
            var (coarse, fine) = (Error(h), Error(h / 10));
            // u_1 = -eta m_1 exactly. Loss: |a h^2 + b h^3|, whence e(h/10) <= e(h)/100 + 0.009 |b| h^3; sharpness likewise for K >= 3, where m_3 u is kept, and |a h + b h^2| for K = 2,
            // whence e(h/10) <= e(h)/10 + 0.09 |b| h^2. By the ranges drawn |H| < 4, |g| < 3, |D^3 L| and |D^4 L| < 2 and gaps above 0.5: |b| < 100 in each case. Rounding is n u |H| / gap.
            const double rounding = 1e-13,
                first = 0.09 * 100 * h * h,
                second = 0.009 * 100 * h * h * h;
            Assert.True(fine.Displacement <= rounding, $"K = {order}: displacement off by {fine.Displacement:G3}");
            Assert.True(
                fine.Loss <= (coarse.Loss / 100) + second + rounding,
                $"K = {order}: loss {coarse.Loss:G3} -> {fine.Loss:G3}"
            );
            Assert.True(
                fine.Sharpness
                    <= (order == 2 ? (coarse.Sharpness / 10) + first : (coarse.Sharpness / 100) + second) + rounding,
                $"K = {order}: sharpness {coarse.Sharpness:G3} -> {fine.Sharpness:G3}"
            );
        }
    }

    [Property]
    public void MomentMaps_StartNearerToTheFloor_ErrByTheOrderThatTheyLeaveOut(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 4);
        var surface = Coupled(random, n);
        double[] leading = [1, .. new double[n - 1]];
        for (var order = 2; order <= 4; order++)
        {
            double Error(double u)
            {
                double[] theta = [.. leading.Select(x => u * x)];
                var v = SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0];
                if (SymmetricMatrices.Dot(v, leading) < 0)
                    v = [.. v.Select(x => -x)];
                using var point = surface.At(theta);
                var forecast = new CurvatureMomentTheory(order).Predict(Jet.Along(surface, point, v, order), 0.4, 6);
                return Draw.Trajectory(surface, theta, 0.4, 6)
                    .Select(
                        (at, t) =>
                            Math.Abs(
                                SymmetricMatrices.Dot(v, Differences.Along(at, theta, -1)) - forecast.Displacement[t]
                            )
                    )
                    .Sum();
            }

            // Started at u v_1 above the critical point 0, the coordinates off v move by O(u^2). K = 2 leaves out m_3 u^2/2; from K = 3 on what is left out (the relaxation of the rest, m_4 u^3/6) is
            // O(u^3). Halving u then divides the error by 2^2 or 2^3, up to relative corrections of order u = 0.01 times ratios of coefficients of order 1..10: 3.3 and 6.
            var ratio = order == 2 ? 3.3 : 6;
            var (far, near) = (Error(0.01), Error(0.005));
            Assert.True(near <= (far / ratio) + 1e-13, $"K = {order}: {far:G3} -> {near:G3}");
        }
    }

    [Fact]
    public void MomentMaps_JetOfLowerOrder_DeclinesAndSaysWhichIsNeeded()
    {
        var surface = Draw.Surface(new Random(1), 3);
        var forecast = new CurvatureMomentTheory(4).Predict(
            Jet.Measure(surface, [0.1, 0.1, 0.1], 3, new LanczosOptions()),
            0.1,
            3
        );
        Assert.Equal("the jet has order 3; order 4 is needed", forecast.Declined);
        Assert.Empty(forecast.Sharpness);
    }

    [Property]
    public void MomentMaps_DegenerateLeadingEigenvalue_Decline(Seed seed)
    {
        // Measured, the gap of a double eigenvalue is a few u and hardly ever exactly 0.
        var surface = QuarticSurface.Random(seed.Random(), [2, 2, 1], 0.1, 0.1);
        var forecast = new CurvatureMomentTheory(2).Predict(
            Jet.Measure(surface, new double[3], 2, new LanczosOptions()),
            0.1,
            3
        );
        Assert.Equal("the leading eigenvalue is degenerate: v_1 is not defined", forecast.Declined);
    }

    [Property]
    public void CoupledMap_SpectrumOfNoTwoParameterNetwork_IsDeclined(LogUniform leading, Real at)
    {
        // lambda_+- = s +- sqrt(s^2 + 12 Theta^2) with |Theta| <= s/2 means -lambda_+/3 <= lambda_- <= 0.
        var trailing = leading.Value * at.Value;
        if (Math.Abs(trailing) < 1e-5 * leading.Value || Math.Abs((trailing / leading.Value) + (1.0 / 3)) < 1e-4)
            return;
        var jet = new Jet(0, [0, leading.Value], new double[2, 2], new double[2], 0, trailing, 1);
        var forecast = new CoupledMapTheory().Predict(jet, 1e-3 / leading.Value, 3);
        Assert.Equal(trailing < 0 && trailing > -leading.Value / 3, forecast.Declined is null);
        Assert.Equal(forecast.Declined is null ? 4 : 0, forecast.Sharpness.Length);
    }

    [Fact]
    public void CoupledMap_TrailingEigenvalueNotKnown_IsDeclined() =>
        Assert.Contains(
            "NaN",
            new CoupledMapTheory()
                .Predict(new Jet(0, [0, 1], new double[2, 2], new double[2], 0, double.NaN, 1), 0.1, 3)
                .Declined,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void MomentMaps_OrderOutsideRange_NamesIt(int order)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new CurvatureMomentTheory(order));
        Assert.Contains(
            $"order is {order}; it must be a whole number from 2 to 6",
            error.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Principal axes along the coordinates and every cubic coupling between 0.15 and 0.3 in size: no term of the order looked for can happen to vanish.</summary>
    private static QuarticSurface Coupled(Random random, int n)
    {
        var raw = Draw.Surface(random, n, 0.3, 0.3);
        var axes = new double[n, n];
        for (var i = 0; i < n; i++)
            axes[i, i] = 3 - (0.6 * i);
        return new QuarticSurface(
            axes,
            [.. raw.Cubic.Select(c => Math.CopySign(0.15 + (Math.Abs(c) / 2), c))],
            raw.Quartic
        );
    }
}
