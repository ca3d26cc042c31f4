using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// Normalised descent, eq. (7.9): theta+ = theta - eta g/|g|, a step of length eta whatever the gradient, and none
/// without a gradient. It is gradient descent divided by P = |g|: at a cycle across a valley eta S/|g| is 2.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <param name="space">The space of the parameters.</param>
public sealed class NormalisedDescent<TVector>(IVectorSpace<TVector> space) : IUpdateRule<TVector>
{
    // |g| of the last step; NaN before it.
    private double _size = double.NaN;

    /// <inheritdoc/>
    public string Name => "normalised";

    /// <inheritdoc/>
    public double Edge => 2;

    /// <inheritdoc/>
    public bool IsPreconditioned => true;

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta)
    {
        _size = space.Norm(gradient);
        if (_size == 0)
            return;
        space.Normalise(gradient, _size);
        space.Axpy(-stepSize, gradient, theta);
    }

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result)
    {
        if (double.IsNaN(_size))
            return false;
        space.ClampedRoots(result, 1, _size, _size, 0, -0.5, result);
        return true;
    }

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> size = [_size];
        store.Exchange("rule.size", size);
        _size = size[0];
    }

    /// <inheritdoc/>
    public void Dispose() { }
}

/// <summary>Normalised descent by name.</summary>
internal sealed class NormalisedDescentEntry() : OptimiserEntry("normalised", "steps of length eta, (7.9)")
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new NormalisedDescent<TVector>(space);
}
