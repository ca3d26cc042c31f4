namespace FlatBias.Dynamics.Vectors;

/// <summary>Operations that follow from the primitives of a vector space.</summary>
public static class VectorSpaceExtensions
{
    private const double Smallest = 1e-37,
        Largest = 1e37;

    /// <summary>Scales a vector to unit length.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space.</param>
    /// <param name="x">The vector to change; left alone when it is zero or not finite.</param>
    /// <returns>The norm before scaling.</returns>
    public static double Normalize<TVector>(this IVectorSpace<TVector> space, TVector x)
    {
        ArgumentNullException.ThrowIfNull(space);
        var norm = space.Norm(x);
        if (!(norm > 0))
            return norm;
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
        if (exponent == 0)
            return;
        space.Scale(Math.ScaleB(1, exponent / 2), x);
        space.Scale(Math.ScaleB(1, exponent - (exponent / 2)), x);
    }

    /// <summary>
    /// The angle between the lines along two unit vectors, by its sine and its cosine, so that neither a small angle
    /// nor one near pi/2 is lost to rounding.
    /// </summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space.</param>
    /// <param name="a">A unit vector.</param>
    /// <param name="b">A unit vector.</param>
    /// <param name="work">Overwritten with what of b lies across a.</param>
    /// <returns>Radians in [0, pi/2], NaN when a component is.</returns>
    internal static double AngleOfLines<TVector>(this IVectorSpace<TVector> space, TVector a, TVector b, TVector work)
    {
        var cosine = space.Dot(a, b);
        space.Copy(b, work);
        space.Axpy(-cosine, a, work);
        return Math.Atan2(space.Norm(work), Math.Abs(cosine));
    }
}
