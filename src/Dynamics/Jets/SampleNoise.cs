using System.Numerics.Tensors;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.Distributions;

namespace FlatBias.Dynamics.Jets;

/// <summary>
/// The gradient noise of a surface's samples in the coordinates (u, f) of a jet, (4.19): of each sample what its own
/// gradient differs from the mean by, along v and Q, measured at the nodes a, 0, b of the swing and in between by the
/// parabola through them. Beyond the swing it is that of the nearer end. Immutable; drawing allocates nothing.
/// </summary>
public sealed class SampleNoise
{
    private readonly double _low,
        _high;

    // At 0, and where there is a swing at a and b; a row a sample.
    private readonly double[][] _nodes;

    private SampleNoise(int samples, int dimension, double low, double high, double[][] nodes) =>
        (Samples, Dimension, _low, _high, _nodes) = (samples, dimension, low, high, nodes);

    /// <summary>The number of samples n.</summary>
    public int Samples { get; }

    /// <summary>The number of coordinates, 1 + r.</summary>
    public int Dimension { get; }

    /// <summary>The variance along v of one sample's gradient at the reference point, C_vv: that of a batch is this times <see cref="Descent.BatchPlan.Variance"/>.</summary>
    public double Variance
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Samples; i++)
                sum += _nodes[0][i * Dimension] * _nodes[0][i * Dimension];
            return sum / Samples;
        }
    }

    /// <summary>Measures it: one look at all samples at each node.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point.</param>
    /// <param name="direction">v.</param>
    /// <param name="basis">Q.</param>
    /// <param name="count">r, the vectors of the basis that the jet has.</param>
    /// <param name="swing">The swing; null, or one without a length, for the noise at the reference point alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">The basis does not have so many vectors.</exception>
    public static SampleNoise Measure<TVector>(
        IStochasticSurface<TVector> surface,
        TVector theta,
        TVector direction,
        IVectorBlock<TVector> basis,
        int count,
        Swing? swing
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(basis);
        Require.InRange(count, 0, basis.Capacity);
        var (space, low, high) = (surface.Space, swing?.Low ?? 0, swing?.High ?? 0);
        using var directions = space.CreateBlock(1 + count);
        space.Copy(direction, directions[0]);
        for (var i = 0; i < count; i++)
            space.Copy(basis[i], directions[1 + i]);
        var place = space.Create();
        double[] at = high > 0 ? [0, low, high] : [0];
        var nodes = at.Select(u =>
        {
            space.Copy(theta, place);
            space.Axpy(u, direction, place);
            return Centred(surface.SampleDerivatives(place, directions, 1 + count));
        });
        var noise = new SampleNoise(surface.Samples, 1 + count, low, high, [.. nodes]);
        space.Release(place);
        return noise;
    }

    /// <summary>The noise of a batch's gradient: the mean over its samples.</summary>
    /// <param name="batch">Indices of samples, at least one.</param>
    /// <param name="u">u.</param>
    /// <param name="noise">Overwritten, 1 + r numbers.</param>
    public void Mean(ReadOnlySpan<int> batch, double u, Span<double> noise)
    {
        Require.InRange(batch.Length, 1, name: "batch size");
        Require.Length(noise.Length, Dimension, nameof(noise));
        Span<double> weights = stackalloc double[3];
        Weights(u, weights);
        noise.Clear();
        for (var k = 0; k < _nodes.Length; k++)
        {
            if (weights[k] == 0)
                continue;
            foreach (var sample in batch)
                Add(k, sample, weights[k] / batch.Length, noise);
        }
    }

    /// <summary>Noise of the covariance at the reference point, normally distributed, whatever u.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="variance">In units of one sample's.</param>
    /// <param name="noise">Overwritten, 1 + r numbers.</param>
    public void Gaussian(Random random, double variance, Span<double> noise)
    {
        Require.NotNegative(variance);
        Require.Length(noise.Length, Dimension, nameof(noise));
        noise.Clear();
        // The samples with independent normal weights: the covariance is theirs, and no root of it is needed.
        var deviation = Math.Sqrt(variance / Samples);
        for (var i = 0; i < Samples; i++)
            Add(0, i, deviation * Normal.Sample(random, 0, 1), noise);
    }

    private void Add(int node, int sample, double weight, Span<double> noise) =>
        TensorPrimitives.MultiplyAdd(_nodes[node].AsSpan(sample * Dimension, Dimension), weight, noise, noise);

    /// <summary>Those of the parabola through 0, a and b.</summary>
    private void Weights(double u, Span<double> weights)
    {
        if (_nodes.Length == 1)
        {
            weights[0] = 1;
            return;
        }

        // In units of b - a, so that no product leaves the finite numbers.
        var width = _high - _low;
        double a = _low / width,
            b = _high / width,
            x = Math.Clamp(u, _low, _high) / width;
        weights[0] = (x - a) * (x - b) / (a * b);
        weights[1] = x * (b - x) / a;
        weights[2] = x * (x - a) / b;
    }

    private static double[] Centred(double[,] derivatives)
    {
        var (samples, dimension) = (derivatives.GetLength(0), derivatives.GetLength(1));
        var noise = new double[samples * dimension];
        for (var j = 0; j < dimension; j++)
        {
            var mean = 0.0;
            for (var i = 0; i < samples; i++)
                mean += derivatives[i, j] / samples;
            for (var i = 0; i < samples; i++)
                noise[(i * dimension) + j] = derivatives[i, j] - mean;
        }

        return noise;
    }
}
