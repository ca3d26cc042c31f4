using System.Diagnostics.CodeAnalysis;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// Decoupled weight decay on top of any rule, eq. (7.5): theta+ = (1 - eta w) theta + the rule's own step, taken with
/// the gradient at theta. The state and the preconditioner of the rule do not see it,
/// so that a divisor does not weaken it: Adam becomes AdamW (Loshchilov and Hutter 2019).
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class WeightDecay<TVector> : IUpdateRule<TVector>
{
    private readonly IVectorSpace<TVector> _space;
    private readonly IUpdateRule<TVector> _rule;
    private readonly double _decay;

    /// <summary>Adds decay to a rule.</summary>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="rule">The rule, which is disposed with this.</param>
    /// <param name="decay">w, finite and at least 0, in inverse units of the step size.</param>
    /// <exception cref="ArgumentOutOfRangeException">w is negative or not finite.</exception>
    public WeightDecay(IVectorSpace<TVector> space, IUpdateRule<TVector> rule, double decay)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(rule);
        (_space, _rule, _decay) = (
            space,
            rule,
            Require.NotNegative(Require.Finite(decay, "weight-decay"), "weight-decay")
        );
    }

    /// <inheritdoc/>
    public string Name => _rule.Name;

    /// <inheritdoc/>
    public double Edge => _rule.Edge;

    /// <inheritdoc/>
    public double Decay => _decay + _rule.Decay;

    /// <inheritdoc/>
    public bool IsPreconditioned => _rule.IsPreconditioned;

    /// <inheritdoc/>
    public double DualNorm => _rule.DualNorm;

    /// <inheritdoc/>
    public double Ascent => _rule.Ascent;

    /// <inheritdoc/>
    public bool TryProbe(TVector gradient, TVector theta, [MaybeNullWhen(false)] out TVector probe) =>
        _rule.TryProbe(gradient, theta, out probe);

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta)
    {
        _space.Scale(1 - (stepSize * _decay), theta);
        _rule.Apply(stepSize, gradient, theta);
    }

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result) => _rule.TryPrecondition(result);

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store) => _rule.Exchange(store);

    /// <inheritdoc/>
    public void Dispose() => _rule.Dispose();
}
