using FlatBias.Dynamics.Checkpoints;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// The path of a run along its leading eigenvector. Valley jumps, eq. (1.9): with thetabar the mean of the last two points, (theta - thetabar) . v_1 is half the last displacement along v_1, and its sign alternates
/// from step to step while the run jumps across the valley (as it does for any 1 &lt; eta S, stable or not; at a crossing of eigenvalues, where v_1 is another vector, it means nothing). Polarity for any surface: |v_1 . e|, e the leading direction at onset (the first measurement with a stability number above 1); where it falls, v_1 turns away
/// from the direction that became unstable, where it rises, v_1 turns back.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class PathAlongLeading<TVector>(IVectorSpace<TVector> space) : IDisposable
{
    private readonly TVector _moved = space.Create(),
        _onset = space.Create();
    private double _last = double.NaN;
    private bool _begun;

    /// <summary>Writes jump_1 (half the displacement along v_1 since the last measurement), valley_jump (1 where its sign changed, else 0) and onset_alignment.</summary>
    public void Measure(TVector theta, TVector? previous, TVector leading, SeriesTable table)
    {
        var jump = double.NaN;
        if (previous is not null)
        {
            space.Copy(theta, _moved);
            space.Axpy(-1, previous, _moved);
            jump = space.Dot(_moved, leading) / 2;
        }

        table.Set(Columns.Jump, jump);
        table.Set(
            Columns.ValleyJump,
            double.IsNaN(jump) || double.IsNaN(_last) ? double.NaN
                : jump * _last < 0 ? 1
                : 0
        );
        _last = jump;
        if (!_begun && table[Columns.StabilityNumber][^1] > 1)
        {
            space.Copy(leading, _onset);
            _begun = true;
        }

        table.Set(Columns.OnsetAlignment, _begun ? Math.Min(1, Math.Abs(space.Dot(leading, _onset))) : double.NaN);
    }

    public void Exchange(IStateStore<TVector> store)
    {
        Span<double> state = [_last, _begun ? 1 : 0];
        store.Exchange("path.state", state);
        (_last, _begun) = (state[0], state[1] > 0);
        store.Exchange("path.onset", _onset);
    }

    public void Dispose()
    {
        space.Release(_moved);
        space.Release(_onset);
    }
}
