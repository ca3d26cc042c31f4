namespace FlatBias.Dynamics.Jets;

/// <summary>
/// The quintic Hermite interpolant of (4.11) by its derivatives at 0. With p(u) = p_0 + p_0' u + r(u) the quotient r/u^2
/// is the cubic through r_i/u_i^2 with the slopes y_i/u_i^2 - 2 r_i/u_i^3 at both ends, y_i = p'(u_i) - p_0': its
/// coefficients, those of u^2 to u^5 in p, are linear in (r_a, r_b, y_a, y_b).
/// </summary>
internal static class SwingInterpolant
{
    /// <summary>The derivatives of orders 2 to 5 as weights of the four numbers.</summary>
    /// <param name="low">a, below 0.</param>
    /// <param name="high">b, above 0.</param>
    /// <returns>4 x 4: row j for the order 2 + j.</returns>
    public static double[,] Weights(double low, double high)
    {
        var scale = Math.Max(-low, high);
        var weights = new double[4, 4];
        Span<double> datum = stackalloc double[4],
            coefficients = stackalloc double[4];
        for (var i = 0; i < 4; i++)
        {
            datum.Clear();
            // In the unit of the swing a slope is that much larger.
            datum[i] = i < 2 ? 1 : scale;
            Coefficients(low / scale, high / scale, datum, coefficients);
            var (factor, power) = (1.0, scale);
            for (var j = 0; j < 4; j++)
                weights[j, i] = (factor *= j + 2) * coefficients[j] / (power *= scale);
        }

        return weights;
    }

    /// <summary>The cubic by divided differences over (a, a, b, b), multiplied out.</summary>
    private static void Coefficients(double a, double b, ReadOnlySpan<double> data, Span<double> result)
    {
        var (start, startSlope) = Quotient(data[0], data[2], a);
        var (end, endSlope) = Quotient(data[1], data[3], b);
        var width = b - a;
        var first = (end - start) / width;
        var second = (first - startSlope) / width;
        var third = (endSlope - (2 * first) + startSlope) / (width * width);
        result[0] = start - (a * startSlope) + (a * a * (second - (b * third)));
        result[1] = startSlope - (2 * a * second) + (a * (a + (2 * b)) * third);
        result[2] = second - (((2 * a) + b) * third);
        result[3] = third;
    }

    private static (double Value, double Slope) Quotient(double value, double slope, double u) =>
        (value / (u * u), (slope - (2 * value / u)) / (u * u));
}
