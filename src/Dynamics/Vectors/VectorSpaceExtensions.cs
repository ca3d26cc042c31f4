namespace FlatBias.Dynamics.Vectors;

/// <summary>Operations that follow from the primitives of a vector space.</summary>
public static class VectorSpaceExtensions
{
    private const double Smallest = 1e-37, Largest = 1e37;

    /// <summary>Scales a vector to unit length.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space.</param>
    /// <param name="x">The vector to change; left alone when it is zero or not finite.</param>
    /// <returns>The norm before scaling.</returns>
    public static double Normalize<TVector>(this IVectorSpace<TVector> space, TVector x)
    {
        ArgumentNullException.ThrowIfNull(space);
        var norm = space.Norm(x);
        if (!(norm > 0)) return norm;
        // Outside this range 1 / norm is no number of float32; in float64 the steps below give the same vector.
        if (norm is >= Smallest and <= Largest)
        {
            space.Scale(1 / norm, x);
        }
        else if (norm <= double.MaxValue)
        {
            var exponent = Math.ILogB(norm);
            space.ScaleByPowerOfTwo(-exponent, x);
            space.Scale(1 / Math.ScaleB(norm, -exponent), x);
        }

        return norm;
    }

    /// <summary>
    /// x := 2^exponent x, in two steps: the power itself need not be a number of the component type, as for subnormal
    /// components.
    /// </summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space.</param>
    /// <param name="exponent">The exponent; nothing is done where it is 0.</param>
    /// <param name="x">The vector to change.</param>
    internal static void ScaleByPowerOfTwo<TVector>(this IVectorSpace<TVector> space, int exponent, TVector x)
    {
        if (exponent == 0) return;
        space.Scale(Math.ScaleB(1, exponent / 2), x);
        space.Scale(Math.ScaleB(1, exponent - (exponent / 2)), x);
    }

    /// <summary>Removes from x its components along the first <paramref name="count"/> vectors of an orthonormal block, twice (once is not enough in floating point).</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="block">The orthonormal vectors.</param>
    /// <param name="count">How many of them take part.</param>
    /// <param name="x">The vector to change.</param>
    /// <param name="scratch">Work space of at least <paramref name="count"/> numbers.</param>
    internal static void Orthogonalize<TVector>(this IVectorBlock<TVector> block, int count, TVector x, Span<double> scratch)
    {
        if (count == 0) return;
        var c = scratch[..count];
        for (var pass = 0; pass < 2; pass++)
        {
            block.Project(x, c);
            for (var i = 0; i < count; i++) c[i] = -c[i];
            block.Accumulate(c, x);
        }
    }
}
