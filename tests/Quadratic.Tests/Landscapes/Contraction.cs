using FlatBias.Testing;

namespace FlatBias.Quadratic.Tests.Landscapes;

/// <summary>(3.1) per coordinate of a two-layer diagonal network: v^2 - u^2 is multiplied by 1 - eta^2 c^2, so it contracts exactly while 0 &lt; |eta c| &lt; sqrt 2 and grows beyond.</summary>
internal static class Contraction
{
    /// <param name="theta">(u, v) before the step.</param>
    /// <param name="next">(u, v) after it.</param>
    /// <param name="slopes">c at <paramref name="theta"/>, as the step used them.</param>
    /// <param name="stepSize">eta.</param>
    public static void Check(double[] theta, double[] next, double[] slopes, double stepSize)
    {
        for (var i = 0; i < slopes.Length; i++)
        {
            var (before, after) = (Imbalance(theta, i), Imbalance(next, i));
            var q = Math.Abs(stepSize * slopes[i]);
            // A step by a given slope is two roundings in each of u and v, a difference of squares a few more; the sums of absolute values are below (|u| + |v|)^2 (1 + q)^2.
            // The slope itself is the one that the step used, up to two roundings in scaling it.
            var slack =
                32 * Near.Roundoff * Math.Pow((Math.Abs(theta[i]) + Math.Abs(theta[slopes.Length + i])) * (1 + q), 2);
            Near.Equal(before * (1 - (q * q)), after, slack, $"(3.1), coordinate {i}");
            if (q < Math.Sqrt(2))
                Assert.True(
                    Math.Abs(after) <= Math.Abs(before) + slack,
                    $"|D| rose from {before:R} to {after:R} at |eta c| = {q:R}"
                );
            else
                Assert.True(
                    Math.Abs(after) >= Math.Abs(before) - slack,
                    $"|D| fell from {before:R} to {after:R} at |eta c| = {q:R}"
                );
        }
    }

    public static double Imbalance(double[] theta, int i)
    {
        var (u, v) = (theta[i], theta[(theta.Length / 2) + i]);
        return (v - u) * (v + u);
    }
}
