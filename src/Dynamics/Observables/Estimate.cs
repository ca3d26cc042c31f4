using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Observables;

/// <summary>A stochastic estimate with its standard error.</summary>
/// <param name="Value">The mean over the probes.</param>
/// <param name="StandardError">The standard error of that mean; NaN for a single probe.</param>
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>The mean of independent samples and its standard error, s / sqrt(n) with s^2 = sum (x - mean)^2 / (n - 1).</summary>
    /// <param name="samples">At least one.</param>
    internal static Estimate Of(ReadOnlySpan<double> samples)
    {
        var mean = 0.0;
        foreach (var sample in samples)
            mean += sample / samples.Length;
        var deviations = samples.ToArray();
        for (var i = 0; i < deviations.Length; i++)
            deviations[i] -= mean;
        var squares = Squares.Of(deviations);
        var variance = squares with { Value = squares.Value / (samples.Length - 1) / samples.Length };
        return new Estimate(mean, samples.Length > 1 ? variance.Root : double.NaN);
    }
}
