using FlatBias.Dynamics.Stability;

namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>The sharpness dimension with the Lyapunov exponents of the run, eq. (9.8), and its time of predictability,
/// eq. (9.9).</summary>
internal sealed class SharpnessDimension<TVector>(ObservedRun<TVector> run) : RequestedObservable<TVector>
{
    private readonly double[] _exponents = new double[run.Options.Exponents];

    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        for (var i = 0; i < _exponents.Length; i++)
            _exponents[i] = run.Tangents!.Exponent(i);
        row.Table.Set(Columns.LyapunovDimension, LyapunovDimension.Of(_exponents, run.Surface.Space.Dimension));
        var largest = _exponents.Max();
        row.Table.Set(Columns.PredictabilityTime, largest <= 0 ? double.PositiveInfinity : 1 / largest);
    }

    /// <inheritdoc/>
    public override void Dispose() { }
}

/// <summary>The sharpness dimension by name.</summary>
internal sealed class SharpnessDimensionEntry()
    : ObservableEntry(
        "sharpness-dimension",
        "how many directions of the run do not contract together, and how soon nearby runs part, (9.8), (9.9)",
        0,
        ObservableNeeds.Exponents
    )
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new SharpnessDimension<TVector>(run);
}
