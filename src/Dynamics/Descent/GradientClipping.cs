using System.Diagnostics.CodeAnalysis;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// Gradient clipping before any rule, eq. (7.10): the rule is given g min(1, c/|g|). The factor is a divisor like any
/// other, max(1, |g|/c), in the effective sharpness; under gradient descent, which would diverge past its edge, a run
/// swings to and fro across the valley with |g| = c eta S/2.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class GradientClipping<TVector> : IUpdateRule<TVector>
{
    private readonly IVectorSpace<TVector> _space;
    private readonly IUpdateRule<TVector> _rule;
    private readonly double _bound;

    // min(1, c/|g|) of the last step; NaN before it.
    private double _factor = double.NaN;

    /// <summary>Clips the gradients of a rule.</summary>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="rule">The rule, which is disposed with this.</param>
    /// <param name="bound">c, the largest norm of a gradient, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">c is not a finite number above 0.</exception>
    public GradientClipping(IVectorSpace<TVector> space, IUpdateRule<TVector> rule, double bound)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(rule);
        (_space, _rule, _bound) = (space, rule, Require.Positive(bound, "gradient-clip"));
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
    public double DualNorm => _rule.DualNorm / _factor;

    /// <inheritdoc/>
    public double Ascent => _rule.Ascent;

    /// <inheritdoc/>
    public bool TryProbe(TVector gradient, TVector theta, [MaybeNullWhen(false)] out TVector probe) =>
        _rule.TryProbe(gradient, theta, out probe);

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta)
    {
        _factor = Math.Min(1, _bound / _space.Norm(gradient));
        if (_factor < 1)
            _space.Scale(_factor, gradient);
        _rule.Apply(stepSize, gradient, theta);
    }

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result)
    {
        if (double.IsNaN(_factor))
            return false;
        var root = Math.Sqrt(_factor);
        if (!_rule.IsPreconditioned)
            _space.ClampedRoots(result, 1, root, root, 0, 1, result);
        else if (_rule.TryPrecondition(result))
            _space.Scale(root, result);
        else
            return false;
        return true;
    }

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> factor = [_factor];
        store.Exchange("rule.clipping", factor);
        _factor = factor[0];
        _rule.Exchange(store);
    }

    /// <inheritdoc/>
    public void Dispose() => _rule.Dispose();
}
