namespace FlatBias.Dynamics.Numerics;

/// <summary>The cubic through values at -2, -1, 1 and 2.</summary>
internal static class CubicInterpolation
{
    private static readonly double[] Places = [-2, -1, 1, 2];

    /// <summary>The places, and twice the places.</summary>
    public static IReadOnlyList<double> Wide { get; } = [-4, -2, -1, 1, 2, 4];

    /// <summary>The cubics of all components at a place.</summary>
    public static double[] At(double place, double[][] values) =>
        [.. Enumerable.Range(0, values[0].Length).Select(i => Value(place, [.. values.Select(v => v[i])]))];

    /// <summary>The zero between the outermost places; NaN where the values there have one sign.</summary>
    public static double Root(double[] values)
    {
        var (low, high) = (-2.0, 2.0);
        if (!(values[0] * values[^1] < 0))
            return double.NaN;
        // Bisection to the last place of 4.
        for (var i = 0; i < 55; i++)
        {
            var middle = (low + high) / 2;
            if (Value(middle, values) > 0 == values[0] > 0)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }

    private static double Value(double place, double[] values)
    {
        var sum = 0.0;
        for (var i = 0; i < Places.Length; i++)
        {
            var weight = 1.0;
            for (var j = 0; j < Places.Length; j++)
                if (j != i)
                    weight *= (place - Places[j]) / (Places[i] - Places[j]);
            sum += weight * values[i];
        }

        return sum;
    }
}
