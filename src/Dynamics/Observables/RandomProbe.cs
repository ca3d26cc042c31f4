using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>The distribution of the components of a random probe; all have mean 0 and variance 1.</summary>
public enum ProbeDistribution
{
    /// <summary>Standard normal: the variance of z^T A z is 2 |A|_F^2, whatever the basis.</summary>
    Gaussian,

    /// <summary>Plus or minus one with equal probability: the variance of z^T A z is 2 sum_{i != j} A_ij^2, less by the diagonal (Hutchinson 1990), so it depends on the basis.</summary>
    Rademacher,
}

/// <summary>Draws random probes in any vector type.</summary>
internal static class RandomProbe
{
    /// <summary>Fills a vector with a probe.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="space">The space.</param>
    /// <param name="z">Overwritten.</param>
    /// <param name="work">Overwritten.</param>
    /// <param name="random">Supplies normal numbers; their signs are the Rademacher probe, so that all vector types see the same numbers.</param>
    /// <param name="distribution">Of the components.</param>
    public static void Fill<TVector>(
        IVectorSpace<TVector> space,
        TVector z,
        TVector work,
        Random random,
        ProbeDistribution distribution
    )
    {
        space.FillGaussian(z, random);
        if (distribution == ProbeDistribution.Gaussian)
            return;
        // z / |z|; a component that is 0, which does not happen in practice, stays 0.
        space.Copy(z, work);
        space.AccumulateRoots(0, z, work);
        space.Divide(z, work, z);
    }
}
