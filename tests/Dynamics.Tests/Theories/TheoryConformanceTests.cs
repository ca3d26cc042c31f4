using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>What every theory of the catalogue owes its callers.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 40)]
public class TheoryConformanceTests
{
    private const int Horizon = 12;

    [Property]
    public void Predict_AnyJet_StartsFromTheJet(Seed seed, Size size) => ForEach(seed, size, (theory, jet) =>
    {
        var forecast = theory.Predict(jet, 0.2, Horizon);
        Assert.Null(forecast.Declined);
        Assert.Equal(theory.Name, forecast.Theory);
        foreach (var series in (double[][])[forecast.Sharpness, forecast.Loss, forecast.Validity]) Assert.Equal(Horizon + 1, series.Length);
        // Read off the jet by a handful of operations on numbers of order 1.
        Near.Equal(jet.Sharpness, forecast.Sharpness[0], 64 * Near.Roundoff * Near.Scale(jet.Sharpness), $"{theory.Name}: S_0");
        Near.Equal(jet.Loss, forecast.Loss[0], 64 * Near.Roundoff * Near.Scale(jet.Loss, jet.Sharpness), $"{theory.Name}: L_0");
        Assert.Contains(forecast.Displacement.Length, (int[])[0, Horizon + 1]);
        if (forecast.Displacement.Length > 0) Assert.Equal(0, forecast.Displacement[0]);
        Assert.All(forecast.Validity, x => Assert.True(x >= 0, $"{theory.Name}: validity {x} is not a size"));
    });

    [Property]
    public void Predict_Twice_SaysTheSameToTheLastBitAndLeavesTheJetAlone(Seed seed, Size size) => ForEach(seed, size, (theory, jet) =>
    {
        double[] moments = [.. jet.Moments], drift = [.. jet.Drift];
        Forecast first = theory.Predict(jet, 0.2, Horizon), second = theory.Predict(jet, 0.2, Horizon);
        Assert.Equal(first.Sharpness, second.Sharpness);
        Assert.Equal(first.Loss, second.Loss);
        Assert.Equal(first.Displacement, second.Displacement);
        Assert.Equal(first.Validity, second.Validity);
        Assert.Equal(moments, jet.Moments);
        Assert.Equal(drift, jet.Drift);
    });

    [Property]
    public void Predict_ShorterHorizon_IsTheBeginningOfTheLongerOne(Seed seed, Size size) => ForEach(seed, size, (theory, jet) =>
    {
        Forecast all = theory.Predict(jet, 0.2, Horizon), some = theory.Predict(jet, 0.2, 5), none = theory.Predict(jet, 0.2, 0);
        Assert.Equal(all.Sharpness[..6], some.Sharpness);
        Assert.Equal(all.Loss[..6], some.Loss);
        Assert.Equal(all.Sharpness[..1], none.Sharpness);
    });

