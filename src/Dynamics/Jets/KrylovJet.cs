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

    /// <summary>C_2, the second derivative in u of Q^T H Q, r x r and symmetric, eq. (4.11); null for a Taylor jet. Where it is there, so is <see cref="Coupling"/>.</summary>
    public double[,]? Bending { get; init; }

    /// <summary>A, the third derivative in f, r x r x r with the last index fastest and symmetric, eq. (4.15); null when no knots were measured.</summary>
    public double[]? Cubic { get; init; }

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
        var (hessian, count) = KrylovBasis.Build(space, point, direction, gradients, basis);
        var work = space.Create();
        var coupling = cubic ? Couple(space, point, direction, basis, work, count) : null;
        space.Release(work);
        return new KrylovJet(
            hessian,
            [.. Enumerable.Range(1, gradients.Capacity - 1).Select(k => Projected(gradients[k]))],
            Projected(gradients[0])
        )
        {
            Coupling = coupling,
        };

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
}
