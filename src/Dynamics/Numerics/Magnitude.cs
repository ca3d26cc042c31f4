namespace FlatBias.Dynamics.Numerics;

/// <summary>Sizes of numbers, without squares.</summary>
internal static class Magnitude
{
    /// <summary>The largest absolute value, NaN if one is.</summary>
    public static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        for (var i = 0; i < values.Length; i++)
            largest = Math.Max(largest, Math.Abs(values[i]));
        return largest;
    }

    /// <summary>The distance from |value| to the next number above.</summary>
    public static double Ulp(double value) => Math.BitIncrement(Math.Abs(value)) - Math.Abs(value);
}
