using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>
/// The step that a run's rule is about to take from a point, d = theta - theta+ = eta u, taken aside once a row for all
/// who ask: with the coming minibatch where there are any, and the state of the rule given back with its bits.
/// </summary>
internal sealed class ComingStep<TVector>(ISurface<TVector> surface, IUpdateRule<TVector> rule, BatchSampler? sampler)
    : IDisposable
{
    private readonly TVector _gradient = surface.Space.Create(),
        _end = surface.Space.Create(),
        _step = surface.Space.Create();
    private readonly StateCopy<TVector> _state = new(surface.Space);
    private int _taken = -1;

    /// <summary>d and theta+, valid until the next row. Cost: nothing on the full batch, the gradient of a batch
    /// otherwise; one more for a rule that takes its gradient elsewhere.</summary>
    public (TVector Step, TVector End) At(in ObservedRow<TVector> row)
    {
        var (point, state, space) = (row.Point, row.State, surface.Space);
        if (_taken == state.Step)
            return (_step, _end);
        if (sampler is null)
            space.Copy(point.Gradient, _gradient);
        else
            Batch(state.Theta, sampler, state.Step);
        space.Copy(state.Theta, _end);
        _state.Keep(rule);
        if (rule.TryProbe(_gradient, state.Theta, out var probe))
        {
            if (sampler is null)
                surface.LossAndGradient(probe, _gradient);
            else
                Batch(probe, sampler, state.Step);
        }

        rule.Apply(state.StepSize, _gradient, _end);
        _state.GiveBack(rule);
        space.Copy(state.Theta, _step);
        space.Axpy(-1, _end, _step);
        _taken = state.Step;
        return (_step, _end);
    }

    private void Batch(TVector theta, BatchSampler batches, int step) =>
        ((IStochasticSurface<TVector>)surface).BatchLossAndGradient(theta, batches.At(step), _gradient);

    /// <inheritdoc/>
    public void Dispose()
    {
        surface.Space.Release(_gradient);
        surface.Space.Release(_end);
        surface.Space.Release(_step);
        _state.Dispose();
    }
}
