namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// A feature in units of its standard deviation, from its mean: (x - mean) / deviation of given samples, 0 where they are all the same.
/// Numbers are taken relative to the first sample, so that a feature far from 0 keeps its digits and a constant one is found to be so, and in units of a power of two just above the largest, so that no square over- or underflows:
/// the error of a standardised sample is a few roundings of the range over the deviation, at most the square root of twice the number of samples, whatever the feature's scale.
/// </summary>
internal readonly struct Standardisation
{
    private readonly int _exponent;
    private readonly double _origin,
        _mean,
        _deviation;

    /// <summary>Takes mean and deviation of samples.</summary>
    /// <param name="samples">At least one, all finite.</param>
    public Standardisation(ReadOnlySpan<double> samples)
    {
        var largest = 0.0;
        foreach (var x in samples)
            largest = Math.Max(largest, Math.Abs(x));
        // Of 0 there is no exponent, nor is one needed.
        _exponent = largest > 0 ? -Math.ILogB(largest) - 1 : 0;
        _origin = Math.ScaleB(samples[0], _exponent);
        var (sum, squares) = (0.0, 0.0);
        foreach (var x in samples)
            sum += Math.ScaleB(x, _exponent) - _origin;
        _mean = sum / samples.Length;
        foreach (var x in samples)
        {
            var distance = Math.ScaleB(x, _exponent) - _origin - _mean;
            squares += distance * distance;
        }

        _deviation = Math.Sqrt(squares / samples.Length);
    }

    /// <summary>A sample standardised; infinite where it is further from the mean than numbers reach.</summary>
    public double Of(double x) => _deviation > 0 ? (Math.ScaleB(x, _exponent) - _origin - _mean) / _deviation : 0;
}
