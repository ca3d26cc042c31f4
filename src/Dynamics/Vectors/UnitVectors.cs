namespace FlatBias.Dynamics.Vectors;

/// <summary>Unit vectors from vectors of any size.</summary>
public static class UnitVectors
{
    /// <summary>x := x/|x|, right wherever |x| is a number, even where 1/|x| is not.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space.</param>
    /// <param name="x">The vector to change.</param>
    /// <param name="norm">|x|, not 0.</param>
    public static void Normalise<TVector>(this IVectorSpace<TVector> space, TVector x, double norm)
    {
        ArgumentNullException.ThrowIfNull(space);
        // By powers of two first.
        var exponent = Math.ILogB(norm);
        space.Scale(Math.ScaleB(1, -exponent / 2), x);
        space.Scale(Math.ScaleB(1, -(exponent - (exponent / 2))), x);
        space.Scale(1 / Math.ScaleB(norm, -exponent), x);
    }
}
