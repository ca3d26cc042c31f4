using FlatBias.Dynamics.Vectors;

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

    /// <summary>The mean loss over a batch as a surface of its own, with a cost ledger of its own whose unit is a
    /// gradient of the batch.</summary>
    /// <param name="batch">Indices of samples, at least one; an index that comes twice counts twice.</param>
    /// <returns>The surface, to be disposed where it can be.</returns>
    ISurface<TVector> Batch(ReadOnlySpan<int> batch);

    /// <summary>
    /// The derivatives g_i . d_j of each sample's own loss along given directions; one gradient a sample, unless the
    /// surface can take all samples at once.
    /// </summary>
    /// <param name="theta">The point.</param>
    /// <param name="directions">The directions d_j, not normalised here.</param>
    /// <param name="count">How many of them, from 1 to the block's capacity.</param>
    /// <returns>One row a sample, one column a direction. The mean over the rows is the full gradient's.</returns>
    double[,] SampleDerivatives(TVector theta, IVectorBlock<TVector> directions, int count)
    {
        ArgumentNullException.ThrowIfNull(directions);
        Require.InRange(count, 1, directions.Capacity);
        var (derivatives, row) = (new double[Samples, count], new double[count]);
        var gradient = Space.Create();
        for (var i = 0; i < Samples; i++)
        {
            BatchLossAndGradient(theta, [i], gradient);
            directions.Project(gradient, row);
            for (var j = 0; j < count; j++)
                derivatives[i, j] = row[j];
        }

        Space.Release(gradient);
        return derivatives;
    }
}
