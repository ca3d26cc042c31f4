using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>Self-stabilization (6.2), reduced and generalised, against (4.4) and against gradient descent in the limit of a slow edge.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 50)]
public class SelfStabilizationTheoryTests
{
    [Property]
    public void Reduced_OnTheFloor_IsTheMomentMapOfOrderTwo(Seed seed, Size width, Real at)
    {
        // With u and u - eta m_2 u = -(1 + eta y) u the two maps are one, step for step, from any u.
        var (jet, u) = (RandomJets.Draw(seed.Random(), 2, width.Value), at.Value);
        var stepSize = 2 / jet.Sharpness;
        double[] moment = [u, 0.3, 0, jet.Sharpness],
            next = new double[4],
            reduced = [u, 0, 0.3],
            nextReduced = new double[3];
        var bound = 1e-15;
        for (var t = 0; t < 30 && bound < 1e-8; t++)
        {
            new CurvatureMomentMap(jet with { Gram = OnlySecond(jet), Drift = [0, jet.Drift[1]] }, stepSize).Step(
                moment,
                next
            );
            new SelfStabilizationMap(stepSize, jet.Drift[1], jet.Gram[1, 1], jet.SquaredGradient).Step(
                reduced,
                nextReduced
            );
            next.CopyTo(moment, 0);
            nextReduced.CopyTo(reduced, 0);
            // Derivatives of one step are at most 1 + eta |y|, eta |x| and eta beta |x|; a dozen roundings on numbers of the size of 2/eta, x and V.
            var size = Near.Scale(moment) + Near.Scale(reduced);
            bound =
                (
                    bound
                    * (
                        1
                        + (
                            stepSize
                            * (
                                Math.Abs(reduced[1])
                                + ((1 + jet.Gram[1, 1]) * Math.Abs(reduced[0]))
                                + Math.Abs(jet.Drift[1] * reduced[0])
                            )
                        )
                    )
                ) + (20 * Near.Roundoff * size * size);
            Near.Equal(moment[0], reduced[0], bound, $"x_{t}");
            Near.Equal(moment[3], (2 / stepSize) + reduced[1], bound, $"y_{t}");
            Near.Equal(moment[1], reduced[2], bound, $"V_{t}");
        }
    }

    [Property]
    public void Reduced_JetOffTheFloor_StartsAtItsDistance(Seed seed, Size width)
    {
        var jet = RandomJets.Draw(seed.Random(), 2, width.Value);
        var forecast = new ReducedSelfStabilizationTheory().Predict(jet, 2 / jet.Sharpness, 1);
        // y_0 = 0: x_1 = -x_0, so that u_1 = -2 x_0 = -eta m_1, the step itself.
        Near.Equal(-2 / jet.Sharpness * jet.Moments[0], forecast.Displacement[1], 16 * Near.Roundoff, "u_1");
    }

    [Property]
    public void AllForms_StartNearerToTheFloor_ErrByTheOrderThatTheyLeaveOut(Seed seed, Size size)
    {
        // From s v_1, with eta S = 2 + O(s): x and y, and so w, are O(s). All forms leave out m_3 x^2/2, the generalised ones D^3 L[u, w, w]/2 as well, so that u errs by O(s^2). On a valley that is even in u to third order
        // both vanish, and what is left out (the relaxation of the floor in the reduced form, D^3 L[w, w, .], m_4 x^3/6) moves u by O(s^3) only; but without rotation the entries b_2 u of H go, and with them b_2 u . w = O(s^2). Halving s divides the error by 4 or 8, up to the next order.
        foreach (
            var theory in (ITheory[])
                [
                    new ReducedSelfStabilizationTheory(),
                    new SelfStabilizationTheory(),
                    new SelfStabilizationTheory(rotation: false),
                ]
        )
        foreach (var even in (bool[])[false, true])
        {
            double Error(double s) => Distance(theory, Surface(seed, size, even), s, 0);
            var (far, near) = (Error(0.004), Error(0.002));
            var order = even && theory.Name != "self-stabilization-fixed" ? 3 : 2;
            Assert.True(
                near <= (far / Math.Pow(2, order)) + Remainder(0.004, order),
                $"{theory.Name}, {(even ? "even" : "any")} valley: {far:G3} -> {near:G3}"
            );
        }
    }

    [Property]
    public void Generalised_StartOffTheFloorSideways_KeepsWhatTheReducedFormLoses(Seed seed, Size size)
    {
        // From s (v_1 + others) the floor relaxes by H v: y changes by O(s), u by O(s^2), all of which the reduced form drops. With no coupling but grad S the generalised form leaves out O(s^3).
        double Error(ITheory theory, double s) =>
            Distance(theory, Surface(seed, size, even: true, onlySharpness: true), s, 0.5);
        var (far, near) = (Error(new SelfStabilizationTheory(), 0.002), Error(new SelfStabilizationTheory(), 0.001));
        Assert.True(near <= (far / 8) + Remainder(0.002, 3), $"generalised: {far:G3} -> {near:G3}");
        (far, near) = (
            Error(new ReducedSelfStabilizationTheory(), 0.002),
            Error(new ReducedSelfStabilizationTheory(), 0.001)
        );
        Assert.True(near >= far / 5, $"reduced: {far:G3} -> {near:G3}");
    }

