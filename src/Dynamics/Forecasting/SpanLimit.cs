using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// What no model on the span of v and Q can be expected to beat, (4.22): the mean relative difference of S between a run
/// and gradient descent on the exact loss restricted to that span.
/// </summary>
internal static class SpanLimit
{
    /// <summary>
    /// S of the restricted run, step by step; shorter than asked where it diverges. The span is of v and the first so many
    /// vectors of the basis: those beyond may be of another jet.
    /// </summary>
    public static double[] Sharpness<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        TVector direction,
        IVectorBlock<TVector> basis,
        int dimension,
        double stepSize,
        TrialOptions options,
        CancellationToken cancellation
    )
    {
        var space = surface.Space;
        using var span = space.CreateBlock(1 + dimension);
        space.Copy(direction, span[0]);
        for (var i = 0; i < dimension; i++)
            space.Copy(basis[i], span[1 + i]);
        using var restricted = new RestrictedSurface<TVector>(surface, theta, span);
        using var rule = new GradientDescent<double[]>(restricted.Space);
        using var leading = new LeadingPair<double[]>(restricted.Space, options.Tolerance, options.Seed);
        var sharpness = new List<double>();
        Observer<double[]> observer = new(
            1,
            state =>
            {
                // A point that is no longer finite ends the run before it.
                if (state.End == StopReason.Diverged)
                    return;
                leading.Measure(state.Point!, state.Theta);
                sharpness.Add(leading.Sharpness);
            }
        )
        {
            NeedsPoint = true,
        };
        DescentLoop.Run(
            restricted,
            rule,
            stepSize,
            DescentLimits.AllOf(options.Horizon),
            restricted.Space.Create(),
            [observer],
            cancellation: cancellation
        );
        cancellation.ThrowIfCancellationRequested();
        return [.. sharpness];
    }
}
