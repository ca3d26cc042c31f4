namespace FlatBias.Testing;

/// <summary>Feigenbaum's constant against the ratios of a cascade.</summary>
public static class Feigenbaum
{
    /// <summary>Published to many digits (fixture flows-and-maps.json).</summary>
    public const double Delta = 4.66920160910299;

    /// <summary>
    /// Throws unless the ratios tend to delta. Their error falls by 1 / delta or faster with every doubling (the nonlinear scaling of the parameter), so from the fourth ratio on the change from one to the next exceeds the error that is left:
    /// e_(k-1) - e_k is at least (delta - 1) |e_k|. The first ratios must be within a tenth of delta, or nothing has begun to converge.
    /// </summary>
    public static void Check(IReadOnlyList<double> ratios)
    {
        if (ratios.Count < 5)
            throw new InvalidOperationException($"{ratios.Count} ratios are too few");
        for (var k = 0; k < ratios.Count; k++)
            Near.Equal(Delta, ratios[k], Delta / 10, $"ratio {k}");
        for (var k = 4; k < ratios.Count; k++)
            Near.Equal(Delta, ratios[k], Math.Abs(ratios[k] - ratios[k - 1]), $"ratio {k}");
    }
}
