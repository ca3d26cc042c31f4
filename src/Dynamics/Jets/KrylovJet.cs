using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Jets;

/// <summary>
/// The floor of the valley at the reference point, compressed: eq. (4.9). Q is an orthonormal block-Krylov basis of H_perp (the Hessian off v) started from grad V, grad m_1, ..., grad m_K; what is kept are
/// T = Q^T H_perp Q, b_k = Q^T grad m_k and g_Q = Q^T grad V. With r vectors from p starting ones the forecast has the memory of (4.8) exactly up to lag 2 r/p - 1.
/// </summary>
/// <param name="Hessian">T, r x r, symmetric.</param>
/// <param name="Gradients">b_k, index k - 1 holds order k, r numbers each.</param>
/// <param name="Slope">g_Q, r numbers.</param>
public sealed record KrylovJet(double[,] Hessian, double[][] Gradients, double[] Slope)
{
    /// <summary>C = Q^T D^3 L[v, Q, Q], r x r and symmetric, eq. (4.10); null when it was not measured.</summary>
    public double[,]? Coupling { get; init; }

    /// <summary>The number r of basis vectors; fewer than asked for where the Krylov space closed, and the forecast is then exact on a valley with affine moments.</summary>
    public int Dimension => Slope.Length;

    /// <summary>Builds the basis and projects.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="point">The surface at the reference point.</param>
    /// <param name="direction">The unit vector v.</param>
    /// <param name="gradients">Row 0: grad V, row k: grad m_k, all orthogonal to v.</param>
    /// <param name="basis">Overwritten with Q, as far as it goes; its capacity is the largest r, below the dimension of the space. Each basis vector costs one Hessian-vector product.</param>
    /// <param name="cubic">Whether C is measured.</param>
    internal static KrylovJet Build<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        TVector direction,
        IVectorBlock<TVector> gradients,
        IVectorBlock<TVector> basis,
        bool cubic
    )
    {
        var dimension = Math.Min(basis.Capacity, space.Dimension - 1);
        var work = space.Create();
        var scratch = new double[dimension];
        var hessian = new double[dimension, dimension];
        var (count, scale) = (0, 0.0);
        for (var k = 0; k < gradients.Capacity; k++)
        {
            space.Copy(gradients[k], work);
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

        var coupling = cubic ? Couple(space, point, direction, basis, work, count) : null;
        space.Release(work);
        return new KrylovJet(
            Cut(hessian, count),
            [.. Enumerable.Range(1, gradients.Capacity - 1).Select(k => Projected(gradients[k]))],
            Projected(gradients[0])
        )
        {
            Coupling = coupling,
        };

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

        double[] Projected(TVector x)
        {
            var coefficients = new double[count];
            basis.Project(x, coefficients);
            return coefficients;
        }
    }

    /// <summary>C column by column: D^3 L[v, q, .] by the point's own means where it has them, else by polarisation, (D^3 L[(v + q)^2, .] - D^3 L[(v - q)^2, .]) / 4.</summary>
    private static double[,] Couple<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        TVector direction,
        IVectorBlock<TVector> basis,
        TVector work,
        int count
    )
    {
        var coupling = new double[count, count];
        var column = new double[count];
        using var mixed = space.CreateBlock(Math.Max(1, count));
        if (count > 0 && point is ICubicPoint<TVector> cubic)
            cubic.MixedGradients(direction, basis, mixed, count);
        else
            Polarise(space, point, direction, basis, mixed, work, count);
        for (var j = 0; j < count; j++)
        {
            basis.Project(mixed[j], column);
            // Each entry off the diagonal comes twice, from two columns; the mean is symmetric to the last bit.
            for (var i = 0; i < count; i++)
            {
                coupling[i, j] += column[i] / 2;
                coupling[j, i] += column[i] / 2;
            }
        }

        return coupling;
    }

    private static void Polarise<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        TVector direction,
        IVectorBlock<TVector> basis,
        IVectorBlock<TVector> mixed,
        TVector work,
        int count
    )
    {
        var minus = space.Create();
        for (var j = 0; j < count; j++)
        {
            space.Copy(direction, work);
            space.Axpy(1, basis[j], work);
            point.DirectionalGradient(work, 2, mixed[j]);
            space.Axpy(-2, basis[j], work);
            point.DirectionalGradient(work, 2, minus);
            space.Axpy(-1, minus, mixed[j]);
            space.Scale(0.25, mixed[j]);
        }

        space.Release(minus);
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
