using FlatBias.Dynamics.Integration;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Integration;

/// <content>Where a locator looks, and what it finds there.</content>
public partial class EventTests
{
    [Property]
    public void Integrate_FunctionThatOnlyRisesOrFalls_IsAskedTwiceAPart(Seed seed)
    {
        var random = seed.Random();
        var (slope, parts, asked) = ((2 * random.NextDouble()) - 1, random.Next(1, 9), 0);
        // Monotone in rounding too, and at least 1 from zero up to t = 10.
        var locator = new EventLocator(
            [
                new(
                    "far",
                    (t, x) =>
                    {
                        asked++;
                        return 11 + (slope * t);
                    }
                ),
            ],
            (e, t, x) => Assert.Fail($"an event at {t:R}"),
            parts: parts
        );
        double[] state = [1, 0];
        var (time, integrator) = (0.0, new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions(1e-6)));

        Assert.Equal(IntegrationEnd.Reached, integrator.Integrate(Oscillator, ref time, 10, state, locator));

        // Once at the start; then at the end of each part and beside that end of it which is nearer to zero.
        Assert.Equal(1 + (2 * parts * integrator.Cost.Accepted), asked);
    }

    [Property]
    public void Integrate_DipIntoAPartAndOut_IsFoundWhereverItLies(Seed seed)
    {
        var random = seed.Random();
        var (parts, sign, direction) = (random.Next(1, 9), Sign(), Sign());
        // Its turning point in the middle 98 % of a part, so that the slopes beside the ends point inward.
        var middle = (random.Next(parts) + 0.01 + (0.98 * random.NextDouble())) / parts;
        var depth = Math.Pow(10, -6 * random.NextDouble());
        var found = new List<double>();
        var locator = new EventLocator(
            [new("dip", (t, x) => sign * (Math.Abs((direction * t) - middle) - depth))],
            (e, t, x) => found.Add(direction * t),
            parts: parts
        );
        var integrator = new RungeKutta(ButcherTableau.DormandPrince, new IntegrationOptions());

        // One step, forward or back.
        locator.Begin(0, direction, [0]);
        locator.Accepted(integrator.Step(Clock, 0, direction, [0]));

        double[] expected = [.. new[] { middle - depth, middle + depth }.Where(t => t is > 0 and < 1)];
        Assert.Equal(expected.Length, found.Count);
        // The resolution of (10.16) at a time and a step of 1 is 8 roundoffs, 9e-16; what a function of slope 1 rounds,
        // three times at most half as much, moves its zero by 3e-16; and once more as much for the expected time.
        for (var i = 0; i < expected.Length; i++)
            Near.Equal(expected[i], found[i], 2e-15, $"crossing {i}");

        int Sign() => random.Next(2) == 0 ? -1 : 1;
    }
}
