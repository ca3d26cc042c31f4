using System.Diagnostics.CodeAnalysis;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// Sharpness-aware minimisation before any rule, eq. (7.11): the rule is given the gradient at theta + rho g/|g|, a
/// length rho uphill, on the same minibatch. To its steps the Hessian is H + (rho/|g|) H^2, so that under gradient
/// descent sharpness comes to its edge before 2/eta, the earlier the smaller the gradient is.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class SharpnessAware<TVector> : IUpdateRule<TVector>
{
    private readonly IVectorSpace<TVector> _space;
    private readonly IUpdateRule<TVector> _rule;
    private readonly double _radius;
    private readonly TVector _probe;

    // |g| of the last step; NaN before it.
    private double _size = double.NaN;

    /// <summary>Gives a rule gradients from uphill.</summary>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="rule">The rule, which is disposed with this.</param>
    /// <param name="radius">rho, the distance, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">rho is not a finite number above 0.</exception>
    public SharpnessAware(IVectorSpace<TVector> space, IUpdateRule<TVector> rule, double radius)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(rule);
        (_space, _rule, _radius) = (space, rule, Require.Positive(radius, "sam-radius"));
        _probe = space.Create();
    }

    /// <inheritdoc/>
    public string Name => _rule.Name;

    /// <inheritdoc/>
    public double Edge => _rule.Edge;

    /// <inheritdoc/>
    public double Decay => _rule.Decay;

    /// <inheritdoc/>
    public bool IsPreconditioned => true;

    /// <inheritdoc/>
    public double DualNorm => _rule.DualNorm;

    /// <inheritdoc/>
    public double Ascent => _size > 0 ? _radius / _size : 0;

    /// <inheritdoc/>
    public bool TryProbe(TVector gradient, TVector theta, [MaybeNullWhen(false)] out TVector probe)
    {
        (_size, probe) = (_space.Norm(gradient), _probe);
        // Without a gradient there is no uphill.
        if (_size == 0)
            return false;
        _space.Copy(theta, probe);
        _space.Normalise(gradient, _size);
        _space.Axpy(_radius, gradient, probe);
        return true;
    }

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta) => _rule.Apply(stepSize, gradient, theta);

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result)
    {
        if (double.IsNaN(_size))
            return false;
        if (_rule.IsPreconditioned)
            return _rule.TryPrecondition(result);
        _space.ClampedRoots(result, 1, 1, 1, 0, 1, result);
        return true;
    }

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> size = [_size];
        store.Exchange("rule.ascent", size);
        _size = size[0];
        _rule.Exchange(store);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _space.Release(_probe);
        _rule.Dispose();
    }
}
