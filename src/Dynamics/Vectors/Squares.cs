using System.Numerics.Tensors;

namespace FlatBias.Dynamics.Vectors;

/// <summary>
/// Sums of squares of numbers whose squares need not be representable, eq. (10.1). The sum is Value 4^Exponent; the
/// exponent is 0, and the value the plain sum to the last bit, wherever that neither overflows nor loses digits to
/// underflow.
/// </summary>
/// <param name="Value">The sum of the squares of x 2^-Exponent; NaN when a component is, infinite when one is.</param>
/// <param name="Exponent">The binary exponent by which the components were scaled.</param>
internal readonly record struct Squares(double Value, int Exponent)
{
    // A square below the normal range errs by up to 2^-1075, so n of them by n 2^-1075: no more than a roundoff of this
    // for any n up to 2^62.
    private const double Smallest = 1.0261342003245941e-289; // 2^-960

    /// <summary>The square root of the sum: the Euclidean norm.</summary>
    public double Root => Math.ScaleB(Math.Sqrt(Value), Exponent);

    /// <summary>
    /// Sums the squares of a vector: one pass, and two more where the result of that is outside the safe range.
    /// </summary>
    /// <param name="x">The vector.</param>
    public static Squares Of(ReadOnlySpan<double> x)
    {
        var plain = TensorPrimitives.Dot(x, x);
        if (plain is >= Smallest and <= double.MaxValue || double.IsNaN(plain))
            return new Squares(plain, 0);
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(x));
        if (largest == 0 || !double.IsFinite(largest))
            return new Squares(largest, 0);
        var exponent = Math.ILogB(largest);
        var sum = 0.0;
        foreach (var component in x)
        {
            var scaled = Math.ScaleB(component, -exponent);
            sum += scaled * scaled;
        }

        return new Squares(sum, exponent);
    }
}
