using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Jets;

/// <summary>
/// The residual z, its Jacobian J and its curvature Q at the reference point, compressed to the smallest space that holds v_1 and the rows of J and that every Q_d maps into itself. If z is quadratic, gradient descent never
/// leaves that space, eq. (6.6): J changes by Q_d times vectors of it only. Coordinate 0 is along v_1.
/// </summary>
/// <param name="Residuals">z, D numbers.</param>
/// <param name="Jacobian">J, D x r row by row.</param>
/// <param name="Curvature">Q, D x r x r, last index fastest, symmetric in the last two.</param>
/// <param name="IsQuadratic">Whether z has no derivatives beyond Q anywhere.</param>
/// <param name="IsClosed">Whether the space is invariant; false where it was cut at <see cref="LargestDimension"/>.</param>
public sealed record ResidualJet(
    double[] Residuals,
    double[] Jacobian,
    double[] Curvature,
    bool IsQuadratic,
    bool IsClosed
)
{
    /// <summary>The largest r.</summary>
    public const int LargestDimension = 64;

    /// <summary>The number D of residuals.</summary>
    public int Outputs => Residuals.Length;

    /// <summary>The number r of coordinates.</summary>
    public int Dimension => Jacobian.Length / Residuals.Length;

    /// <summary>Measures the residual; D gradients, and D Hessian-vector products for each coordinate.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space of the vectors.</param>
    /// <param name="point">The reference point.</param>
    /// <param name="direction">The unit vector v_1.</param>
    /// <returns>The compressed residual, or null where the surface has none.</returns>
    internal static ResidualJet? Measure<TVector>(
        IVectorSpace<TVector> space,
        ISurfacePoint<TVector> point,
        TVector direction
    )
    {
        if (point is not IResidualPoint<TVector> residual)
            return null;
        var outputs = residual.Residuals.Count;
        var largest = Math.Min(space.Dimension, LargestDimension);
        using var basis = space.CreateBlock(largest);
        using var rows = space.CreateBlock(outputs);
        var work = space.Create();
        var scratch = new double[largest];
        var curvature = new double[outputs, largest, largest];
        var (count, closed, scale) = (0, true, 0.0);
        space.Copy(direction, work);
        Append(1);
        for (var d = 0; d < outputs; d++)
        {
            residual.ResidualGradient(d, rows[d]);
            space.Copy(rows[d], work);
            Append(space.Norm(work));
        }

        for (var j = 0; j < count; j++)
        for (var d = 0; d < outputs; d++)
        {
            residual.ResidualHessianVector(d, basis[j], work);
            scale = Math.Max(scale, space.Norm(work));
            basis.Project(work, scratch.AsSpan(0, count));
            // Vectors that join later meet this one when their own product is projected; Q_d is symmetric.
            for (var i = 0; i < count; i++)
                curvature[d, i, j] = curvature[d, j, i] = scratch[i];
            Append(scale);
        }

        space.Release(work);
        var jacobian = new double[outputs * count];
        for (var d = 0; d < outputs; d++)
            basis.Project(rows[d], jacobian.AsSpan(d * count, count));
        return new ResidualJet(
            [.. residual.Residuals],
            jacobian,
            Cut(curvature, outputs, count),
            residual.AreQuadratic,
            closed
        );

        void Append(double size)
        {
            basis.Orthogonalize(count, work, scratch);
            // What is left of a vector after its projection is rounding when it is below a small multiple of the unit roundoff times its size.
            if (!(space.Norm(work) > 1e3 * space.UnitRoundoff * size))
                return;
            if (count == largest)
            {
                closed = closed && largest == space.Dimension;
                return;
            }

            space.Normalize(work);
            space.Copy(work, basis[count++]);
        }
    }

    private static double[] Cut(double[,,] tensor, int outputs, int size)
    {
        var cut = new double[outputs * size * size];
        for (var i = 0; i < cut.Length; i++)
            cut[i] = tensor[i / (size * size), i / size % size, i % size];
        return cut;
    }
}
