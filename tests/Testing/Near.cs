using System.Globalization;

namespace FlatBias.Testing;

/// <summary>Comparisons that say by how much they failed.</summary>
public static class Near
{
    /// <summary>The unit roundoff of float64.</summary>
    public const double Roundoff = 1.1102230246251565e-16;

    /// <summary>Throws unless |actual - expected| is at most the tolerance; an infinity equals itself.</summary>
    public static void Equal(double expected, double actual, double tolerance, string what = "value")
    {
        if (expected != actual && !(Math.Abs(actual - expected) <= tolerance))
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: expected {expected:R}, got {actual:R}; off by {Math.Abs(actual - expected):G3}, tolerance {tolerance:G3}"
                )
            );
    }

    /// <summary>Throws unless the two spans agree component by component within the tolerance.</summary>
    public static void Equal(
        ReadOnlySpan<double> expected,
        ReadOnlySpan<double> actual,
        double tolerance,
        string what = "vector"
    )
    {
        if (expected.Length != actual.Length)
            throw new InvalidOperationException($"{what}: expected {expected.Length} components, got {actual.Length}");
        for (var i = 0; i < expected.Length; i++)
            Equal(expected[i], actual[i], tolerance, $"{what}[{i}]");
    }

    /// <summary>The largest absolute value, at least 1: a scale for relative tolerances.</summary>
    public static double Scale(params ReadOnlySpan<double> values)
    {
        var scale = 1.0;
        foreach (var value in values)
            scale = Math.Max(scale, Math.Abs(value));
        return scale;
    }
}
