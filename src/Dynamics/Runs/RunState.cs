using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Stability;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Runs;

/// <summary>All that a recorded run carries from one step to the next, in one order for both directions. Step size and minibatch follow from the step.</summary>
internal sealed class RunState<TVector>(
    DescentPosition position,
    TVector theta,
    IUpdateRule<TVector> rule,
    CurvatureProbe<TVector> probe,
    TangentFrame<TVector>? tangents,
    CostLedger cost
) : IResumable<TVector>
{
    public int Step => position.Step;

    public void Exchange(IStateStore<TVector> store)
    {
        position.Exchange(store);
        store.Exchange("theta", theta);
        rule.Exchange(store);
        probe.Exchange(store);
        tangents?.Exchange(store);
        cost.Exchange("cost", store);
    }
}
