using FlatBias.Dynamics.Jets;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// How far below 2/eta stochastic descent holds the sharpness, eq. (4.20): the reduced self-stabilization map (4.4) with noise along v_1, x+ = -(1 + eta y) x + eta s xi, y+ = y + eta (alpha - beta x^2/2), y = S - 2/eta,
/// whose stationary mean is exactly E y = -eta beta (s^2 + E[x^2 y^2]) / (4 alpha) - eta E[(alpha - beta x^2/2)^2] / (2 alpha).
/// </summary>
/// <param name="StepSize">The step size eta, finite and above 0.</param>
/// <param name="Alpha">alpha, progressive sharpening, above 0.</param>
/// <param name="Beta">beta = |grad S_perp|^2, above 0.</param>
/// <param name="Noise">s, the standard deviation of the gradient's noise along v_1, at least 0.</param>
public readonly record struct StochasticGap(double StepSize, double Alpha, double Beta, double Noise)
{
    /// <summary>Steps of a simulation whose error is below that of any measurement of a network.</summary>
    public const int DefaultSteps = 200_000;

    // Blocks whose means are taken as independent.
    private const int Blocks = 50;

    /// <summary>The first term, -eta beta s^2 / (4 alpha) [R: arXiv 2604.21016]. At small noise the variance of the oscillation itself is as large.</summary>
    public double Leading => -StepSize * Beta * Noise * Noise / (4 * Alpha);

    /// <summary>The gap of a jet at a variance of the gradient's noise along its v.</summary>
    /// <param name="jet">The jet; alpha is taken at the floor below its reference point, as in (6.2).</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="variance">s^2, at least 0.</param>
    /// <returns>The gap; null where the jet has no stationary state: alpha, beta or the sharpness is not above 0.</returns>
    public static StochasticGap? Of(Jet jet, double stepSize, double variance)
    {
        ArgumentNullException.ThrowIfNull(jet);
        Require.Positive(stepSize);
        Require.NotNegative(variance);
        if (!(jet.Sharpness > 0))
            return null;
        var map = ReducedSelfStabilizationTheory.AtTheFloor(jet, stepSize, jet.Moments[0] / jet.Sharpness);
        return map.Alpha > 0 && map.Beta > 0
            ? new StochasticGap(stepSize, map.Alpha, map.Beta, Math.Sqrt(variance))
            : null;
    }

    /// <summary>E y by the identity (4.20).</summary>
    /// <param name="mixed">E[x^2 y^2].</param>
    /// <param name="feedback">E[(alpha - beta x^2/2)^2].</param>
    public double Mean(double mixed, double feedback) =>
        (-StepSize * Beta * ((Noise * Noise) + mixed) / (4 * Alpha)) - (StepSize * feedback / (2 * Alpha));

    /// <summary>Runs the map with normal noise from x = sqrt(2 alpha / beta), y = 0.</summary>
    /// <param name="steps">Steps that count, at least 50.</param>
    /// <param name="seed">Seeds the noise.</param>
    /// <returns>The mean of y after as many steps again as transient; NaN where the map diverged, as it does where eta alpha or the noise is too large for it.</returns>
    public StochasticGapEstimate Simulate(int steps, int seed)
    {
        Require.InRange(steps, Blocks);
        var random = new Random(seed);
        var (x, y) = (Math.Sqrt(2 * Alpha / Beta), 0.0);
        var (means, mixed, feedback) = (new double[Blocks], 0.0, 0.0);
        var length = steps / Blocks;
        for (var t = -steps; t < length * Blocks; t++)
        {
            var push = Alpha - (Beta * x * x / 2);
            if (t >= 0)
            {
                means[t / length] += y / length;
                mixed += x * x * y * y / (length * Blocks);
                feedback += push * push / (length * Blocks);
            }

            x = (-(1 + (StepSize * y)) * x) + (StepSize * Noise * Normal.Sample(random, 0, 1));
            y += StepSize * push;
            if (!double.IsFinite(y))
                return new StochasticGapEstimate(double.NaN, double.NaN, double.NaN);
        }

        var (mean, deviation) = means.MeanStandardDeviation();
        return new StochasticGapEstimate(mean, deviation / Math.Sqrt(Blocks), Mean(mixed, feedback));
    }
}

/// <summary>The mean of y in a simulation of (4.20), by two routes.</summary>
/// <param name="Simulated">The mean over the steps.</param>
/// <param name="Error">Its standard error, from fifty blocks.</param>
/// <param name="Identity">The right side of (4.20) with the moments of the same steps.</param>
public readonly record struct StochasticGapEstimate(double Simulated, double Error, double Identity);
