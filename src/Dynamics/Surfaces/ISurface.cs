using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Surfaces;

/// <summary>
/// A loss surface L: R^P -> R. An analytic landscape over <c>double[]</c> and a network over tensors are both surfaces,
/// and descent, observables and theories see nothing else of them.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface ISurface<TVector>
{
    /// <summary>The space that the parameters live in.</summary>
    IVectorSpace<TVector> Space { get; }

    /// <summary>What has been spent on this surface so far.</summary>
    CostLedger Cost { get; }

    /// <summary>The highest order k for which D^k L[v^k] is available; at least 4.</summary>
    int MaximumOrder { get; }

    /// <summary>The loss and its gradient in one evaluation.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="gradient">Overwritten with the gradient, P components.</param>
    /// <returns>L(theta); NaN or infinity where the surface is.</returns>
    double LossAndGradient(TVector theta, TVector gradient);

    /// <summary>The loss alone: by a forward pass where the surface has one, and with its gradient otherwise.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <returns>L(theta); NaN or infinity where the surface is.</returns>
    double Loss(TVector theta)
    {
        var gradient = Space.Create();
        var loss = LossAndGradient(theta, gradient);
        Space.Release(gradient);
        return loss;
    }

    /// <summary>The surface as seen from one point: its curvature and higher derivatives there.</summary>
    /// <param name="theta">The point; it must not change while the view is in use.</param>
    /// <returns>A view to dispose after use.</returns>
    ISurfacePoint<TVector> At(TVector theta);
}

/// <summary>The derivatives of a surface at one point. What several of them share (a network's gradient graph) is computed once.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface ISurfacePoint<TVector> : IDisposable
{
    /// <summary>L(theta).</summary>
    double Loss { get; }

    /// <summary>The gradient g, owned by the view.</summary>
    TVector Gradient { get; }

    /// <summary>result := H direction, with H the Hessian at this point.</summary>
    /// <param name="direction">Any vector, P components.</param>
    /// <param name="result">Overwritten.</param>
    void HessianVector(TVector direction, TVector result);

    /// <summary>results[i] := H directions[i] for i below <paramref name="count"/>; a surface that can take several directions at once does so.</summary>
    /// <param name="directions">Any vectors, P components each.</param>
    /// <param name="results">Overwritten; another block than <paramref name="directions"/>.</param>
    /// <param name="count">How many, from 1 to the smaller capacity.</param>
    void HessianBlock(IVectorBlock<TVector> directions, IVectorBlock<TVector> results, int count)
    {
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(results);
        Require.InRange(count, 1, Math.Min(directions.Capacity, results.Capacity));
        for (var i = 0; i < count; i++)
            HessianVector(directions[i], results[i]);
    }

    /// <summary>derivatives[k-1] := D^k L[v, ..., v] for k = 1 .. derivatives.Length, eq. (1.3).</summary>
    /// <param name="direction">The direction v; not normalised here.</param>
    /// <param name="derivatives">The destination, 1 to <see cref="ISurface{TVector}.MaximumOrder"/> numbers.</param>
    void DirectionalDerivatives(TVector direction, Span<double> derivatives);

    /// <summary>result := D^(order+1) L[v, ..., v, .], the gradient of the directional derivative of the given order with v held fixed.</summary>
    /// <param name="direction">The direction v; not normalised here.</param>
    /// <param name="order">From 1 (a Hessian-vector product) to <see cref="ISurface{TVector}.MaximumOrder"/>.</param>
    /// <param name="result">Overwritten.</param>
    void DirectionalGradient(TVector direction, int order, TVector result);
}
