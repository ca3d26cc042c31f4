namespace FlatBias.Dynamics.Stability;

/// <summary>What to measure of a Lyapunov spectrum.</summary>
/// <param name="Exponents">How many exponents, the largest first: from 1 to the dimension.</param>
/// <param name="StepsPerBlock">Steps of one block, at least 1; take it longer than the memory of the dynamics, so that block means are independent.</param>
/// <param name="Blocks">The number of blocks, at least 2; the run takes Blocks x StepsPerBlock steps.</param>
/// <param name="Transient">Steps before the measurement, at least 0: the orbit settles, and the frame turns into the Lyapunov directions.</param>
/// <param name="Seed">Of the first tangent frame.</param>
public sealed record LyapunovOptions(
    int Exponents,
    int StepsPerBlock,
    int Blocks = 32,
    int Transient = 1000,
    int Seed = 0
)
{
    internal void Validate(int dimension)
    {
        Require.InRange(Exponents, 1, dimension);
        Require.InRange(StepsPerBlock, 1);
        Require.InRange(Blocks, 2);
        Require.InRange(Transient, 0);
    }
}

/// <summary>Why the measurement of a Lyapunov spectrum ended.</summary>
public enum LyapunovEnd
{
    /// <summary>All steps were taken.</summary>
    Completed,

    /// <summary>The state or a tangent vector left the finite numbers.</summary>
    Diverged,

    /// <summary>A tangent vector became a combination of those before it to rounding: the Jacobian is singular, or one step stretches too unevenly (take a shorter step of the flow, or fewer exponents).</summary>
    Collapsed,
}

/// <summary>Lyapunov exponents with what they are worth.</summary>
/// <param name="End">Why the measurement ended.</param>
/// <param name="Exponents">Mean logarithmic growth rates per unit of time (per step of a map), in the order of the frame: largest first once it has settled.
/// NaN if no step was taken; minus infinity from the vector on that collapsed.</param>
/// <param name="StandardErrors">Standard deviation of the block means over the root of their number; NaN with fewer than two complete blocks. It is the error of the mean only while blocks are longer than the memory of the dynamics.</param>
/// <param name="History">Running means after each complete block: [block][exponent].</param>
/// <param name="Steps">Steps that the means are over.</param>
public sealed record LyapunovSpectrum(
    LyapunovEnd End,
    double[] Exponents,
    double[] StandardErrors,
    double[][] History,
    long Steps
);

/// <summary>Sums logarithms of stretching factors into means, block means and their spread.</summary>
internal sealed class StretchAverages(LyapunovOptions options, double duration)
{
    private readonly double[] _total = new double[options.Exponents],
        _block = new double[options.Exponents];
    private readonly double[,] _means = new double[options.Blocks, options.Exponents];
    private readonly double[][] _history =
    [
        .. Enumerable.Range(0, options.Blocks).Select(_ => new double[options.Exponents]),
    ];
    private long _steps;
    private int _blocks;

    /// <summary>Takes the diagonal of R of one step.</summary>
    public void Add(ReadOnlySpan<double> stretches)
    {
        for (var i = 0; i < _block.Length; i++)
            _block[i] += Math.Log(stretches[i]);
        if (++_steps % options.StepsPerBlock != 0)
            return;
        for (var i = 0; i < _block.Length; i++)
        {
            _means[_blocks, i] = _block[i] / (options.StepsPerBlock * duration);
            _total[i] += _block[i];
            _history[_blocks][i] = _total[i] / (_steps * duration);
            _block[i] = 0;
        }

        _blocks++;
    }

    /// <summary>The result so far. Exponents from <paramref name="collapsed"/> on have collapsed.</summary>
    public LyapunovSpectrum Finish(LyapunovEnd end, int collapsed = int.MaxValue)
    {
        double[] exponents = new double[_total.Length],
            errors = new double[_total.Length];
        for (var i = 0; i < exponents.Length; i++)
        {
            exponents[i] = i >= collapsed ? double.NegativeInfinity : (_total[i] + _block[i]) / (_steps * duration);
            errors[i] = i >= collapsed ? double.NaN : StandardError(i);
        }

        return new LyapunovSpectrum(end, exponents, errors, _history[.._blocks], _steps);
    }

    private double StandardError(int exponent)
    {
        if (_blocks < 2)
            return double.NaN;
        var (mean, sum) = (0.0, 0.0);
        for (var b = 0; b < _blocks; b++)
            mean += _means[b, exponent] / _blocks;
        for (var b = 0; b < _blocks; b++)
            sum += (_means[b, exponent] - mean) * (_means[b, exponent] - mean);
        return Math.Sqrt(sum / (_blocks - 1) / _blocks);
    }
}
