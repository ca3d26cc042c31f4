using FlatBias.Dynamics.Checkpoints;

namespace FlatBias.Dynamics.Descent;

/// <summary>Where a descent stands between two steps: what the loop itself must know to go on.</summary>
/// <param name="between">Told before anything of a step is done: whether the run is about to be cancelled. May be null.</param>
public sealed class DescentPosition(Action<bool>? between = null)
{
    /// <summary>Steps taken.</summary>
    public int Step { get; private set; }

    /// <summary>|L| above this ends the run as Diverged; set from the loss at the start.</summary>
    internal double Ceiling { get; set; } = double.PositiveInfinity;

    /// <summary>Names the position to a store.</summary>
    /// <typeparam name="TVector">The vector type of the store.</typeparam>
    /// <param name="store">The store.</param>
    public void Exchange<TVector>(IStateStore<TVector> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Span<double> numbers = [Step, Ceiling];
        store.Exchange("position", numbers);
        (Step, Ceiling) = ((int)numbers[0], numbers[1]);
    }

    internal void Reach(int step, bool cancelled)
    {
        Step = step;
        between?.Invoke(cancelled);
    }
}
