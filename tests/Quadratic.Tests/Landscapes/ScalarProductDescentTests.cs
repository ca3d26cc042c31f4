using FlatBias.Dynamics.Descent;
using FlatBias.Quadratic.Arithmetic;
using FlatBias.Quadratic.Landscapes;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>What (3.9) says of descent at depth N: the balanced line and its map, the last stable minimum, and where descent goes on either side of its onset eta = 2/N.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 100)]
public class ScalarProductDescentTests
{
    [Property]
    public void Multiplier_OfTheBalancedMinimum_IsMinusOneAtTwoOverN(Size size, LogUniform target, LogUniform step)
    {
        var (depth, y) = (size.Value, target.In(0.1, 10));
        var network = new ScalarProduct(depth, y);
        var root = network.BalancedMinimum()[0];
        var sharpness = depth * Math.Pow(y, 2 - (2.0 / depth));
        // The root's two roundings are amplified 2 N times by u^(2N-2), and u^N - y is off by 3 N u y.
        foreach (var stepSize in (double[])[2 / sharpness, step.In(1e-3, 10)])
        {
            var tolerance = 16 * depth * Near.Roundoff * (1 + (stepSize * sharpness));
            Near.Equal(
                1 - (stepSize * sharpness),
                network.BalancedStep(new Dual<Scalar>(root, 1.0), stepSize).Slope.Value,
                tolerance,
                "multiplier"
            );
        }
    }

    [Property]
    public void BalancedStep_PositiveLine_HasOneTurningPoint(Size size, LogUniform step)
    {
        // 1 - eta ((2N-1) u^(2N-2) - (N-1) u^(N-2)) starts at 1 (N = 2: 1 + eta) and changes sign once, by Descartes' rule; beyond (1 + 1/eta)^(1/(2N-2)) + 1 it is negative.
        var (depth, stepSize) = (Math.Max(2, size.Value), step.In(1e-2, 10));
        var network = new ScalarProduct(depth);
        var end = Math.Pow(1 + (1 / stepSize), 1.0 / ((2 * depth) - 2)) + 1;
        var changes = 0;
        for (int i = 1, sign = 1; i <= 400; i++)
        {
            var slope = network.BalancedStep(new Dual<Scalar>(i * end / 400, 1.0), stepSize).Slope.Value;
            if (Math.Sign(slope) == sign)
                continue;
            sign = -sign;
            changes++;
        }

        Assert.Equal(1, changes);
    }

    [Property]
    public void Descent_OnTheBalancedLine_IsTheMapAndStaysThere(Size size, Real step, Real start)
    {
        // From onset far into chaos: 2/N to 2.9/N keeps the orbit of the positive line bounded. There |eta e Q| < sqrt 2 most of the time, so that (3.9) contracts what rounding unbalances.
        var (depth, stepSize) = (Math.Max(2, size.Value), step.In(1.9, 2.5) / Math.Max(2, size.Value));
        var network = new ScalarProduct(depth);
        var theta = Enumerable.Repeat(start.In(0.9, 1.1), depth).ToArray();
        for (var t = 0; t < 3000; t++)
        {
            var next = Descending.Step(network, theta, stepSize);
            // Values stay below 1.5 there; a step is 4 N roundings of terms u and eta e P, both below 2 + 1.5^(2N).
            var tolerance = 4 * depth * Near.Roundoff * (2 + (stepSize * Math.Pow(theta[0], (2 * depth) - 1)));
            for (var i = 0; i < depth; i++)
            {
                Near.Equal(
                    network.BalancedStep<Scalar>(theta[i], stepSize).Value,
                    next[i],
                    tolerance + Spread(theta) * depth * depth * 16,
                    $"u+ at step {t}"
                );
                Assert.True(Spread(next) < 1e-11, $"unbalanced by {Spread(next):G3} at step {t}");
            }

            theta = next;
        }
    }

    [Theory]
    [InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(8)]
    public void BalancedMap_AcrossTheOnset_DoublesItsPeriodWithTheAmplitudeOfTheNormalForm(int depth)
    {
        var network = new ScalarProduct(depth);
        const double margin = 1e-2;
        // Below: multiplier -(1 - margin), so 5000 steps contract by e^-50.
        Near.Equal(
            1,
            Settle(network, (2 - margin) / depth, 5000),
            4 * depth * Near.Roundoff / margin,
            "fixed point below the onset"
        );
        // Above: u = 1 +- a with a^2 = eps / c (4.6), eps = eta N - 2. The derivatives 3N(N-1) and N(N-1)(7N-11) of the line's potential (u^N-1)^2/(2N) make c = (N-1)(20N-16)/3.
        // Corrections are of relative order eps.
        var c = (depth - 1) * ((20 * depth) - 16) / 3.0;
        var first = Settle(network, (2 + margin) / depth, 5000);
        var second = network.BalancedStep<Scalar>(first, (2 + margin) / depth).Value;
        Near.Equal(
            1,
            Math.Pow((first - second) / 2, 2) * c / margin,
            margin,
            "squared amplitude over that of the normal form"
        );
        Near.Equal(
            first,
            network.BalancedStep<Scalar>(second, (2 + margin) / depth).Value,
            64 * depth * Near.Roundoff,
            "period two"
        );
    }

