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
        return SharpnessRun.Make(restricted, restricted.Space.Create(), stepSize, options, cancellation);
    }
}
