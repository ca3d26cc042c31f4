using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>The constants of an adaptive rule.</summary>
/// <param name="Name">The rule's name in records.</param>
/// <param name="FirstDecay">b1, in [0, 1).</param>
/// <param name="SecondDecay">b2, in [0, 1).</param>
/// <param name="Epsilon">Added to the denominator, at least 0.</param>
/// <param name="BiasCorrection">Whether both moments are divided by 1 - b^t.</param>
/// <param name="Floor">The smallest root allowed, at least 0: c of the max rule.</param>
/// <param name="Ceiling">The largest root allowed, above 0: c of Clipped-Ada.</param>
/// <param name="Greatest">Whether the greatest root so far divides, in place of the present one: AMSGrad.</param>
public sealed record AdaptiveConstants(
    string Name,
    double FirstDecay,
    double SecondDecay,
    double Epsilon,
    bool BiasCorrection,
    double Floor = 0,
    double Ceiling = double.PositiveInfinity,
    bool Greatest = false
);

/// <summary>
/// Adaptive rules, eqs. (7.1), (7.2), component by component: v+ = b2 v + (1 - b2) g^2, m+ = b1 m + (1 - b1) g, theta+ = theta - eta mhat / (clamp(sqrt(vhat), floor, ceiling) + eps).
/// What is kept is r = sqrt(v), eq. (7.4), so that gradients of 1e-170 or 1e170 lose nothing; where the divisor is 0,
/// as without any gradient so far and eps = 0, a component does not move.
/// RMSProp: b1 = 0, no correction, no clamp. Adam: corrected, no clamp. AMSGrad, eq. (7.8): Adam divided by the greatest root so far. Sign descent, eq. (7.9): b1 = b2 = eps = 0, so that the root is |g|. Clipped-Ada: ceiling c, so that the effective step stays at eta/c or more and growing gradients cannot damp an instability away;
/// that this is the rule called "UB" in the first author's experiments is an inference. The max rule (floor c) is its mirror, the control.
/// Edge of the averaged momentum: eta S_eff = 2 (1 + b1)/(1 - b1), with S_eff = lambda_max(P^(-1/2) H P^(-1/2)), P = diag of the denominators.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class AdaptiveRule<TVector> : IUpdateRule<TVector>
{
    private readonly IVectorSpace<TVector> _space;
    private readonly AdaptiveConstants _constants;
    private readonly TVector _first,
        _root,
        _divisor,
        _step;
    private int _count;

    /// <summary>Makes the rule.</summary>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="constants">Its constants.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is outside its range.</exception>
    public AdaptiveRule(IVectorSpace<TVector> space, AdaptiveConstants constants)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(constants);
        Require.Decay(constants.FirstDecay, "momentum");
        Require.Decay(constants.SecondDecay, "second-decay");
        Require.NotNegative(constants.Epsilon, "epsilon");
        Require.NotNegative(constants.Floor, "clip");
        if (!(constants.Ceiling > 0))
            throw new ArgumentOutOfRangeException(
                nameof(constants),
                constants.Ceiling,
                $"clip is {constants.Ceiling}; it must be a number above 0."
            );
        (_space, _constants) = (space, constants);
        (_first, _root, _step) = (space.Create(), space.Create(), space.Create());
        _divisor = constants.Greatest ? space.Create() : _root;
    }

    /// <inheritdoc/>
    public string Name => _constants.Name;

    /// <inheritdoc/>
    public double Edge => 2 * (1 + _constants.FirstDecay) / (1 - _constants.FirstDecay);

    /// <inheritdoc/>
    public bool IsPreconditioned => true;

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta)
    {
        _count++;
        _space.Scale(_constants.FirstDecay, _first);
        _space.Axpy(1 - _constants.FirstDecay, gradient, _first);
        _space.AccumulateRoots(_constants.SecondDecay, gradient, _root);
        if (_constants.Greatest)
            _space.Maximum(_root, _divisor);
        Denominators(1, _step);
        _space.Divide(_first, _step, _step);
        _space.Axpy(-stepSize * Correction(_constants.FirstDecay), _step, theta);
    }

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result)
    {
        if (_count == 0)
            return false;
        Denominators(-0.5, result);
        return true;
    }

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        store.Exchange("rule.first", _first);
        store.Exchange("rule.root", _root);
        if (_constants.Greatest)
            store.Exchange("rule.greatest", _divisor);
        Span<double> count = [_count];
        store.Exchange("rule.count", count);
        _count = (int)count[0];
    }

    /// <summary>The rule in the same state, to be disposed by itself.</summary>
    internal AdaptiveRule<TVector> Copy()
    {
        var copy = new AdaptiveRule<TVector>(_space, _constants) { _count = _count };
        _space.Copy(_first, copy._first);
        _space.Copy(_root, copy._root);
        if (_constants.Greatest)
            _space.Copy(_divisor, copy._divisor);
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _space.Release(_first);
        _space.Release(_root);
        if (_constants.Greatest)
            _space.Release(_divisor);
        _space.Release(_step);
    }

    private void Denominators(double exponent, TVector result) =>
        _space.ClampedRoots(
            _divisor,
            Math.Sqrt(Correction(_constants.SecondDecay)),
            _constants.Floor,
            _constants.Ceiling,
            _constants.Epsilon,
            exponent,
            result
        );

    private double Correction(double decay) => _constants.BiasCorrection ? 1 / (1 - Math.Pow(decay, _count)) : 1;
}