    [Property(MaxTest = 30)]
    public void Descent_BelowTheOnset_LeavesSharpMinimaForOnesThatAreStable(Seed seed, Size size)
    {
        // eta = 0.95 * 2/N: minima with S > 2/eta exist beside flatter ones. Started next to any, descent ends at one with N <= S <= 2/eta. With 2/eta = N/0.95 reached slowly at the edge,
        // where (1 - eta S)^t decays algebraically, the residual e leaves S determined to its own order.
        var (random, depth) = (seed.Random(), 2 + (size.Value % 4));
        var network = new ScalarProduct(depth);
        var stepSize = 0.95 * 2 / depth;
        var theta = Descending.Steps(network, NearAMinimum(random, depth), stepSize, 4000);
        var (error, sharpness) = (Math.Abs(network.Product(theta) - 1), network.MinimumSharpness(theta));
        Assert.True(error < 1e-2, $"ended at an error of {error:G3}");
        Assert.True(sharpness >= depth * (1 - (2 * error)), $"S = {sharpness:R} below N = {depth}");
        Assert.True(stepSize * sharpness <= 2 * (1 + (2 * error)) + 1e-12, $"eta S = {stepSize * sharpness:R}");
    }

    [Property(MaxTest = 12)]
    public void Descent_AboveTheOnset_BalancesAndFollowsThePeriodTwoOfTheLine(Seed seed, Size size)
    {
        // eta = 1.02 * 2/N: no minimum is stable, so the error cannot die out, and by (3.9) the imbalances do: near the cycle by 1 - 4 a^2 a step, a^2 = 0.04/c, c = (N-1)(20N-16)/3 <= 56 for N <= 4.
        // 0.997^20000 = e^-57.
        var (random, depth) = (seed.Random(), 2 + (size.Value % 3));
        var network = new ScalarProduct(depth);
        var stepSize = 1.02 * 2 / depth;
        var theta = Descending.Steps(network, NearAMinimum(random, depth), stepSize, 20_000);
        // What is left is rounding, contracted by 0.003 a step: u / 0.003 times the N roundings of a step.
        Assert.True(Spread(theta) < 16 * depth * Near.Roundoff / 0.003, $"unbalanced by {Spread(theta):G3}");
        var first = Settle(network, stepSize, 5000);
        var second = network.BalancedStep<Scalar>(first, stepSize).Value;
        // The cycle's own multiplier is about 1 - 4 * 0.04: roundings die out within ten steps.
        Near.Equal(
            0,
            Math.Min(Math.Abs(theta[0] - first), Math.Abs(theta[0] - second)),
            64 * depth * Near.Roundoff / 0.003,
            "distance to the cycle"
        );
    }

    [Fact]
    public void Descent_TheSameLoop_EndsWhereTheHandWrittenStepsDo()
    {
        var network = new ScalarProduct(3);
        double[] start = [0.5, 1, 1.5],
            theta = [.. start];
        DescentLoop.Run(network, new GradientDescent<double[]>(network.Space), 0.3, new DescentLimits(50), theta, []);
        // The loop may fuse multiplication and addition: one rounding a step apart, on a contracting orbit.
        Near.Equal(Descending.Steps(network, start, 0.3, 50), theta, 50 * 4 * Near.Roundoff, "theta_50");
    }

    private static double Settle(ScalarProduct network, double stepSize, int steps)
    {
        var u = 1.01;
        for (var t = 0; t < steps; t++)
            u = network.BalancedStep<Scalar>(u, stepSize).Value;
        return u;
    }

    /// <summary>A random positive point with Theta = 1, each |log theta_i| at most 0.4, then moved by a part in a thousand.</summary>
    private static double[] NearAMinimum(Random random, int depth)
    {
        var logs = RandomLandscapes.Vector(random, depth, 0.2);
        var mean = logs.Average();
        return [.. logs.Select(l => Math.Exp(l - mean) * (1 + RandomLandscapes.Uniform(random, 1e-3)))];
    }

    private static double Spread(double[] theta) => theta.Max() - theta.Min();
}
