namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// The bound (10.5) on what a Lanczos iteration from a random start has not seen. An eigenvalue mu above all Ritz
/// values theta_j stays unseen only where the component of the start along its vector is at most prod_j beta_j / (mu -
/// theta_j),
/// and a component of a random unit vector in d dimensions is at most c with a probability of at most c sqrt(2 d / pi).
/// </summary>
/// <param name="dimension">d.</param>
/// <param name="shortening">The start is the random unit vector and something else, divided by this.</param>
internal readonly struct UnseenBound(int dimension, double shortening)
{
    /// <summary>The probability with which the bound may fail.</summary>
    public const double Risk = 1e-6;

    private readonly double _prefactor = Math.Log(shortening * Math.Sqrt(2 * dimension / Math.PI) / Risk);

    /// <summary>Whether there is no eigenvalue at or above a number, but for the risk.</summary>
    /// <param name="value">The number.</param>
    /// <param name="beta">beta_1 .. beta_m.</param>
    /// <param name="ritz">The Ritz pairs.</param>
    public bool Excludes(double value, ReadOnlySpan<double> beta, RitzPairs ritz)
    {
        if (!(value > ritz.Leading(0).Value))
            return false;
        var exponent = _prefactor;
        for (var j = 0; j < beta.Length; j++)
            exponent += Math.Log(beta[j]) - Math.Log(value - ritz.Value(j));
        return exponent <= 0;
    }

    /// <summary>
    /// The smallest number that is excluded, to a thousandth of its distance from the largest Ritz value.
    /// </summary>
    /// <param name="beta">beta_1 .. beta_m.</param>
    /// <param name="ritz">The Ritz pairs.</param>
    public double Of(ReadOnlySpan<double> beta, RitzPairs ritz)
    {
        var largest = ritz.Leading(0).Value;
        // Distances by their logarithm: from below all rounding to where even a single product excludes.
        var (low, high) = (
            Math.Log(ritz.Scale + double.Epsilon) - 45,
            Math.Log(ritz.Scale + beta[0] + double.Epsilon) + Math.Max(0, _prefactor) + 1
        );
        if (Excludes(largest + Math.Exp(low), beta, ritz))
            return largest + Math.Exp(low);
        while (high - low > 1e-3)
        {
            var middle = (low + high) / 2;
            if (Excludes(largest + Math.Exp(middle), beta, ritz))
                high = middle;
            else
                low = middle;
        }

        return largest + Math.Exp(high);
    }
}
