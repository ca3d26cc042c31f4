using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Tests.Jets;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Tests.Forecasting;

/// <summary>
/// A polynomial valley that is the mean over samples, each of which adds a_i . x + c_i x_0^2/2 + e_i x_0^3/6 with
/// coefficients that cancel in the mean: its noise is a parabola in u, and does not depend on f.
/// </summary>
internal sealed class SampledValley : IStochasticSurface<double[]>
{
    private readonly ModelSurface _valley;
    private readonly double[][] _slopes;
    private readonly double[] _bends,
        _twists;

    public SampledValley(ModelSurface valley, Random random, int samples, double range)
    {
        _valley = valley;
        var n = valley.Space.Dimension;
        var columns = Enumerable.Range(0, n + 2).Select(_ => Centred(Draw.Vector(random, samples, range))).ToArray();
        _slopes = [.. Enumerable.Range(0, samples).Select(i => columns[..n].Select(c => c[i]).ToArray())];
        (_bends, _twists) = (columns[n], columns[n + 1]);
    }

    public IVectorSpace<double[]> Space => _valley.Space;

    public CostLedger Cost => _valley.Cost;

    public int MaximumOrder => _valley.MaximumOrder;

    public int Samples => _slopes.Length;

    public double LossAndGradient(double[] theta, double[] gradient) => _valley.LossAndGradient(theta, gradient);

    public ISurfacePoint<double[]> At(double[] theta) => _valley.At(theta);

    public double BatchLossAndGradient(double[] theta, ReadOnlySpan<int> batch, double[] gradient)
    {
        var loss = _valley.LossAndGradient(theta, gradient);
        Cost.Gradients--;
        Cost.BatchWork += (double)batch.Length / Samples;
        foreach (var i in batch)
        {
            var noise = Noise(i, theta[0]);
            for (var j = 0; j < gradient.Length; j++)
                gradient[j] += noise[j] / batch.Length;
        }

        return loss;
    }

    public ISurface<double[]> Batch(ReadOnlySpan<int> batch) =>
        throw new NotSupportedException("No forecast looks at the curvature of a batch.");

    /// <summary>What sample i adds to the gradient, by hand.</summary>
    public double[] Noise(int sample, double u)
    {
        double[] noise = [.. _slopes[sample]];
        noise[0] += (_bends[sample] * u) + (_twists[sample] * u * u / 2);
        return noise;
    }

    private static double[] Centred(double[] x)
    {
        var mean = x.Average();
        return [.. x.Select(c => c - mean)];
    }
}
