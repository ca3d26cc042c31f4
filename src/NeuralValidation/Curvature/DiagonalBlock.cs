using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.NeuralValidation.Networks;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// The diagonal block of the Hessian that belongs to a group of parameters, H_GG: its curvature while all other parameters are held. Its leading eigenvalue is at most that of the whole (Cauchy interlacing).
/// </summary>
public static class DiagonalBlock
{
    /// <summary>The squared norm of the part of a vector that lies in the group; for a unit vector the share of it, 0 to 1.</summary>
    /// <param name="vector">A vector of the whole space.</param>
    /// <param name="group">The group.</param>
    public static double Share(Tensor vector, ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(vector);
        ArgumentNullException.ThrowIfNull(group);
        using var scope = NewDisposeScope();
        var part = vector.narrow(0, group.Begin, group.Length).to(ScalarType.Float64);
        return part.dot(part).item<double>();
    }

    /// <summary>The leading eigenpairs of the block, by Hessian products of the whole.</summary>
    /// <param name="point">The point.</param>
    /// <param name="space">The space of the whole vector.</param>
    /// <param name="group">The group.</param>
    /// <param name="count">The number of pairs, at most as many as the group has parameters.</param>
    /// <param name="options">Tolerance and limits; the trailing pair is not asked for.</param>
    /// <param name="random">Supplies the starts.</param>
    /// <returns>The pairs, in the group's own space; to be disposed.</returns>
    public static EigenFrame<Tensor> LeadingPairs(
        ISurfacePoint<Tensor> point,
        TensorSpace space,
        ParameterGroup group,
        int count,
        LanczosOptions options,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        var part = space.Sized(group.Length);
        var frame = new EigenFrame<Tensor>(part, count);
        using Tensor direction = space.Create(),
            product = space.Create(),
            start = part.Create();
        part.FillGaussian(start, random);
        using var solver = new LanczosEigensolver<Tensor>(part, options with { Trailing = false });
        solver.Solve(Product, start, random, frame);
        return frame;

        // What is outside the group stays zero in the direction, and is not looked at in the product.
        void Product(Tensor x, Tensor y)
        {
            using var scope = NewDisposeScope();
            direction.narrow(0, group.Begin, group.Length).copy_(x);
            point.HessianVector(direction, product);
            y.copy_(product.narrow(0, group.Begin, group.Length));
        }
    }
}
