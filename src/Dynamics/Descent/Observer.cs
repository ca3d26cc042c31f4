namespace FlatBias.Dynamics.Descent;

/// <summary>A point of a descent as an observer sees it: before the step is taken.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <param name="Step">The number of steps taken so far; 0 at the start.</param>
/// <param name="StepSize">The step size of the coming step.</param>
/// <param name="Loss">The loss here.</param>
/// <param name="Theta">The parameters here; not to be changed or kept.</param>
public readonly record struct DescentState<TVector>(int Step, double StepSize, double Loss, TVector Theta);

/// <summary>Something that looks on during a descent, at a cadence.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <param name="Every">Looks at every n-th step, and always at the last point.</param>
/// <param name="Observe">Called with the state.</param>
public sealed record Observer<TVector>(int Every, Action<DescentState<TVector>> Observe)
{
    /// <summary>Looks at every n-th step.</summary>
    public int Every { get; } = Require.InRange(Every, 1);

    /// <summary>When set, also looks at every step at which it returns true, for example while a run is unstable.</summary>
    public Func<DescentState<TVector>, bool>? Also { get; init; }

    internal bool IsDue(in DescentState<TVector> state) => state.Step % Every == 0 || (Also is not null && Also(state));
}
