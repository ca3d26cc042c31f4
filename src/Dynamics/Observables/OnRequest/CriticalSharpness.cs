namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>
/// Critical sharpness lambda_c = 2 / eta_c of the coming step, eq. (9.3), by forward passes along it: x is doubled or
/// halved from 1, the run's own step, until the loss has risen at one end and not at the other, and the bracket
/// bisected.
/// </summary>
internal sealed class CriticalSharpness<TVector>(ObservedRun<TVector> run) : RequestedObservable<TVector>
{
    // Of the bracket, relative to its upper end.
    private const double Width = 1.0 / 16;

    // Step sizes are looked at up to 2^40, about 1e12, times the run's own in either direction.
    private const int Doublings = 40;

    private readonly TVector _place = run.Surface.Space.Create();
    private int _passes;

    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        _passes = 0;
        var critical = 2 / (row.State.StepSize * Crossing(row));
        var effective = Columns.EffectiveSharpness;
        var sharpness = row.Table.Has(effective) ? row.Table[effective][^1] : row.Frame.Values[0];
        row.Table.Set(Columns.CriticalSharpness, critical);
        row.Table.Set(Columns.CriticalRatio, critical / sharpness);
        row.Table.Set(Columns.CriticalPasses, _passes);
    }

    /// <inheritdoc/>
    public override void Dispose() => run.Surface.Space.Release(_place);

    /// <summary>The multiple of the step from which the loss rises; NaN where there is none.</summary>
    private double Crossing(in ObservedRow<TVector> row)
    {
        var step = run.Coming.At(row).Step;
        if (!(run.Surface.Space.Dot(row.Point.Gradient, step) > 0))
            return double.NaN;
        double low = 1,
            high = 1;
        var tries = 0;
        if (Rises(row, step, 1))
        {
            do (low, high) = (low / 2, low);
            while (Rises(row, step, low) && ++tries < Doublings);
        }
        else
        {
            do (low, high) = (high, high * 2);
            while (!Rises(row, step, high) && ++tries < Doublings);
        }

        if (tries == Doublings)
            return double.NaN;
        while (1 - (low / high) > Width)
        {
            var middle = (low + high) / 2;
            if (Rises(row, step, middle))
                high = middle;
            else
                low = middle;
        }

        return (low + high) / 2;
    }

    private bool Rises(in ObservedRow<TVector> row, TVector step, double multiple)
    {
        _passes++;
        run.Surface.Space.Copy(row.State.Theta, _place);
        run.Surface.Space.Axpy(-multiple, step, _place);
        // A loss that is no number any more has risen.
        return !(run.Surface.Loss(_place) <= row.Point.Loss);
    }
}

/// <summary>Critical sharpness by name.</summary>
internal sealed class CriticalSharpnessEntry()
    : ObservableEntry(
        "critical-sharpness",
        "2 over the step size from which the loss rises at the coming step, (9.3)",
        1.6
    )
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new CriticalSharpness<TVector>(run);
}
