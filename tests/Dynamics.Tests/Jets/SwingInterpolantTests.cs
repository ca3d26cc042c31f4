using FlatBias.Dynamics.Jets;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Jets;

/// <summary>The quintic Hermite interpolant of (4.11).</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class SwingInterpolantTests
{
    [Property]
    public void Weights_Quintic_GiveItsDerivatives(Seed seed, LogUniform unit, LogUniform skew)
    {
        var random = seed.Random();
        // Swings of 1e-12 to 1e12, one side up to four times the other.
        var scale = unit.In(1e-12, 1e12);
        var other = scale * skew.In(0.25, 1);
        var (low, high) = random.Next(2) == 0 ? (-scale, other) : (-other, scale);
        // Derivatives such that all terms are of order 1 over the swing.
        double[] derivatives = [.. Enumerable.Range(2, 4).Select(k => Draw.Uniform(random, 1) / Math.Pow(scale, k))];
        var weights = SwingInterpolant.Weights(low, high);
        for (var j = 0; j < 4; j++)
        {
            var actual =
                (weights[j, 0] * Rest(low))
                + (weights[j, 1] * Rest(high))
                + (weights[j, 2] * Slope(low))
                + (weights[j, 3] * Slope(high));
            // In the unit of the swing: values of up to 1 are divided by (1/4)^3 and twice by a width of 5/4, and then
            // multiplied by up to 5!: 64 * 2 * 120 roundings of each of four.
            Near.Equal(
                derivatives[j] * Math.Pow(scale, j + 2),
                actual * Math.Pow(scale, j + 2),
                64 * 2 * 120 * 4 * Near.Roundoff,
                $"derivative {j + 2}"
            );
        }

        double Rest(double u) =>
            Enumerable.Range(0, 4).Sum(j => derivatives[j] * Math.Pow(u, j + 2) / Factorial(j + 2));
        double Slope(double u) =>
            Enumerable.Range(0, 4).Sum(j => derivatives[j] * Math.Pow(u, j + 1) / Factorial(j + 1));
    }

    [Theory]
    [InlineData(-0.1, 0.1)]
    [InlineData(-0.1, 0.04)]
    [InlineData(-0.03, 0.08)]
    public void Weights_Exponential_ErrByTheRemainderOfHermite(double low, double high)
    {
        // p - its interpolant = p^(6)(xi)/6! u^2 (u - a)^2 (u - b)^2, whose second derivative at 0 is a^2 b^2 / 360 and
        // whose third is -ab(a + b) / 60, for e^u times e^xi: between 1 - s and 1 + 2 s over the swing, and the
        // variation of xi enters at the next order, by at most 7 s^5 for the second and 42 s^4 for the third.
        var weights = SwingInterpolant.Weights(low, high);
        var scale = Math.Max(-low, high);
        Near.Equal(1 - (low * low * high * high / 360), Derivative(0), 7 * Math.Pow(scale, 5) / 360, "second");
        Near.Equal(1 + (low * high * (low + high) / 60), Derivative(1), 42 * Math.Pow(scale, 4) / 60, "third");

        double Derivative(int j) =>
            (weights[j, 0] * (Math.Exp(low) - 1 - low))
            + (weights[j, 1] * (Math.Exp(high) - 1 - high))
            + (weights[j, 2] * (Math.Exp(low) - 1))
            + (weights[j, 3] * (Math.Exp(high) - 1));
    }

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);
}
