using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Descent;

/// <summary>Minibatches of stochastic descent, as records and the command line state them.</summary>
/// <param name="Size">Samples a batch, from 1 to the number of samples.</param>
/// <param name="Seed">Seeds the draw.</param>
/// <param name="Replacement">Whether samples are drawn with replacement.</param>
public sealed record BatchPlan(int Size, int Seed = BatchPlan.DefaultSeed, bool Replacement = false)
{
    /// <summary>The seed unless another is given.</summary>
    public const int DefaultSeed = 1;

    /// <summary>Makes the sampler.</summary>
    /// <param name="samples">The number of samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is empty, or larger than the data.</exception>
    public BatchSampler Sampler(int samples) => new(samples, Size, Seed, Replacement);

    /// <summary>The variance of the mean over a batch, in units of that of a single sample: 1 / B with replacement, (n - B) / (B (n - 1)) without.</summary>
    /// <param name="samples">n, the number of samples, at least as many as a batch has.</param>
    public double Variance(int samples)
    {
        Require.InRange(samples, Size);
        // All samples at once leave no noise, a single one included.
        return Replacement ? 1.0 / Size
            : samples == Size ? 0
            : (samples - Size) / ((double)Size * (samples - 1));
    }
}

/// <summary>
/// Draws minibatches from its own seeded generator: without replacement (each epoch a fresh random order, cut into batches; a remainder smaller than a batch is left out), or with replacement.
/// The batch of a step follows from the seed and the step alone, so that a run can be taken up anywhere: the order of an epoch is drawn by the generator of (seed, epoch), a batch with replacement by that of (seed, step).
/// </summary>
public sealed class BatchSampler
{
    private readonly int[] _order,
        _batch;
    private readonly int _seed;
    private readonly bool _replacement;
    private int _epoch = -1;

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
        (_order, _batch, _seed, _replacement) = (new int[samples], new int[batchSize], seed, replacement);
    }

    /// <summary>Samples a batch.</summary>
    internal int Size => _batch.Length;

    /// <summary>The same way of drawing from another seed.</summary>
    internal BatchSampler Reseeded(int seed) => new(_order.Length, _batch.Length, seed, _replacement);

    /// <summary>The i-th of batches that do not depend on each other, as those of one epoch do; valid until the next
    /// call.</summary>
    internal ReadOnlySpan<int> Independent(int i)
    {
        if (_replacement)
            return At(i);
        Shuffle(i);
        return _order.AsSpan(0, _batch.Length);
    }

    /// <summary>The batch of a step; valid until the next call.</summary>
    /// <param name="step">The step t, at least 0.</param>
    /// <returns>Indices of samples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public ReadOnlySpan<int> At(int step)
    {
        Require.InRange(step, 0);
        if (_replacement)
        {
            var random = new SplitMix64(_seed, step);
            for (var i = 0; i < _batch.Length; i++)
                _batch[i] = random.Next(_order.Length);
            return _batch;
        }

        var (epoch, place) = Math.DivRem(step, _order.Length / _batch.Length);
        Shuffle(epoch);
        return _order.AsSpan(place * _batch.Length, _batch.Length);
    }

    /// <summary>The order of an epoch, where it is not that already; Fisher and Yates: every order is equally likely.</summary>
    private void Shuffle(int epoch)
    {
        if (epoch == _epoch)
            return;
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        var random = new SplitMix64(_seed, epoch);
        for (var i = _order.Length - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }

        _epoch = epoch;
    }
}
