namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>
/// |P|, the norm of what the rule divides by, eq. (9.11), as its last step left it: with an adaptive rule a gradient
/// well below it no longer enters the divisor, which then forgets.
/// </summary>
internal sealed class DivisorNorm<TVector>(ObservedRun<TVector> run) : RequestedObservable<TVector>
{
    private readonly TVector _divisor = run.Surface.Space.Create(),
        _ones = run.Surface.Space.Create();

    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        var (space, norm) = (run.Surface.Space, double.NaN);
        if (run.Rule.TryPrecondition(_divisor))
        {
            // The rule gives P^(-1/2), 0 where it does not move.
            space.Divide(_divisor, _divisor, _ones);
            space.Divide(_ones, _divisor, _divisor);
            space.Multiply(_divisor, _divisor, _divisor);
            norm = space.Norm(_divisor);
        }

        row.Table.Set(Columns.DivisorNorm, norm);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        run.Surface.Space.Release(_divisor);
        run.Surface.Space.Release(_ones);
    }
}

/// <summary>The norm of the divisor by name.</summary>
internal sealed class DivisorNormEntry()
    : ObservableEntry("divisor-norm", "the size of what the update rule divides by, (9.11)", 0, ObservableNeeds.Divisor)
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new DivisorNorm<TVector>(run);
}
