namespace FlatBias.NeuralValidation.Networks;

/// <summary>One tensor of a safetensors file.</summary>
/// <remarks>Values are widened on reading, which is exact, and rounded to the nearest float on writing as F32. What a file holds in 16 bits, F16 or BF16, is read as F32, which holds it exactly.</remarks>
public sealed record SafeTensor
{
    /// <summary>The data type of 32-bit floating point numbers.</summary>
    public const string SinglePrecision = "F32";

    /// <summary>The data type of 64-bit floating point numbers.</summary>
    public const string DoublePrecision = "F64";

    /// <summary>The data types of 16 bits, which are read only.</summary>
    internal const string HalfPrecision = "F16",
        BrainFloat = "BF16";

    /// <summary>Describes a tensor.</summary>
    /// <param name="shape">The sizes, each at least 0; empty for a single number.</param>
    /// <param name="values">The values in row-major order, as many as the product of the sizes. NaN and infinities are allowed.</param>
    /// <param name="dtype">How the values are stored: <see cref="SinglePrecision"/> or <see cref="DoublePrecision"/>.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape, or the data type is another one.</exception>
    public SafeTensor(long[] shape, double[] values, string dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        BytesPerValue(dtype);
        if (Elements(shape) is not { } count)
            throw new ArgumentOutOfRangeException(
                nameof(shape),
                $"shape is {Format(shape)}; its sizes must be at least 0 and their product below 2^63."
            );
        if (count != values.Length)
            throw new ArgumentException(
                $"values has {values.Length} elements; the shape {Format(shape)} needs {count}.",
                nameof(values)
            );
        (Shape, Values, Dtype) = (shape, values, dtype);
    }

    /// <summary>The sizes, outermost first.</summary>
    public long[] Shape { get; }

    /// <summary>The values in row-major order.</summary>
    public double[] Values { get; }

    /// <summary>How the values are stored: <see cref="SinglePrecision"/> or <see cref="DoublePrecision"/>.</summary>
    public string Dtype { get; }

    /// <summary>The product of the sizes; null if one is negative or the product does not fit.</summary>
    internal static long? Elements(ReadOnlySpan<long> shape)
    {
        if (shape.ContainsAnyExceptInRange(0, long.MaxValue))
            return null;
        // Sizes beside a 0 do not count, however large.
        if (shape.Contains(0))
            return 0;
        var product = 1L;
        foreach (var size in shape)
        {
            if (product > long.MaxValue / size)
                return null;
            product *= size;
        }
        return product;
    }

    internal static int BytesPerValue(string dtype) =>
        dtype switch
        {
            SinglePrecision => sizeof(float),
            DoublePrecision => sizeof(double),
            _ => throw new ArgumentException(
                $"dtype is {dtype}; it must be {SinglePrecision} or {DoublePrecision}.",
                nameof(dtype)
            ),
        };

    internal static string Format(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
