namespace FlatBias.Dynamics.Checkpoints;

/// <summary>
/// Where the parts of a run's state are kept between processes. One description of the state serves both directions: a store that is writing copies each part out, a store that is reading copies it in.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface IStateStore<in TVector>
{
    /// <summary>Exchanges one vector.</summary>
    /// <param name="name">Its name, unique within the state.</param>
    /// <param name="vector">Copied out, or overwritten.</param>
    void Exchange(string name, TVector vector);

    /// <summary>Exchanges numbers; their count must be the same in both directions.</summary>
    /// <param name="name">Their name, unique within the state.</param>
    /// <param name="numbers">Copied out, or overwritten.</param>
    void Exchange(string name, Span<double> numbers);
}

/// <summary>Something with a state that a later process can take up so that it goes on with the same bits.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface IResumable<out TVector>
{
    /// <summary>Names every part of the state to the store, in a fixed order that does not depend on the direction.</summary>
    /// <param name="store">The store.</param>
    void Exchange(IStateStore<TVector> store);
}
