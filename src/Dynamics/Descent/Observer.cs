using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Descent;

/// <summary>A point of a descent as an observer sees it: before the step is taken.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <param name="Step">The number of steps taken so far; 0 at the start.</param>
/// <param name="StepSize">The step size of the coming step.</param>
/// <param name="Loss">The loss here.</param>
/// <param name="Theta">The parameters here; not to be changed or kept.</param>
public readonly record struct DescentState<TVector>(int Step, double StepSize, double Loss, TVector Theta)
{
    /// <summary>Why this is the last point; null where a step follows.</summary>
    public StopReason? End { get; init; }

    /// <summary>
    /// The surface here, on the full batch, not to be kept or disposed; null unless an observer of the run asks for it
    /// (<see cref="Observer{TVector}.NeedsPoint"/>).
    /// </summary>
    public ISurfacePoint<TVector>? Point { get; init; }
}

/// <summary>Something that looks on during a descent, at a cadence.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <param name="Every">Looks at every n-th step, and always at the last point.</param>
/// <param name="Observe">Called with the state.</param>
public sealed record Observer<TVector>(int Every, Action<DescentState<TVector>> Observe)
{
    /// <summary>Looks at every n-th step.</summary>
    public int Every { get; } = Require.InRange(Every, 1);

    /// <summary>
    /// When set, looks off the cadence as well, wherever it returns true, for example while a run is unstable.
    /// </summary>
    public Func<DescentState<TVector>, bool>? AlsoWhen { get; init; }

    /// <summary>
    /// When set, asked once at every point after which the run would go on, before anyone looks: true ends the run
    /// there, as <see cref="StopReason.Stopped"/>.
    /// </summary>
    public Func<DescentState<TVector>, bool>? StopWhen { get; init; }

    /// <summary>
    /// Whether <see cref="DescentState{TVector}.Point"/> is wanted. Loss and gradient of a full-batch step then come
    /// from it, so that a measurement at every step pays for them once.
    /// </summary>
    public bool NeedsPoint { get; init; }

    internal bool IsDue(in DescentState<TVector> state) =>
        state.Step % Every == 0 || (AlsoWhen is not null && AlsoWhen(state));
}
