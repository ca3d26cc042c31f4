using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Observables;

/// <summary>A stochastic estimate with its standard error.</summary>
/// <param name="Value">The mean over the probes.</param>
/// <param name="StandardError">The standard error of that mean; NaN for a single probe.</param>
public readonly record struct Estimate(double Value, double StandardError);

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
            for (var (k, power) = (0, value); k < 4; k++, power *= value) moments[k] += power / eigenvalues.Length;
        return moments;
    }

    /// <summary>Hutchinson's estimator with Gaussian probes z: tr(H^k) is the mean of z^T H^k z; two Hessian products give k up to 4.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The point.</param>
    /// <param name="probes">The number of probes, at least 1; each costs two Hessian-vector products.</param>
    /// <param name="random">Supplies the probes.</param>
    /// <returns>Estimates of M_1 .. M_4 with standard errors.</returns>
    public static Estimate[] Hutchinson<TVector>(ISurface<TVector> surface, TVector theta, int probes, Random random)
    {
        ArgumentNullException.ThrowIfNull(surface);
        Require.InRange(probes, 1);
        var space = surface.Space;
        TVector z = space.Create(), hz = space.Create(), hhz = space.Create();
        double[] sum = new double[4], squares = new double[4];
        using (var point = surface.At(theta))
        {
            for (var i = 0; i < probes; i++)
            {
                space.FillGaussian(z, random);
                point.HessianVector(z, hz);
                point.HessianVector(hz, hhz);
                ReadOnlySpan<double> sample = [space.Dot(z, hz), space.Dot(hz, hz), space.Dot(hz, hhz), space.Dot(hhz, hhz)];
                for (var k = 0; k < 4; k++)
                {
                    var value = sample[k] / space.Dimension;
                    sum[k] += value;
                    squares[k] += value * value;
                }
            }
        }

        space.Release(z);
        space.Release(hz);
        space.Release(hhz);
        var result = new Estimate[4];
        for (var k = 0; k < 4; k++)
        {
            var mean = sum[k] / probes;
            var variance = probes > 1 ? Math.Max(0, squares[k] - (probes * mean * mean)) / (probes - 1) : double.NaN;
            result[k] = new Estimate(mean, Math.Sqrt(variance / probes));
        }

        return result;
    }
}
