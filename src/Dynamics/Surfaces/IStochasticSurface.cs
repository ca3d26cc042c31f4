namespace FlatBias.Dynamics.Surfaces;

/// <summary>A surface that is a mean over samples, so that a minibatch of them gives a noisy gradient.</summary>
/// <typeparam name="TVector">The vector type.</typeparam>
public interface IStochasticSurface<TVector> : ISurface<TVector>
{
    /// <summary>The number of samples, at least 1.</summary>
    int Samples { get; }

    /// <summary>The mean loss over a batch, and its gradient.</summary>
    /// <param name="theta">The point.</param>
    /// <param name="batch">Indices of samples, at least one; an index that comes twice counts twice.</param>
    /// <param name="gradient">Overwritten with the mean gradient over the batch.</param>
    /// <returns>The mean loss over the batch.</returns>
    double BatchLossAndGradient(TVector theta, ReadOnlySpan<int> batch, TVector gradient);
}
