namespace FlatBias.Dynamics.Observables;

/// <summary>A stochastic estimate with its standard error.</summary>
/// <param name="Value">The mean over the probes.</param>
/// <param name="StandardError">The standard error of that mean; NaN for a single probe.</param>
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>The mean of independent samples and its standard error, s / sqrt(n) with s^2 = sum (x - mean)^2 / (n - 1).</summary>
    /// <param name="samples">At least one.</param>
    /// <returns>The estimate.</returns>
    internal static Estimate Of(ReadOnlySpan<double> samples)
    {
        double mean = 0, squares = 0;
        foreach (var sample in samples) mean += sample / samples.Length;
        foreach (var sample in samples) squares += (sample - mean) * (sample - mean);
        return new Estimate(mean, samples.Length > 1 ? Math.Sqrt(squares / (samples.Length - 1) / samples.Length) : double.NaN);
    }
}
