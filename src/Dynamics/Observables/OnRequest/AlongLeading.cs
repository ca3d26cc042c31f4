using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>v_1 . G v_1 / lambda_1 with the Gauss-Newton matrix G, eq. (9.7).</summary>
internal sealed class GaussNewtonShare<TVector>(ObservedRun<TVector> run) : RequestedObservable<TVector>
{
    private readonly TVector _product = run.Surface.Space.Create();

    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        // Seen at the first row, before any step.
        if (row.Point is not IGaussNewtonPoint<TVector> point)
            throw ObservableCatalogue.Lacking(GaussNewtonShareEntry.OwnName, ObservableNeeds.Outputs);
        var leading = row.Frame.Vectors[0];
        point.GaussNewtonVector(leading, _product);
        row.Table.Set(Columns.GaussNewtonShare, run.Surface.Space.Dot(leading, _product) / row.Frame.Values[0]);
    }

    /// <inheritdoc/>
    public override void Dispose() => run.Surface.Space.Release(_product);
}

/// <summary>|g . v_1| / |g|, eq. (9.7).</summary>
internal sealed class GradientAlignment<TVector>(ObservedRun<TVector> run) : RequestedObservable<TVector>
{
    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        var (space, gradient) = (run.Surface.Space, row.Point.Gradient);
        var cosine = Math.Abs(space.Dot(gradient, row.Frame.Vectors[0])) / space.Norm(gradient);
        // Rounding may leave it above 1.
        row.Table.Set(Columns.GradientAlignment, Math.Min(1, cosine));
    }

    /// <inheritdoc/>
    public override void Dispose() { }
}

/// <summary>The Gauss-Newton share by name.</summary>
internal sealed class GaussNewtonShareEntry()
    : ObservableEntry(
        OwnName,
        "the part of the sharpness that the Gauss-Newton matrix has, (9.7)",
        1,
        ObservableNeeds.Outputs
    )
{
    public const string OwnName = "gauss-newton-share";

    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new GaussNewtonShare<TVector>(run);
}

/// <summary>The alignment of the gradient by name.</summary>
internal sealed class GradientAlignmentEntry()
    : ObservableEntry("gradient-alignment", "cosine of the gradient and v_1, (9.7)", 0)
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new GradientAlignment<TVector>(run);
}
