using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// What no model on the span of v and Q can be expected to beat, (4.22): the mean relative difference of S between a run
/// and gradient descent on the exact loss restricted to that span.
/// </summary>
internal static class SpanLimit
{
    /// <summary>S of the restricted run, step by step; shorter than asked where it diverges.</summary>
    public static double[] Sharpness<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector direction,
        IVectorBlock<TVector> basis,
        double stepSize,
        TrialOptions options,
        CancellationToken cancellation
    )
    {
        List<TVector> span = [direction];
        // Q has no more vectors than its Krylov space: those beyond are zero.
        for (var i = 0; i < basis.Capacity; i++)
            if (surface.Space.Norm(basis[i]) > 0)
                span.Add(basis[i]);
        using var restricted = new RestrictedSurface<TVector>(surface, theta, span);
        using var rule = new GradientDescent<double[]>(restricted.Space);
        var measured = new CurvatureProbeOptions(
            1,
            new LanczosOptions(options.Tolerance, Trailing: false),
            Seed: options.Seed
        )
        {
            TrailingEvery = int.MaxValue,
        };
        using var probe = new CurvatureProbe<double[]>(restricted, measured, rule);
        var series = new SeriesTable();
        Observer<double[]> observer = new(
            1,
            state =>
            {
                if (state.End == StopReason.Diverged)
                    return;
                series.AddRow();
                probe.Measure(state.Point!, state.Theta, state.StepSize, series);
            }
        )
        {
            NeedsPoint = true,
        };
        var result = DescentLoop.Run(
            restricted,
            rule,
            stepSize,
            DescentLimits.AllOf(options.Horizon),
            restricted.Space.Create(),
            [observer],
            cancellation: cancellation
        );
        cancellation.ThrowIfCancellationRequested();
        return series.Array(Columns.Sharpness);
    }
}
