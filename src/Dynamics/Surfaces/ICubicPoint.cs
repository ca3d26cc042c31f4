using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Surfaces;

/// <summary>A point that knows mixed third derivatives cheaper than by polarisation, which needs two directional gradients of order 2 for each.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface ICubicPoint<TVector>
{
    /// <summary>results[i] := D^3 L[first, seconds[i], .], the derivative along <paramref name="first"/> of the Hessian product with seconds[i], eq. (4.10).</summary>
    /// <param name="first">The direction that all share, P components.</param>
    /// <param name="seconds">Any vectors, P components each.</param>
    /// <param name="results">Overwritten; another block than <paramref name="seconds"/>.</param>
    /// <param name="count">How many, from 1 to the smaller capacity.</param>
    void MixedGradients(TVector first, IVectorBlock<TVector> seconds, IVectorBlock<TVector> results, int count);
}
