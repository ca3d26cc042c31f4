using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// Momentum, eq. (7.1). Polyak's form: m+ = b m + g, theta+ = theta - eta m+, unstable at eta S = 2 (1 + b).
/// Averaging form: m+ = b m + (1 - b) g, unstable at eta S = 2 (1 + b)/(1 - b).
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class Momentum<TVector> : IUpdateRule<TVector>
{
    private readonly IVectorSpace<TVector> _space;
    private readonly double _decay,
        _gain;
    private readonly TVector _momentum;

    /// <summary>Makes the rule.</summary>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="decay">b, in [0, 1).</param>
    /// <param name="averaging">Whether the gradient enters with weight 1 - b.</param>
    /// <exception cref="ArgumentOutOfRangeException">b is outside [0, 1).</exception>
    public Momentum(IVectorSpace<TVector> space, double decay, bool averaging = false)
    {
        ArgumentNullException.ThrowIfNull(space);
        _decay = Require.Decay(decay, "momentum");
        (_space, _gain, Name) = (space, averaging ? 1 - decay : 1, averaging ? "ema-momentum" : "momentum");
        _momentum = space.Create();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>m, the momentum.</summary>
    internal TVector State => _momentum;

    /// <inheritdoc/>
    public double Edge => 2 * (1 + _decay) / _gain;

    /// <inheritdoc/>
    public bool IsPreconditioned => false;

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta)
    {
        _space.Scale(_decay, _momentum);
        _space.Axpy(_gain, gradient, _momentum);
        _space.Axpy(-stepSize, _momentum, theta);
    }

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result) => false;

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        store.Exchange("rule.momentum", _momentum);
    }

    /// <inheritdoc/>
    public void Dispose() => _space.Release(_momentum);
}

/// <summary>
/// Nesterov's momentum as torch.optim has it, eq. (7.7): m+ = b m + g, theta+ = theta - eta (g + b m+), unstable at
/// eta S = 2 (1 + b)/(1 + 2 b): earlier than gradient descent.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class NesterovMomentum<TVector> : IUpdateRule<TVector>
{
    private readonly IVectorSpace<TVector> _space;
    private readonly double _decay;
    private readonly TVector _momentum;

    /// <summary>Makes the rule.</summary>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="decay">b, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">b is outside [0, 1).</exception>
    public NesterovMomentum(IVectorSpace<TVector> space, double decay)
    {
        ArgumentNullException.ThrowIfNull(space);
        (_space, _decay) = (space, Require.Decay(decay, "momentum"));
        _momentum = space.Create();
    }

    /// <inheritdoc/>
    public string Name => "nesterov";

    /// <inheritdoc/>
    public double Edge => 2 * (1 + _decay) / (1 + (2 * _decay));

    /// <inheritdoc/>
    public bool IsPreconditioned => false;

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta)
    {
        _space.Scale(_decay, _momentum);
        _space.Axpy(1, gradient, _momentum);
        _space.Axpy(-stepSize, gradient, theta);
        _space.Axpy(-stepSize * _decay, _momentum, theta);
    }

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result) => false;

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        store.Exchange("rule.momentum", _momentum);
    }

    /// <inheritdoc/>
    public void Dispose() => _space.Release(_momentum);
}

/// <summary>Nesterov's momentum by name.</summary>
internal sealed class NesterovEntry() : OptimiserEntry("nesterov", "Nesterov's momentum, (7.7)", Momentum)
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new NesterovMomentum<TVector>(space, values.Number(Momentum.Name));
}

/// <summary>Either form of momentum by name.</summary>
internal sealed class MomentumEntry(bool averaging)
    : OptimiserEntry(
        averaging ? "ema-momentum" : "momentum",
        averaging ? "a running mean of the gradient, (7.1)" : "Polyak's momentum, (7.1)",
        Momentum
    )
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new Momentum<TVector>(space, values.Number(Momentum.Name), averaging);
}
