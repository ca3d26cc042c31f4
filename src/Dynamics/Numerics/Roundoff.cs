namespace FlatBias.Dynamics.Numerics;

/// <summary>The unit roundoff: the largest relative error of one rounding to nearest.</summary>
public static class Roundoff
{
    /// <summary>u = 2^-53, of float64.</summary>
    public const double Unit = 1.1102230246251565e-16;

    /// <summary>2^-24, of float32.</summary>
    public const double SingleUnit = 5.9604644775390625e-8;
}
