using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Jets;

/// <summary>An orthonormal block-Krylov basis Q of the floor, H_perp being the Hessian off v, with T = Q^T H_perp Q: (4.9).</summary>
internal static class KrylovBasis
{
    /// <summary>Builds the basis, one Hessian-vector product for each of its vectors.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="point">The surface at the reference point.</param>
    /// <param name="direction">The unit vector v.</param>
    /// <param name="starts">The vectors that the basis starts from, orthogonal to v.</param>
    /// <param name="basis">Overwritten with Q, as far as it goes; its capacity is the largest r, below the dimension of the space.</param>
    /// <returns>T, r x r, and r, fewer than asked for where the space closed.</returns>
    public static (double[,] Hessian, int Count) Build<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        TVector direction,
        IVectorBlock<TVector> starts,
        IVectorBlock<TVector> basis
    )
    {
        var dimension = Math.Min(basis.Capacity, space.Dimension - 1);
        var work = space.Create();
        var scratch = new double[dimension];
        var hessian = new double[dimension, dimension];
        var (count, scale) = (0, 0.0);
        for (var k = 0; k < starts.Capacity; k++)
        {
            space.Copy(starts[k], work);
            Append(space.Norm(work));
        }

        for (var j = 0; j < count; j++)
        {
            point.HessianVector(basis[j], work);
            space.Axpy(-space.Dot(direction, work), direction, work);
            var norm = space.Norm(work);
            scale = Math.Max(scale, norm);
            basis.Project(work, scratch.AsSpan(0, count));
            // Vectors that join later meet this one when their own product is projected; the matrix is symmetric.
            for (var i = 0; i < count; i++)
                hessian[i, j] = hessian[j, i] = scratch[i];
            Append(scale);
        }

        space.Release(work);
        return (Cut(hessian, count), count);

        void Append(double size)
        {
            if (count == dimension)
                return;
            basis.Orthogonalize(count, work, scratch);
            space.Axpy(-space.Dot(direction, work), direction, work);
            // What is left of a vector after its projection is rounding when it is below a small multiple of the unit roundoff times its size.
            if (!(space.Norm(work) > 1e3 * space.UnitRoundoff * size))
                return;
            space.Normalize(work);
            space.Copy(work, basis[count++]);
        }
    }

    private static double[,] Cut(double[,] matrix, int size)
    {
        var cut = new double[size, size];
        for (var i = 0; i < size; i++)
        for (var j = 0; j < size; j++)
            cut[i, j] = matrix[i, j];
        return cut;
    }
}
