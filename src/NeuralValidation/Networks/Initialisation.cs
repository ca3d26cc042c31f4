using MathNet.Numerics.Distributions;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>Initial parameters.</summary>
public static class Initialisation
{
    /// <summary>
    /// LeCun normal (LeCun et al. 1998): weights normal with mean 0 and variance 1 / fan-in, biases zero. Drawn in float64 from its own generator, so the same seed gives the same network in either precision.
    /// </summary>
    /// <param name="architecture">The network.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The flat parameter vector.</returns>
    public static double[] LeCunNormal(Architecture architecture, int seed)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var theta = new double[architecture.ParameterCount];
        var random = new Random(seed);
        var offset = 0;
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var (fanIn, fanOut) = (architecture.Widths[layer], architecture.Widths[layer + 1]);
            var weights = new double[fanIn * fanOut];
            Normal.Samples(random, weights, 0, 1 / Math.Sqrt(fanIn));
            weights.CopyTo(theta, offset);
            offset += weights.Length + fanOut;
        }

        return theta;
    }
}
