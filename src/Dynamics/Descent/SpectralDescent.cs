using FlatBias.Dynamics.Catalogues;
using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Descent;

/// <summary>
/// Spectral descent with momentum, eq. (7.12), the rule that goes by the name of Muon: m+ = b m + g, theta+ = theta -
/// eta U V^T with m+ = U s V^T matrix by matrix, so that each singular value of a step is eta or 0. Biases, and vectors
/// of a space that has no matrices, are single columns, whose polar factor is m/|m|. It is steepest descent in the
/// largest of the spectral norms, and its sharpness is of that norm, eq. (7.13).
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public sealed class SpectralDescent<TVector> : IUpdateRule<TVector>
{
    private readonly IVectorSpace<TVector> _space;
    private readonly double _decay;
    private readonly TVector _momentum,
        _step;
    private bool _moved;

    /// <summary>Makes the rule.</summary>
    /// <param name="space">The space of the parameters.</param>
    /// <param name="decay">b, in [0, 1); 0 for spectral descent itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">b is outside [0, 1).</exception>
    public SpectralDescent(IVectorSpace<TVector> space, double decay)
    {
        ArgumentNullException.ThrowIfNull(space);
        (_space, _decay) = (space, Require.Decay(decay, "momentum"));
        (_momentum, _step) = (space.Create(), space.Create());
    }

    /// <inheritdoc/>
    public string Name => "muon";

    /// <inheritdoc/>
    public double Edge => 2 * (1 + _decay);

    /// <inheritdoc/>
    public bool IsPreconditioned => true;

    /// <inheritdoc/>
    public double DualNorm
    {
        get
        {
            if (!_moved)
                return double.NaN;
            _space.Copy(_momentum, _step);
            _space.Polar(_step);
            return _space.Dot(_momentum, _step);
        }
    }

    /// <inheritdoc/>
    public void Apply(double stepSize, TVector gradient, TVector theta)
    {
        _space.Scale(_decay, _momentum);
        _space.Axpy(1, gradient, _momentum);
        _space.Copy(_momentum, _step);
        _space.Polar(_step);
        _space.Axpy(-stepSize, _step, theta);
        _moved = true;
    }

    /// <inheritdoc/>
    public bool TryPrecondition(TVector result) => false;

    /// <inheritdoc/>
    public void Exchange(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        store.Exchange("rule.momentum", _momentum);
        Span<double> moved = [_moved ? 1 : 0];
        store.Exchange("rule.moved", moved);
        _moved = moved[0] > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _space.Release(_momentum);
        _space.Release(_step);
    }
}

/// <summary>Spectral descent by name.</summary>
internal sealed class SpectralDescentEntry()
    : OptimiserEntry("muon", "spectral descent with momentum, each matrix by its polar factor, (7.12)", Momentum)
{
    public override IUpdateRule<TVector> Create<TVector>(IVectorSpace<TVector> space, ParameterValues values) =>
        new SpectralDescent<TVector>(space, values.Number(Momentum.Name));
}
