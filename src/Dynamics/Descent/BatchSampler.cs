namespace FlatBias.Dynamics.Descent;

/// <summary>
/// Draws minibatches from its own seeded generator: without replacement (each epoch a fresh random order, cut into batches; a remainder smaller than a batch is left out), or with replacement.
/// </summary>
public sealed class BatchSampler
{
    private readonly int[] _order, _batch;
    private readonly Random _random;
    private readonly bool _replacement;
    private int _next;

    /// <summary>Makes a sampler.</summary>
    /// <param name="samples">The number of samples, at least 1.</param>
    /// <param name="batchSize">Samples a batch, from 1 to <paramref name="samples"/>.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="replacement">Whether samples are drawn with replacement.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is larger than the data.</exception>
    public BatchSampler(int samples, int batchSize, int seed, bool replacement = false)
    {
        Require.InRange(samples, 1);
        Require.InRange(batchSize, 1, samples, "batch-size");
        (_order, _batch, _random, _replacement) = ([.. Enumerable.Range(0, samples)], new int[batchSize], new Random(seed), replacement);
        _next = samples;
    }

    /// <summary>The next batch; valid until the next call.</summary>
    /// <returns>Indices of samples.</returns>
    public ReadOnlySpan<int> Next()
    {
        if (_replacement)
        {
            for (var i = 0; i < _batch.Length; i++) _batch[i] = _random.Next(_order.Length);
            return _batch;
        }

        if (_next + _batch.Length > _order.Length)
        {
            _random.Shuffle(_order);
            _next = 0;
        }

        _next += _batch.Length;
        return _order.AsSpan(_next - _batch.Length, _batch.Length);
    }
}
