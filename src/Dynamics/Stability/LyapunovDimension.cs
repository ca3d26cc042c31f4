namespace FlatBias.Dynamics.Stability;

/// <summary>
/// The dimension that Lyapunov exponents speak for (Kaplan and Yorke 1979), eq. (9.8): how many directions together do
/// not contract, with a part of the next by the place where the sum of the largest exponents comes back to 0.
/// </summary>
public static class LyapunovDimension
{
    /// <summary>The dimension.</summary>
    /// <param name="exponents">The n largest exponents, in any order; minus infinity for what collapsed.</param>
    /// <param name="dimension">P, the dimension of the space, at least n.</param>
    /// <returns>From 0, where none is above 0, to P, where the sum of all P is not below 0; NaN where the sum of n
    /// smaller than P is not, so that it is at least n, and where an exponent is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no exponents, or more than the space has.</exception>
    public static double Of(ReadOnlySpan<double> exponents, int dimension)
    {
        Require.InRange(exponents.Length, 1, dimension, nameof(exponents));
        double[] sorted = [.. exponents];
        Array.Sort(sorted);
        // NaN is the smallest for the sort.
        if (double.IsNaN(sorted[0]))
            return double.NaN;
        var sum = 0.0;
        for (var k = 0; k < sorted.Length; k++)
        {
            var next = sorted[^(k + 1)];
            // The terms fall, so that the sum does not come back to 0 once it has passed it.
            if (sum + next < 0)
                return k + (sum / -next);
            sum += next;
        }

        return sorted.Length == dimension ? dimension : double.NaN;
    }
}
