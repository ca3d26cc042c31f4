namespace FlatBias.Dynamics.Observables.OnRequest;

/// <summary>
/// Sharpness in the norm of the largest component and the dual norm of the gradient, eq. (9.10): S_inf = max d . H d
/// over |d_i| at most 1, and the sum of |g_i|, of which sign descent has its edge at eta S_inf = 2 |g|_1.
/// </summary>
internal sealed class MaxNormSharpness<TVector>(ObservedRun<TVector> run) : RequestedObservable<TVector>
{
    private readonly TVector _best = run.Surface.Space.Create(),
        _direction = run.Surface.Space.Create(),
        _image = run.Surface.Space.Create(),
        _sizes = run.Surface.Space.Create();

    /// <inheritdoc/>
    public override void Measure(in ObservedRow<TVector> row)
    {
        var (space, point) = (run.Surface.Space, row.Point);
        // Nothing is carried from row to row, so that a run taken up has the bits of one never stopped.
        var largest = NormSharpness.Largest(
            space,
            point.HessianVector,
            Sign,
            [point.Gradient, row.Frame.Vectors[0]],
            _best,
            _direction,
            _image
        );
        // d = 0 is in the ball.
        row.Table.Set(Columns.MaxNormSharpness, Math.Max(0, largest));
        space.Copy(point.Gradient, _direction);
        Sign(_direction);
        row.Table.Set(Columns.GradientSum, space.Dot(point.Gradient, _direction));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var vector in (ReadOnlySpan<TVector>)[_best, _direction, _image, _sizes])
            run.Surface.Space.Release(vector);
    }

    /// <summary>x := sign(x), 0 where x is.</summary>
    private void Sign(TVector x)
    {
        run.Surface.Space.AccumulateRoots(0, x, _sizes);
        run.Surface.Space.Divide(x, _sizes, x);
    }
}

/// <summary>The sharpness in the norm of the largest component by name.</summary>
internal sealed class MaxNormSharpnessEntry()
    : ObservableEntry("max-norm-sharpness", "the sharpness that sign descent has its edge by, (9.10)", 10)
{
    internal override RequestedObservable<TVector> Create<TVector>(ObservedRun<TVector> run) =>
        new MaxNormSharpness<TVector>(run);
}