    [Fact]
    public void Generalised_AboveTheEdgeWithoutSharpnessGradient_Declines()
    {
        var surface = QuarticSurface.Random(new Random(1), [3, 2, 1], 0, 0);
        var jet = Jet.Measure(surface, [0.1, 0.1, 0.1], 4, new LanczosOptions(), krylov: 3);
        Assert.StartsWith(
            "no point at the edge is within reach",
            new SelfStabilizationTheory().Predict(jet, 0.8, 3).Declined,
            StringComparison.Ordinal
        );
        Assert.Null(new SelfStabilizationTheory().Predict(jet, 0.5, 3).Declined);
    }

    [Fact]
    public void Reduced_NoValley_Declines() =>
        Assert.StartsWith(
            "the sharpness is -1;",
            new ReducedSelfStabilizationTheory()
                .Predict(new Jet(0, [0, -1], new double[2, 2], new double[2], 0, -2, 1), 0.1, 3)
                .Declined,
            StringComparison.Ordinal
        );

    /// <summary>
    /// |a s^p + b s^(p+1)| gives e(s/2) &lt;= e(s)/2^p + |b| s^(p+1) / 2^(p+1). With y_0 = 0.15 s + m_3 s the trajectory is projected by w = y_0 / |grad S| &lt;= 3 s. Six
    /// steps, summed, repeat an error of the first 21 times, each made of (3 s)^(p+1) times two coefficients of at most 0.3 or one of 0.3 / 6: |b| is below 21 * 27 * 0.18 = 100 for p = 2, and as much for p = 3.
    /// </summary>
    private static double Remainder(double s, int order) => (100 * Math.Pow(s / 2, order + 1)) + 1e-12;

    /// <summary>The sum over six steps of the error in the displacement.</summary>
    private static double Distance(ITheory theory, QuarticSurface surface, double s, double sideways)
    {
        var n = surface.Space.Dimension;
        // Sideways along the signs of grad S, so that its terms add up.
        double[] theta = [s, .. Enumerable.Range(1, n - 1).Select(i => Math.CopySign(s * sideways, surface.Cubic[i]))];
        var stepSize = 2 / 3.0 * (1 + (0.05 * s));
        var v = SymmetricMatrices.Eigen(surface.Hessian(theta)).Vectors[0];
        using var point = surface.At(theta);
        var jet = Jet.Along(surface, point, v, 6, krylov: n, cubic: n > 1, gap: 0.5);
        var forecast = theory.Predict(jet, stepSize, 6);
        Assert.Null(forecast.Declined);
        return Draw.Trajectory(surface, theta, stepSize, 6)
            .Select(
                (at, t) =>
                    Math.Abs(SymmetricMatrices.Dot(v, Differences.Along(at, theta, -1)) - forecast.Displacement[t])
            )
            .Sum();
    }

    [Fact]
    public void Predict_ProjectionThatWandersBeforeItSettles_Declines()
    {
        // Undamped, Newton's method leaps about for a dozen iterations here and comes to rest at some point of the edge:
        // another after the rounding of a rotation of the coordinates.
        var (surface, theta) = RandomJets.Surface(new Seed(1615489), new Size(5));
        var jet = RandomJets.Measure(surface, theta);
        var forecast = new SelfStabilizationTheory(rotation: false).Predict(jet, 2.02 / jet.Sharpness, 8);
        Assert.Contains("no point at the edge is within reach", forecast.Declined, StringComparison.Ordinal);
    }

    /// <summary>Principal axes along the coordinates, the sharpest 3; cubic couplings between 0.15 and 0.3 in size; even: those odd in u vanish; onlySharpness: no coupling but D^3 L[v_1, v_1, .] off v_1.</summary>
    private static QuarticSurface Surface(Seed seed, Size size, bool even, bool onlySharpness = false)
    {
        var n = 2 + (size.Value % 4);
        var raw = Draw.Surface(seed.Random(), n, 0.3, 0.3);
        var axes = new double[n, n];
        for (var i = 0; i < n; i++)
            axes[i, i] = 3 - (0.6 * i);
        double Kept(double c, int flat)
        {
            int[] index = [flat / (n * n), flat / n % n, flat % n];
            var leading = index.Count(i => i == 0);
            return (even && leading % 2 == 1) || (onlySharpness && leading != 2)
                ? 0
                : Math.CopySign(0.15 + (Math.Abs(c) / 2), c);
        }

        return new QuarticSurface(axes, [.. raw.Cubic.Select(Kept)], raw.Quartic);
    }

    private static double[,] OnlySecond(Jet jet) =>
        new[,]
        {
            { 0, 0 },
            { 0, jet.Gram[1, 1] },
        };
}
