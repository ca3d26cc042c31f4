using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// tr H, P times M_1 of eq. (1.4), with the leading pairs taken exactly and Hutchinson's estimator (Hutchinson 1990) for what they leave. For any orthonormal v_1 .. v_k
/// with Rayleigh quotients lambda_i, tr H = sum lambda_i + tr(Q H Q), Q = I - sum v_i v_i^T, so the estimate has no bias even where the pairs have not converged;
/// the variance of one Gaussian probe is 2 |Q H Q|_F^2 instead of 2 |H|_F^2, which the leading eigenvalues dominate.
/// </summary>
public static class DeflatedTrace
{
    /// <summary>Estimates the trace at a point.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The point.</param>
    /// <param name="frame">The leading pairs there.</param>
    /// <param name="probes">The number of probes, at least 1; each costs a Hessian-vector product.</param>
    /// <param name="random">Supplies the probes; the same generator at two points makes their difference less noisy.</param>
    /// <returns>The trace with its standard error; NaN where the surface is not finite.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one probe.</exception>
    public static Estimate Of<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        EigenFrame<TVector> frame,
        int probes,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(random);
        Require.InRange(probes, 1);
        var space = surface.Space;
        TVector z = space.Create(),
            hz = space.Create();
        var samples = new double[probes];
        using (var point = surface.At(theta))
        {
            for (var p = 0; p < probes; p++)
            {
                space.FillGaussian(z, random);
                for (var i = 0; i < frame.Count; i++)
                    space.Axpy(-space.Dot(z, frame.Vectors[i]), frame.Vectors[i], z);
                point.HessianVector(z, hz);
                samples[p] = space.Dot(z, hz);
            }
        }

        space.Release(z);
        space.Release(hz);
        var rest = Estimate.Of(samples);
        var leading = 0.0;
        for (var i = 0; i < frame.Count; i++)
            leading += frame.Values[i];
        return rest with { Value = rest.Value + leading };
    }
}
