namespace FlatBias.Dynamics.Vectors;

/// <summary>Operations that follow from the primitives of a vector space.</summary>
public static class VectorSpaceExtensions
{
    /// <summary>The Euclidean norm.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space.</param>
    /// <param name="x">The vector.</param>
    /// <returns>|x|, NaN when a component is.</returns>
    public static double Norm<TVector>(this IVectorSpace<TVector> space, TVector x)
    {
        ArgumentNullException.ThrowIfNull(space);
        return Math.Sqrt(space.Dot(x, x));
    }

    /// <summary>Scales a vector to unit length.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space.</param>
    /// <param name="x">The vector to change; left alone when it is zero.</param>
    /// <returns>The norm before scaling.</returns>
    public static double Normalize<TVector>(this IVectorSpace<TVector> space, TVector x)
    {
        var norm = space.Norm(x);
        if (norm > 0) space.Scale(1 / norm, x);
        return norm;
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
