using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>Batch sharpness, eq. (9.4): the Rayleigh quotient of a batch's gradient on the batch's Hessian.</summary>
internal sealed class BatchSharpness<TVector>(ObservedRun<TVector> run)
    : BatchMean<TVector>(run, new(Columns.BatchSharpness, Columns.BatchSharpnessError, Columns.BatchSharpnessBatches))
{
    private protected override double Of(in ObservedRow<TVector> row, ReadOnlySpan<int> batch, Random random) =>
        OnBatch(row.State.Theta, batch, Quotient);

    private double Quotient(ISurfacePoint<TVector> point)
    {
        Surface.Space.Copy(point.Gradient, Direction);
        if (!(Surface.Space.Normalize(Direction) > 0))
            return double.NaN;
        point.HessianVector(Direction, Product);
        return Surface.Space.Dot(Direction, Product);
    }
}

/// <summary>Gradient-noise interaction, eq. (9.5): the gradients of batches on the Hessian of all samples.</summary>
internal sealed class NoiseInteraction<TVector>(ObservedRun<TVector> run)
    : BatchMean<TVector>(
        run,
        new(Columns.NoiseInteraction, Columns.NoiseInteractionError, Columns.NoiseInteractionBatches)
    )
{
    private protected override double Of(in ObservedRow<TVector> row, ReadOnlySpan<int> batch, Random random)
    {
        Surface.BatchLossAndGradient(row.State.Theta, batch, Direction);
        // Unit vectors first: squares of gradients need not be numbers.
        var ratio = Surface.Space.Normalize(Direction) / Surface.Space.Norm(row.Point.Gradient);
        row.Point.HessianVector(Direction, Product);
        return ratio * ratio * Surface.Space.Dot(Direction, Product);
    }
}

/// <summary>Leading eigenvalues of the Hessians of batches, eq. (9.6).</summary>
internal sealed class BatchLambda<TVector> : BatchMean<TVector>
{
    private readonly LanczosEigensolver<TVector> _solver;
    private readonly EigenFrame<TVector> _frame;

    public BatchLambda(ObservedRun<TVector> run)
        : base(run, new(Columns.BatchLambda, Columns.BatchLambdaError, Columns.BatchLambdaBatches))
    {
        _solver = new LanczosEigensolver<TVector>(Surface.Space, run.Options.Eigensolver with { Trailing = false });
        _frame = new EigenFrame<TVector>(Surface.Space, 1);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _solver.Dispose();
        _frame.Dispose();
    }

    private protected override double Of(in ObservedRow<TVector> row, ReadOnlySpan<int> batch, Random random)
    {
        Surface.Space.Copy(row.Frame.Vectors[0], Direction);
        return OnBatch(row.State.Theta, batch, Leading);

        // The value alone is wanted, which a copy that was not told from it shares.
        double Leading(ISurfacePoint<TVector> point)
        {
            _solver.Iterate(point.HessianVector, Direction, random, _frame, trailing: false, default);
            return _frame.Converged ? _frame.Values[0] : double.NaN;
        }
    }

    private protected override void Finish(in ObservedRow<TVector> row, double largest) =>
        row.Table.Set(Columns.BatchLambdaLargest, largest);
}

/// <summary>Batch sharpness by name.</summary>
internal sealed class BatchSharpnessEntry()
    : ObservableEntry(
        "batch-sharpness",
        "mean curvature of the batches' losses along their own gradients, (9.4)",
        8,
        ObservableNeeds.Minibatches
    )
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new BatchSharpness<TVector>(run);
}

/// <summary>Gradient-noise interaction by name.</summary>
internal sealed class NoiseInteractionEntry()
    : ObservableEntry(
        "noise-interaction",
        "mean curvature of the full loss along the batches' gradients, over the full gradient's square, (9.5)",
        100,
        ObservableNeeds.Minibatches
    )
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new NoiseInteraction<TVector>(run);
}

/// <summary>Leading eigenvalues of batches by name.</summary>
internal sealed class BatchLambdaEntry()
    : ObservableEntry(
        "batch-lambda",
        "mean and largest leading eigenvalue of the batches' Hessians, (9.6)",
        15,
        ObservableNeeds.Minibatches
    )
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new BatchLambda<TVector>(run);
}