    [Fact]
    public void Predict_BadArguments_NamesThemWhateverTheJet()
    {
        var jet = Measure(Draw.Surface(new Random(1), 3), [0.1, 0.1, 0.1]);
        foreach (var theory in TheoryCatalogue.All)
        {
            foreach (var stepSize in (double[])[0, -1, double.NaN, double.PositiveInfinity])
                Assert.Contains("stepSize is ", Assert.Throws<ArgumentOutOfRangeException>(() => theory.Predict(jet, stepSize, 3)).Message, StringComparison.Ordinal);
            Assert.Contains("steps is -1", Assert.Throws<ArgumentOutOfRangeException>(() => theory.Predict(jet, 0.1, -1)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentNullException>(() => theory.Predict(null!, 0.1, 3));
        }
    }

    [Fact]
    public void Catalogue_Names_AreUniqueAndExplained()
    {
        Assert.Equal(TheoryCatalogue.All.Count, TheoryCatalogue.All.Select(theory => theory.Name).Distinct().Count());
        Assert.All(TheoryCatalogue.All, theory => Assert.Contains("eq", theory.Summary, StringComparison.Ordinal));
        Assert.Equal(["moment-map-2", "moment-map-6"], TheoryCatalogue.All.Select(theory => theory.Name).Where(name => name is "moment-map-2" or "moment-map-6"));
    }

    [Property]
    public void MomentMaps_OneStepOfTinySize_ErrBySecondOrder(Seed seed, Size size)
    {
        var (surface, theta) = Instance(seed, size, 0.3);
        var jet = Measure(surface, theta);
        for (var order = 2; order <= 6; order++)
        {
            (double Displacement, double Loss, double Sharpness) Error(double eta)
            {
                var forecast = new CurvatureMomentTheory(order).Predict(jet, eta, 1);
                var moved = Draw.Trajectory(surface, theta, eta, 1)[1];
                var along = Math.Abs(SymmetricMatrices.Dot(SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0], Differences.Along(moved, theta, -1)));
                return (Math.Abs(along - Math.Abs(forecast.Displacement[1])), Math.Abs(surface.Loss(moved) - forecast.Loss[1]),
                    Math.Abs(SymmetricMatrices.Eigen(surface.Hessian(moved)).Values[0] - forecast.Sharpness[1]));
            }

            const double h = 1e-4;
            var (coarse, fine) = (Error(h), Error(h / 10));
            // u_1 = -eta m_1 exactly. Loss: |a h^2 + b h^3|, whence e(h/10) <= e(h)/100 + 0.009 |b| h^3; sharpness likewise for K >= 3, where m_3 u is kept, and |a h + b h^2| for K = 2,
            // whence e(h/10) <= e(h)/10 + 0.09 |b| h^2. By the ranges drawn |H| < 4, |g| < 3, |D^3 L| and |D^4 L| < 2 and gaps above 0.5: |b| < 100 in each case. Rounding is n u |H| / gap.
            const double rounding = 1e-13, first = 0.09 * 100 * h * h, second = 0.009 * 100 * h * h * h;
            Assert.True(fine.Displacement <= rounding, $"K = {order}: displacement off by {fine.Displacement:G3}");
            Assert.True(fine.Loss <= (coarse.Loss / 100) + second + rounding, $"K = {order}: loss {coarse.Loss:G3} -> {fine.Loss:G3}");
            Assert.True(fine.Sharpness <= (order == 2 ? (coarse.Sharpness / 10) + first : (coarse.Sharpness / 100) + second) + rounding, $"K = {order}: sharpness {coarse.Sharpness:G3} -> {fine.Sharpness:G3}");
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
                if (SymmetricMatrices.Dot(v, leading) < 0) v = [.. v.Select(x => -x)];
                using var point = surface.At(theta);
                var forecast = new CurvatureMomentTheory(order).Predict(Jet.Along(surface, point, v, order), 0.4, 6);
                return Draw.Trajectory(surface, theta, 0.4, 6).Select((at, t) => Math.Abs(SymmetricMatrices.Dot(v, Differences.Along(at, theta, -1)) - forecast.Displacement[t])).Sum();
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
        var forecast = new CurvatureMomentTheory(4).Predict(Jet.Measure(surface, [0.1, 0.1, 0.1], 3, new LanczosOptions()), 0.1, 3);
        Assert.Equal("the jet has order 3; order 4 is needed", forecast.Declined);
        Assert.Empty(forecast.Sharpness);
    }

    [Property]
    public void MomentMaps_DegenerateLeadingEigenvalue_Decline(Seed seed)
    {
        // Measured, the gap of a double eigenvalue is a few u and hardly ever exactly 0.
        var surface = QuarticSurface.Random(seed.Random(), [2, 2, 1], 0.1, 0.1);
        var forecast = new CurvatureMomentTheory(2).Predict(Jet.Measure(surface, new double[3], 2, new LanczosOptions()), 0.1, 3);
        Assert.Equal("the leading eigenvalue is degenerate: v_1 is not defined", forecast.Declined);
    }

    [Property]
    public void CoupledMap_SpectrumOfNoTwoParameterNetwork_IsDeclined(LogUniform leading, Real at)
    {
        // lambda_+- = s +- sqrt(s^2 + 12 Theta^2) with |Theta| <= s/2 means -lambda_+/3 <= lambda_- <= 0.
        var trailing = leading.Value * at.Value;
        if (Math.Abs(trailing) < 1e-5 * leading.Value || Math.Abs((trailing / leading.Value) + (1.0 / 3)) < 1e-4) return;
        var jet = new Jet(0, [0, leading.Value], new double[2, 2], new double[2], 0, trailing, 1);
        var forecast = new CoupledMapTheory().Predict(jet, 1e-3 / leading.Value, 3);
        Assert.Equal(trailing < 0 && trailing > -leading.Value / 3, forecast.Declined is null);
        Assert.Equal(forecast.Declined is null ? 4 : 0, forecast.Sharpness.Length);
    }

    [Fact]
    public void CoupledMap_TrailingEigenvalueNotKnown_IsDeclined() =>
        Assert.Contains("NaN", new CoupledMapTheory().Predict(new Jet(0, [0, 1], new double[2, 2], new double[2], 0, double.NaN, 1), 0.1, 3).Declined, StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void MomentMaps_OrderOutsideRange_NamesIt(int order)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new CurvatureMomentTheory(order));
        Assert.Contains($"order is {order}; it must be a whole number from 2 to 6", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Principal axes along the coordinates and every cubic coupling between 0.15 and 0.3 in size: no term of the order looked for can happen to vanish.</summary>
    private static QuarticSurface Coupled(Random random, int n)
    {
        var raw = Draw.Surface(random, n, 0.3, 0.3);
        var axes = new double[n, n];
        for (var i = 0; i < n; i++) axes[i, i] = 3 - (0.6 * i);
        return new QuarticSurface(axes, [.. raw.Cubic.Select(c => Math.CopySign(0.15 + (Math.Abs(c) / 2), c))], raw.Quartic);
    }

    private static void ForEach(Seed seed, Size size, Action<ITheory, Jet> check)
    {
        var (surface, theta) = Instance(seed, size, 0.3);
        var jet = Measure(surface, theta);
        // A surface without residuals; the theories of those are held against descent on landscapes that have them.
        foreach (var theory in TheoryCatalogue.All.Where(theory => !theory.Needs.Residuals)) check(theory, jet);
    }

    private static Jet Measure(QuarticSurface surface, double[] theta) => Jet.Measure(surface, theta, 6, new LanczosOptions(1e-10), krylov: surface.Space.Dimension, cubic: true);

    /// <summary>Leading eigenvalue about 3, a clear gap, and a smallest one about -0.3: inside every theory's domain.</summary>
    private static (QuarticSurface Surface, double[] Theta) Instance(Seed seed, Size size, double range)
    {
        var random = seed.Random();
        var n = 2 + (size.Value % 4);
        double[] spectrum = [3, .. Enumerable.Range(1, n - 2).Select(i => 2.0 - (0.4 * i)), -0.4];
        return (QuarticSurface.Random(random, spectrum, 0.1, 0.1), Draw.Vector(random, n, range));
    }
}
