using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>Gradient descent on the valley against the curvature-moment map, eqs. (4.1)-(4.4).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class PolynomialValleyTests
{
    [Property]
    public void MomentMap_AnyValleyAnyOrder_IsDescentInAllDimensions(Seed seed, Size size)
    {
        var random = seed.Random();
        var order = 2 + (size.Value % 5);
        var valley = RandomLandscapes.Valley(random, order, size.Value);
        double[] theta = [0, .. RandomLandscapes.Vector(random, size.Value, 0.3)];
        const double stepSize = 0.2;
        using var point = valley.At((double[])theta.Clone());
        var jet = Jet.Along(valley, point, valley.UnstableDirection(), order);
        var map = new CurvatureMomentMap(jet, stepSize);
        var state = CurvatureMomentMap.Start(jet);
        theta[0] = state[0] = RandomLandscapes.Uniform(random, 0.3);
        double[] gradient = new double[theta.Length],
            scratch = new double[state.Length];
        // Both sides commit errors of a few u per step and term; the local Lipschitz factor of a step is at most 1 + eta |H| and the comparison ends once the run leaves |theta| < 3,
        // where |H| <= 8 by the ranges above; 25 steps amplify by at most (1 + 0.2 |H|)^25 in the worst case, measured here by carrying the bound along.
        var bound = 1e-15;
        for (var t = 0; t < 25; t++)
        {
            valley.Gradient(theta, gradient);
            for (var i = 0; i < theta.Length; i++)
                theta[i] -= stepSize * gradient[i];
            map.Step(state, scratch);
            scratch.CopyTo(state, 0);
            if (Near.Scale(theta) > 3)
                return;
            bound =
                (bound * (1 + (stepSize * Norm(valley, theta))))
                + (64 * Near.Roundoff * Near.Scale(theta) * size.Value);
            Near.Equal(theta[0], state[0], bound, $"u after {t + 1} steps");
            for (var k = 2; k <= order; k++)
                Near.Equal(
                    valley.Moment(k, theta),
                    state[k + 1],
                    bound * (1 + size.Value),
                    $"m_{k} after {t + 1} steps"
                );
            Near.Equal(valley.Loss(theta), CurvatureMomentMap.Loss(state), 10 * bound * (1 + size.Value), "loss");
        }
    }

    [Property]
    public void MomentMap_OrderTwo_IsSelfStabilization(Real u, Real m, LogUniform drift, LogUniform gram)
    {
        var (alpha, beta, stepSize) = (drift.In(1e-3, 1), gram.In(1e-3, 10), 0.4);
        var jet = new Jet(
            0,
            [0, 5 + m.Value],
            new double[,]
            {
                { 0, 0 },
                { 0, beta },
            },
            [0, alpha],
            0,
            double.NaN,
            1
        );
        double[] state = [u.Value, 0, 0, 5 + m.Value],
            next = new double[4];
        new CurvatureMomentMap(jet, stepSize).Step(state, next);
        // (4.4), three operations each on numbers below 10.
        Near.Equal((1 - (stepSize * state[3])) * state[0], next[0], 100 * Near.Roundoff, "u+");
        Near.Equal(
            state[3] + (stepSize * (alpha - (beta * state[0] * state[0] / 2))),
            next[3],
            100 * Near.Roundoff,
            "m_2+"
        );
    }

    [Property]
    public void WeightedCurvature_WithoutSharpening_FallsAtTheStatedRate(Seed seed, Size size, Real at)
    {
        // (4.3) for fixed u: d/dt sum m_k u^k/k! = -|sum grad m_k u^k/k!|^2 + sum a_k u^k/k!. The moment equations (4.2) are affine in eta, so the rate is the increment over eta.
        var random = seed.Random();
        var order = 2 + (size.Value % 5);
        var valley = RandomLandscapes.Valley(random, order, size.Value);
        double[] theta = [0, .. RandomLandscapes.Vector(random, size.Value, 1)];
        using var point = valley.At(theta);
        var jet = Jet.Along(valley, point, valley.UnstableDirection(), order);
        var state = CurvatureMomentMap.Start(jet);
        state[0] = at.Value;
        var next = new double[state.Length];
        new CurvatureMomentMap(jet, 1).Step(state, next);
        double[] weights =
        [
            .. Enumerable
                .Range(1, order)
                .Select(k => Math.Pow(at.Value, k) / Enumerable.Range(1, k).Aggregate(1.0, (p, i) => p * i)),
        ];
        var rate = weights.Select((w, k) => w * (next[k + 2] - state[k + 2])).Sum();
        var sharpening = weights.Select((w, k) => w * jet.Drift[k]).Sum();
        valley.Gradient([at.Value, .. theta[1..]], theta = new double[theta.Length]);
        var slope = new double[theta.Length];
        valley.Gradient(new double[theta.Length], slope);
        var squared = theta[1..].Zip(slope[1..], (total, floor) => (total - floor) * (total - floor)).Sum();
        Near.Equal(sharpening - squared, rate, 1e3 * Near.Roundoff * (1 + Math.Abs(sharpening) + squared), "(4.3)");
        Assert.True(rate <= sharpening + 1e-12);
    }

    private static double Norm(PolynomialValley valley, double[] theta)
    {
        var values = valley.Eigenvalues(theta);
        return Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
    }
}
