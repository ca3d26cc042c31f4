using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// Rotation between two orthonormal frames, eq. (1.5): principal angles t_i = arccos sigma_i(A^T B) and the similarity
/// rho_k = cos(sqrt(sum t_i^2 / k)). Each angle is taken as atan2(sine, cosine), with the sines as singular values of B - A A^T B (Bjorck and Golub 1973), so that angles far below
/// the square root of the unit roundoff are still right, beside large ones too.
/// </summary>
public static class PrincipalAngles
{
    /// <summary>The principal angles between the spans of the first <paramref name="count"/> vectors of two orthonormal blocks.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="a">First frame, orthonormal rows.</param>
    /// <param name="b">Second frame, orthonormal rows.</param>
    /// <param name="count">The number k of leading vectors of each that take part.</param>
    /// <returns>k angles in radians in [0, pi/2], smallest first.</returns>
    public static double[] Between<TVector>(
        IVectorSpace<TVector> space,
        IVectorBlock<TVector> a,
        IVectorBlock<TVector> b,
        int count
    )
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        Require.InRange(count, 1, Math.Min(a.Capacity, b.Capacity));
        var overlap = Matrix<double>.Build.Dense(count, count);
        var coefficients = new double[count];
        using var rest = space.CreateBlock(count);
        for (var j = 0; j < count; j++)
        {
            a.Project(b[j], coefficients);
            overlap.SetColumn(j, coefficients);
            space.Copy(b[j], rest[j]);
            for (var i = 0; i < count; i++)
                coefficients[i] = -coefficients[i];
            a.Accumulate(coefficients, rest[j]);
        }

        if (overlap.Enumerate().Any(x => !double.IsFinite(x)))
            return [.. Enumerable.Repeat(double.NaN, count)];
        var cosines = overlap.Svd(false).S;
        // Sines may be so small that their squares, which the decomposition forms, are no numbers.
        var triangle = GramSchmidt.Triangle(space, rest, count);
        var exponent = DenseEigen.Exponent(triangle) ?? 0;
        if (exponent != 0)
            triangle.MapInplace(x => Math.ScaleB(x, -exponent), Zeros.Include);
        var sines = triangle.Svd(false).S;
        var angles = new double[count];
        for (var i = 0; i < count; i++)
            angles[i] = Math.Atan2(Math.ScaleB(sines[count - 1 - i], exponent), cosines[i]);
        return angles;
    }

    /// <summary>rho_k = cos of the root-mean-square principal angle, eq. (1.5); for k = 1 the absolute cosine.</summary>
    /// <param name="angles">The k principal angles in radians.</param>
    /// <returns>The similarity in [0, 1].</returns>
    public static double Similarity(ReadOnlySpan<double> angles)
    {
        var sum = 0.0;
        foreach (var t in angles)
            sum += t * t;
        // k right angles can round past pi/2.
        return Math.Max(0, Math.Cos(Math.Sqrt(sum / angles.Length)));
    }
}
