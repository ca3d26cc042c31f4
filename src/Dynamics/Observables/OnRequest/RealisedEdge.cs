namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>
/// The realised edge of the coming step, eqs. (9.1), (9.2): zeta = B / A, A = g . u, B = A + dL / eta, that is
/// 1 + dL / (g . d), and eta S Gamma / 2 = S |d|^2 / (2 g . d) beside it.
/// </summary>
internal sealed class RealisedEdge<TVector>(ObservedRun<TVector> run) : RequestedObservable<TVector>
{
    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        var space = run.Surface.Space;
        var (step, end) = run.Coming.At(row);
        var (loss, next) = (row.Point.Loss, run.Surface.Loss(end));
        var (slope, length) = (space.Dot(row.Point.Gradient, step), space.Norm(step));
        var sizes = Math.Abs(loss) + Math.Abs(next) + (space.Norm(row.Point.Gradient) * space.Norm(row.State.Theta));
        row.Table.Set(Columns.RealisedEdge, slope == 0 ? double.NaN : 1 + ((next - loss) / slope));
        row.Table.Set(
            Columns.RealisedEdgeAlongLeading,
            slope == 0 ? double.NaN : row.Frame.Values[0] * length * (length / slope) / 2
        );
        row.Table.Set(
            Columns.RealisedEdgeError,
            slope == 0 ? double.NaN : space.UnitRoundoff * (sizes / Math.Abs(slope))
        );
    }

    /// <inheritdoc/>
    public override void Dispose() { }
}

/// <summary>The realised edge by name.</summary>
internal sealed class RealisedEdgeEntry()
    : ObservableEntry("realised-edge", "whether and how far the loss rises at the coming step, (9.1), (9.2)", 0.25)
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new RealisedEdge<TVector>(run);
}
