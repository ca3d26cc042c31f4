using FlatBias.Dynamics.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Vectors;

/// <summary>
/// Orthogonalisation, the one place for it. Against vectors that are there, block by block: the classical form, two
/// matrix products, done twice. Of a whole frame the modified form, whose triangle R has a small backward error: once
/// over any vectors, and once over the few short ones of a map in a loop that runs a million times a second.
/// </summary>
internal static class GramSchmidt
{
    /// <summary>
    /// A vector that keeps no more than this of its length is rounding noise of the vectors removed from it: two
    /// roundings a product and sum, twice over.
    /// </summary>
    public static double Floor(int dimension, double unitRoundoff) => 4 * dimension * unitRoundoff;

    /// <summary>Removes from x its components along the first <paramref name="count"/> vectors of an orthonormal block, twice (once is not enough in floating point).</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="block">The orthonormal vectors.</param>
    /// <param name="count">How many of them take part.</param>
    /// <param name="x">The vector to change.</param>
    /// <param name="scratch">Work space of at least <paramref name="count"/> numbers.</param>
    public static void Orthogonalize<TVector>(
        this IVectorBlock<TVector> block,
        int count,
        TVector x,
        Span<double> scratch
    )
    {
        if (count == 0)
            return;
        var c = scratch[..count];
        for (var pass = 0; pass < 2; pass++)
        {
            block.Project(x, c);
            for (var i = 0; i < count; i++)
                c[i] = -c[i];
            block.Accumulate(c, x);
        }
    }

    /// <summary>
    /// The triangle R of a block's QR factorisation, whose singular values are the block's. Modified Gram-Schmidt, whose R has a small backward error; the eigenvalues of the
    /// Gram matrix would be the squares, and lose every sine below the square root of the unit roundoff.
    /// </summary>
    public static Matrix<double> Triangle<TVector>(IVectorSpace<TVector> space, IVectorBlock<TVector> block, int count)
    {
        var triangle = Matrix<double>.Build.Dense(count, count);
        for (var i = 0; i < count; i++)
        {
            triangle[i, i] = space.Normalize(block[i]);
            for (var j = i + 1; j < count; j++)
            {
                triangle[i, j] = space.Dot(block[i], block[j]);
                space.Axpy(-triangle[i, j], block[i], block[j]);
            }
        }

        return triangle;
    }

    /// <summary>The QR decomposition of vectors stored one after the other, by modified Gram-Schmidt, again where a vector lost nine tenths of its length; returns the index of the first vector that collapsed, or their number.</summary>
    public static int Orthonormalize(Span<double> frame, int n, Span<double> stretches)
    {
        for (var i = 0; i < stretches.Length; i++)
        {
            var vector = frame.Slice(i * n, n);
            var before = Norm(vector);
            Remove(frame[..(i * n)], vector);
            var after = Norm(vector);
            if (after < 0.1 * before)
            {
                Remove(frame[..(i * n)], vector);
                after = Norm(vector);
            }

            stretches[i] = after;
            if (!(after > Floor(n, Roundoff.Unit) * before))
                return i;
            var scale = 1 / after;
            for (var j = 0; j < vector.Length; j++)
                vector[j] *= scale;
        }

        return stretches.Length;
    }

    private static void Remove(ReadOnlySpan<double> others, Span<double> vector)
    {
        for (; others.Length > 0; others = others[vector.Length..])
        {
            var other = others[..vector.Length];
            var overlap = 0.0;
            for (var j = 0; j < vector.Length; j++)
                overlap += other[j] * vector[j];
            for (var j = 0; j < vector.Length; j++)
                vector[j] -= overlap * other[j];
        }
    }

    /// <summary>The plain sum of squares where it is a number without loss of digits: vectors are of a few components.</summary>
    private static double Norm(ReadOnlySpan<double> vector)
    {
        var sum = 0.0;
        foreach (var x in vector)
            sum += x * x;
        return sum is > 1e-280 and < 1e300 ? Math.Sqrt(sum) : Squares.Of(vector).Root;
    }
}
