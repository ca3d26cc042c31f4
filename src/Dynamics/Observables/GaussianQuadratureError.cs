namespace FlatBias.Dynamics.Observables;

/// <summary>
/// The bound (10.8) on what an m-point Gauss quadrature of total weight 1 may be off for a Gaussian density of standard
/// deviation s over an interval: with n = 2 m - 1, the best polynomial of that degree is within 2 M r^-n / (r - 1) of a
/// function that is at most M on the ellipse of foci at the ends and semi-axes of sum r (Trefethen 2013, theorem 8.2),
/// and
/// quadrature and integral each differ by no more from those of the polynomial, for which they are the same.
/// </summary>
internal static class GaussianQuadratureError
{
    // Of the minimum over the ellipses, in logarithm of r: any r is a bound, so a coarse search loses little.
    private const int Ellipses = 400;
    private const double Smallest = 1e-4,
        Largest = 50;

    /// <summary>The bound, in units of 1 / s; infinite where it exceeds every number.</summary>
    /// <param name="points">m, at least 1.</param>
    /// <param name="width">s, above 0.</param>
    /// <param name="half">Half the length of the interval, at least 0.</param>
    public static double Of(int points, double width, double half)
    {
        if (half == 0)
            return 0;
        var relative = width / half;
        return Relative(points, relative) / (width * Math.Sqrt(2 * Math.PI));
    }

    /// <summary>
    /// The smallest s, to a thousandth of itself, at which the bound is a share of the peak of the Gaussian.
    /// </summary>
    /// <param name="points">m, at least 1.</param>
    /// <param name="half">Half the length of the interval, above 0.</param>
    /// <param name="share">The share, above 0 and below 1.</param>
    public static double Width(int points, double half, double share)
    {
        var (low, high) = (Math.Log(1e-6), Math.Log(1e12));
        while (high - low > 1e-3)
        {
            var middle = (low + high) / 2;
            if (Relative(points, Math.Exp(middle)) > share)
                low = middle;
            else
                high = middle;
        }

        return half * Math.Exp(high);
    }

    /// <summary>The bound over the peak of the Gaussian, for an interval of half-length 1.</summary>
    private static double Relative(int points, double width)
    {
        var (degree, least) = ((2.0 * points) - 1, double.PositiveInfinity);
        for (var i = 0; i <= Ellipses; i++)
        {
            // r = e^t; the Gaussian is largest at the end of the small axis, sinh t.
            var t = Smallest * Math.Pow(Largest / Smallest, (double)i / Ellipses);
            var small = Math.Sinh(t) / width;
            least = Math.Min(least, (small * small / 2) - (degree * t) - Math.Log(Math.Exp(t) - 1));
        }

        return 4 * Math.Exp(least);
    }
}
