using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>The curvature-moment map against the sums of (4.1), (4.2) written out.</summary>
[Properties(Arbitrary = [typeof(Generators)])]
public class CurvatureMomentMapTests
{
    [Property]
    public void Step_AnyJet_IsTheExplicitSums(Seed seed, Size size, LogUniform step)
    {
        var random = seed.Random();
        var (jet, eta) = (RandomJet(random, 2 + (size.Value % 5)), step.In(1e-3, 1));
        var order = jet.Order;
        double[] state = [.. Draw.Vector(random, order + 2, 1.5)],
            next = new double[order + 2];
        var (u, m) = (state[0], state[2..]);
        new CurvatureMomentMap(jet, eta).Step(state, next);

        var force = 0.0;
        for (var k = 1; k <= order; k++)
            force += m[k - 1] * Weight(u, k - 1);
        var work = 0.0;
        for (var k = 1; k <= order; k++)
            work += jet.Drift[k - 1] * Weight(u, k);
        // At most 2 K + 8 operations on numbers below 10 in every line.
        const double tolerance = 10 * 20 * Near.Roundoff;
        Near.Equal(u - (eta * force), next[0], tolerance, "u+");
        Near.Equal(state[1] - (eta * (jet.SquaredGradient - work)), next[1], tolerance, "V+");
        for (var j = 1; j <= order; j++)
        {
            var pull = jet.Drift[j - 1];
            for (var k = 1; k <= order; k++)
                pull -= jet.Gram[j - 1, k - 1] * Weight(u, k);
            Near.Equal(m[j - 1] + (eta * pull), next[j + 1], tolerance, $"m_{j}+");
        }
    }

    [Property]
    public void LossAndCurvature_AnyState_AreTheTaylorSums(Seed seed, Size size)
    {
        var random = seed.Random();
        var order = 2 + (size.Value % 5);
        var state = Draw.Vector(random, order + 2, 1.5);
        var (loss, curvature) = (state[1], 0.0);
        for (var k = 1; k <= order; k++)
            loss += state[k + 1] * Weight(state[0], k);
        for (var k = 2; k <= order; k++)
            curvature += state[k + 1] * Weight(state[0], k - 2);
        // As above.
        Near.Equal(loss, CurvatureMomentMap.Loss(state), 10 * 20 * Near.Roundoff, "loss");
        Near.Equal(curvature, CurvatureMomentMap.Moment(state, 2), 10 * 20 * Near.Roundoff, "curvature");
    }

    [Property]
    public void Step_OrderTwo_FollowsTheSelfStabilizationFlowToFirstOrder(Real start, LogUniform drift, LogUniform gram)
    {
        // (4.5): with u_t = (-1)^t x_t and y = m_2 - 2/eta the map is one Euler step of length eta of x' = x y, y' = alpha - beta x^2/2. Over a fixed time its error is first order in eta.
        var (alpha, beta) = (drift.In(0.1, 1), gram.In(0.1, 1));
        double[] from = [start.In(0.5, 1.5), 0.2];
        const double time = 1;
        var exact = Flow(from, alpha, beta, time, 1000);
        double Error(int steps)
        {
            var eta = time / steps;
            var jet = new Jet(
                0,
                [0, (2 / eta) + from[1]],
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
            double[] state = CurvatureMomentMap.Start(jet),
                next = new double[4];
            state[0] = from[0];
            for (var t = 0; t < steps; t++)
            {
                new CurvatureMomentMap(jet, eta).Step(state, next);
                next.CopyTo(state, 0);
            }

            var x = steps % 2 == 0 ? state[0] : -state[0];
            return Math.Sqrt(Math.Pow(x - exact[0], 2) + Math.Pow(state[3] - (2 / eta) - exact[1], 2));
        }

        // e(h) = a h + b h^2: at h = 1/500 the second term is a per cent of the first for these rates of order 1, so halving h divides the error by 2 within 10 %.
        Assert.InRange(Error(500) / Error(1000), 1.8, 2.2);
    }

    [Property]
    public void Energy_AlongTheFlow_IsConservedToFourthOrder(Real start, Real height, LogUniform drift, LogUniform gram)
    {
        // E of (4.5) by a classical Runge-Kutta method: what drifts is the method's error alone, so it falls by 2^4 and no less when the step is halved. A wrong term in E would not fall at all.
        var (alpha, beta) = (drift.In(0.1, 1), gram.In(0.1, 1));
        double[] from = [start.In(0.5, 2), height.Value];
        double Energy(double[] s) => (s[1] * s[1] / 2) + (beta * s[0] * s[0] / 4) - (alpha * Math.Log(Math.Abs(s[0])));
        double Drift(int stepsPerStretch)
        {
            // The largest along the way: at single times the drift can pass through zero.
            var (state, worst) = (from, 0.0);
            for (var stretch = 0; stretch < 50; stretch++)
            {
                state = Flow(state, alpha, beta, 0.1, stepsPerStretch);
                worst = Math.Max(worst, Math.Abs(Energy(state) - Energy(from)));
            }

            return worst;
        }

        // Halving twice divides by 256 if fourth order is all there is; the terms beyond are a fifth of it at h = 1/20, and rounding of E over 400 steps is 400 u |E| ~ 1e-13.
        var (coarse, fine) = (Drift(2), Drift(8));
        Assert.True(fine <= (coarse / 100) + 1e-12, $"drift {coarse:G3} at h, {fine:G3} at h/4");
        Assert.True(coarse < 1e-4, $"drift {coarse:G3}: h = 1/20, h^4 = 6e-6 with rates of order 1 over a time of 5");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void Constructor_StepSizeOutsideRange_NamesIt(double stepSize)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new CurvatureMomentMap(RandomJet(new Random(1), 2), stepSize)
        );
        Assert.Contains("it must be a finite number above 0", error.Message, StringComparison.Ordinal);
    }

    /// <summary>u^k / k!.</summary>
    private static double Weight(double u, int k) =>
        Math.Pow(u, k) / Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * i);

    private static Jet RandomJet(Random random, int order)
    {
        var gram = new double[order, order];
        for (var j = 0; j < order; j++)
        for (var k = 0; k < order; k++)
            gram[j, k] = Draw.Uniform(random, 1);
        return new Jet(
            Draw.Uniform(random, 1),
            Draw.Vector(random, order),
            gram,
            Draw.Vector(random, order),
            random.NextDouble(),
            0,
            1
        );
    }

    /// <summary>x' = x y, y' = alpha - beta x^2 / 2 by classical Runge-Kutta.</summary>
    private static double[] Flow(double[] from, double alpha, double beta, double time, int steps)
    {
        (double X, double Y) Rate(double x, double y) => (x * y, alpha - (beta * x * x / 2));
        var (x, y, h) = (from[0], from[1], time / steps);
        for (var i = 0; i < steps; i++)
        {
            var a = Rate(x, y);
            var b = Rate(x + (h / 2 * a.X), y + (h / 2 * a.Y));
            var c = Rate(x + (h / 2 * b.X), y + (h / 2 * b.Y));
            var d = Rate(x + (h * c.X), y + (h * c.Y));
            x += h / 6 * (a.X + (2 * b.X) + (2 * c.X) + d.X);
            y += h / 6 * (a.Y + (2 * b.Y) + (2 * c.Y) + d.Y);
        }

        return [x, y];
    }
}
