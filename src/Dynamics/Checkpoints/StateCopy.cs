using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Checkpoints;

/// <summary>A state put aside in memory and given back with the same bits.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <param name="space">The space of the vectors.</param>
internal sealed class StateCopy<TVector>(IVectorSpace<TVector> space) : IStateStore<TVector>, IDisposable
{
    private readonly List<TVector> _vectors = [];
    private readonly List<double[]> _numbers = [];

    // How many parts of either kind have been exchanged since the state was last turned to.
    private int _vector,
        _number;
    private bool _givesBack;

    /// <summary>Copies a state, in the place of what was kept before.</summary>
    public void Keep(IResumable<TVector> state) => Turn(state, givesBack: false);

    /// <summary>Overwrites a state with what was kept of it.</summary>
    public void GiveBack(IResumable<TVector> state) => Turn(state, givesBack: true);

    /// <inheritdoc/>
    public void Exchange(string name, TVector vector)
    {
        if (_vector == _vectors.Count)
            _vectors.Add(space.Create());
        var kept = _vectors[_vector++];
        if (_givesBack)
            space.Copy(kept, vector);
        else
            space.Copy(vector, kept);
    }

    /// <inheritdoc/>
    public void Exchange(string name, Span<double> numbers)
    {
        if (_number == _numbers.Count)
            _numbers.Add(new double[numbers.Length]);
        var kept = _numbers[_number++];
        if (_givesBack)
            kept.CopyTo(numbers);
        else
            numbers.CopyTo(kept);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var vector in _vectors)
            space.Release(vector);
    }

    private void Turn(IResumable<TVector> state, bool givesBack)
    {
        (_vector, _number, _givesBack) = (0, 0, givesBack);
        state.Exchange(this);
    }
}
