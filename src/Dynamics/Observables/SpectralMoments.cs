using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>Spectral curvature moments M_k = tr(H^k) / P, k = 1..4, eq. (1.4).</summary>
public static class SpectralMoments
{
    /// <summary>The exact moments from a complete list of eigenvalues.</summary>
    /// <param name="eigenvalues">All P eigenvalues.</param>
    /// <returns>M_1 .. M_4.</returns>
    public static double[] Exact(ReadOnlySpan<double> eigenvalues)
    {
        Require.InRange(eigenvalues.Length, 1, name: nameof(eigenvalues));
        var moments = new double[4];
        foreach (var value in eigenvalues)
            for (var (k, power) = (0, value); k < 4; k++, power *= value)
                moments[k] += power / eigenvalues.Length;
        return moments;
    }

    /// <summary>
    /// Hutchinson's estimator (Hutchinson 1990) with random probes z whose components have mean 0 and variance 1: E z^T A z = tr A, so that tr(H^k) is the mean of z^T H^k z; two Hessian products give k up to 4.
    /// </summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The point.</param>
    /// <param name="probes">The number of probes, at least 1; each costs two Hessian-vector products.</param>
    /// <param name="random">Supplies the probes.</param>
    /// <param name="distribution">Of the components of a probe.</param>
    /// <returns>Estimates of M_1 .. M_4 with standard errors; NaN where the surface is not finite.</returns>
    public static Estimate[] Hutchinson<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        int probes,
        Random random,
        ProbeDistribution distribution = ProbeDistribution.Gaussian
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(random);
        Require.InRange(probes, 1);
        var space = surface.Space;
        TVector z = space.Create(),
            hz = space.Create(),
            hhz = space.Create();
        double[][] samples = [new double[probes], new double[probes], new double[probes], new double[probes]];
        using (var point = surface.At(theta))
        {
            for (var i = 0; i < probes; i++)
            {
                RandomProbe.Fill(space, z, hz, random, distribution);
                point.HessianVector(z, hz);
                samples[0][i] = space.Dot(z, hz) / space.Dimension;
                // Scaled exactly, so that neither H z nor H H z leaves the range of the components where the moments do
                // not.
                var norm = space.Norm(hz);
                var exponent = norm > 0 && double.IsFinite(norm) ? Math.ILogB(norm) : 0;
                space.ScaleByPowerOfTwo(-exponent, hz);
                point.HessianVector(hz, hhz);
                samples[1][i] = Math.ScaleB(space.Dot(hz, hz), 2 * exponent) / space.Dimension;
                samples[2][i] = Math.ScaleB(space.Dot(hz, hhz), 2 * exponent) / space.Dimension;
                samples[3][i] = Math.ScaleB(space.Dot(hhz, hhz), 2 * exponent) / space.Dimension;
            }
        }

        space.Release(z);
        space.Release(hz);
        space.Release(hhz);
        return [.. samples.Select(sample => Estimate.Of(sample))];
    }
}
