namespace FlatBias.Testing;

/// <summary>Derivatives by differences: the independent route that closed forms are held against.</summary>
public static class Differences
{
    /// <summary>
    /// f'(0) by the central formula of eighth order on nodes h, 2h, 3h, 4h. Truncation is about h^8 f^(9) / 630; rounding about u |f| / h.
    /// </summary>
    public static double Derivative(Func<double, double> f, double h = 0.01)
    {
        ReadOnlySpan<double> weights = [4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280];
        var sum = 0.0;
        for (var i = 0; i < 4; i++)
            sum += weights[i] * (f((i + 1) * h) - f(-(i + 1) * h));
        return sum / h;
    }

    /// <summary>theta + t direction, in a new array.</summary>
    public static double[] Along(double[] theta, double[] direction, double t) =>
        [.. theta.Zip(direction, (a, b) => a + (t * b))];

    /// <summary>theta + t e_i, in a new array.</summary>
    public static double[] Moved(double[] theta, int i, double t)
    {
        var copy = (double[])theta.Clone();
        copy[i] += t;
        return copy;
    }
}
