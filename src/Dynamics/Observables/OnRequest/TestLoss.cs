namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>The loss of the samples held back.</summary>
internal sealed class TestLoss<TVector>(ObservedRun<TVector> run) : RequestedObservable<TVector>
{
    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        row.Table.Set(Columns.TestLoss, run.TestSurface!.Loss(row.State.Theta));
        // Booked where a checkpoint keeps it.
        run.Surface.Cost.ForwardPasses++;
    }

    /// <inheritdoc/>
    public override void Dispose() { }
}

/// <summary>The test loss by name.</summary>
internal sealed class TestLossEntry()
    : ObservableEntry("test-loss", "the loss of the test samples", 0.25, ObservableNeeds.TestSamples)
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new TestLoss<TVector>(run);
}
