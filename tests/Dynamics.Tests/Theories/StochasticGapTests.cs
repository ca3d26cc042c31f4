using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Theories;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Theories;

/// <summary>The stochastic gap (4.20): the map with noise against the identity for its mean.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 20)]
public class StochasticGapTests
{
    /// <summary>The numbers of docs/theory.md, to the digits given there.</summary>
    [Theory]
    [InlineData(0.5, -0.321, -0.3125)]
    [InlineData(0.05, -0.0065, -0.003125)]
    public void Simulate_NumbersOfThePage_HasTheirMean(double noise, double expected, double leading)
    {
        var gap = new StochasticGap(0.1, 0.02, 1, noise);
        var (simulated, error, identity) = gap.Simulate(2_000_000, 1);
        // The page's numbers are those of one simulation each, rounded to their last digit.
        Near.Equal(expected, simulated, (5 * error) + (0.01 * Math.Abs(expected)), "simulated");
        Near.Equal(expected, identity, (5 * error) + (0.01 * Math.Abs(expected)), "identity");
        Near.Equal(leading, gap.Leading, 10 * Near.Roundoff, "leading");
    }

    [Property]
    public void Simulate_AnyNumbers_AgreesWithTheIdentity(Seed seed, LogUniform units, LogUniform time)
    {
        // In units of length l and time tau: eta as tau, x as l, y as 1 / tau.
        var random = seed.Random();
        double l = units.In(1e-12, 1e12),
            tau = time.In(1e-12, 1e12);
        double alpha = 0.01 + (0.04 * random.NextDouble()),
            noise = 0.05 + (0.4 * random.NextDouble());
        var gap = new StochasticGap(0.1 * tau, alpha / tau / tau, 1 / l / l / tau / tau, noise * l / tau);
        var (simulated, error, identity) = gap.Simulate(400_000, seed.Value);
        // The two differ by what the moments of these steps miss of their balances: the difference of x^2 and y^2 at
        // the two ends over the steps, far below the error of the mean, and the mean of x xi, which has an error of its own.
        Near.Equal(identity * tau, simulated * tau, 6 * error * tau, "E y");
        Assert.InRange(error * tau, 1e-9, 0.1 * Math.Abs(identity) * tau);
        Assert.True(gap.Leading < 0 && identity < gap.Leading / 2);
    }

    [Fact]
    public void Simulate_WithoutNoise_IsTheReducedMap()
    {
        var gap = new StochasticGap(0.1, 0.02, 1, 0);
        var map = new SelfStabilizationMap(0.1, 0.02, 1, 0);
        double[] state = [Math.Sqrt(0.04), 0, 0],
            next = new double[3];
        var sum = 0.0;
        for (var t = -100; t < 100; t++)
        {
            sum += t >= 0 ? state[1] : 0;
            map.Step(state, next);
            (state, next) = (next, state);
        }

        Near.Equal(sum / 100, gap.Simulate(100, 3).Simulated, 1e3 * Near.Roundoff, "mean");
    }

    [Fact]
    public void Simulate_StepFarTooLarge_IsNoNumber() =>
        Assert.True(double.IsNaN(new StochasticGap(10, 5, 1, 10).Simulate(1000, 1).Simulated));

    [Fact]
    public void Of_Jet_TakesItsNumbersAtTheFloor()
    {
        var jet = RandomJets.Draw(new Random(2), 4, 3, 0.3);
        var (x, edge) = (jet.Moments[0] / jet.Sharpness, 0.7);
        var alpha = jet.Drift[1] + (jet.Gram[0, 1] * x) - (jet.Gram[1, 1] * x * x / 2);
        jet.Drift[1] += Math.Abs(alpha) + 0.1;
        var gap = StochasticGap.Of(jet, edge, 0.04)!.Value;
        Near.Equal(alpha + Math.Abs(alpha) + 0.1, gap.Alpha, 1e-14, "alpha");
        Assert.Equal((edge, jet.Gram[1, 1], 0.2), (gap.StepSize, gap.Beta, gap.Noise));
        jet.Drift[1] = -10;
        Assert.Null(StochasticGap.Of(jet, edge, 0.04));
        jet.Drift[1] = 10;
        jet.Moments[1] = -1;
        Assert.Null(StochasticGap.Of(jet, edge, 0.04));
        Assert.Throws<ArgumentOutOfRangeException>(() => StochasticGap.Of(jet, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => StochasticGap.Of(jet, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => gap.Simulate(49, 1));
    }
}
