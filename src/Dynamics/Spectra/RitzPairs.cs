using FlatBias.Dynamics.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Spectra;

/// <summary>Eigenpairs of a Lanczos tridiagonal matrix, with the residual |beta_m s_m| that each has in the full space.</summary>
internal sealed class RitzPairs
{
    private readonly double[] _values;
    private readonly Matrix<double> _vectors;
    private readonly double _last,
        _floor;
    private readonly int _size,
        _count;

    private RitzPairs(double[] values, Matrix<double> vectors, double last, int count, double floor)
    {
        (_values, _vectors, _last, _count, _floor, _size) = (values, vectors, last, count, floor, values.Length);
        Scale = Math.Max(Math.Abs(values[0]), Math.Abs(values[_size - 1]));
    }

    /// <summary>The number of pairs.</summary>
    public int Size => _size;

    /// <summary>The largest |Ritz value|, an estimate of |H|.</summary>
    public double Scale { get; }

    /// <summary>
    /// Whether all is finite; where it is not, every pair is NaN, and no further product can change that.
    /// </summary>
    public bool IsFinite => double.IsFinite(Scale);

    /// <summary>Solves the tridiagonal eigenproblem.</summary>
    /// <param name="alpha">The diagonal.</param>
    /// <param name="beta">The off-diagonal, at least one shorter.</param>
    /// <param name="last">beta_m, which couples the last basis vector to the rest of the space; 0 when the Krylov space is closed.</param>
    /// <param name="count">The number of leading pairs asked for.</param>
    /// <param name="floor">The smallest residual that may be claimed.</param>
    public static RitzPairs Of(
        ReadOnlySpan<double> alpha,
        ReadOnlySpan<double> beta,
        double last,
        int count,
        double floor
    )
    {
        var size = alpha.Length;
        var t = Matrix<double>.Build.Dense(size, size);
        for (var i = 0; i < size; i++)
        {
            t[i, i] = alpha[i];
            if (i + 1 < size)
                t[i, i + 1] = t[i + 1, i] = beta[i];
        }

        // Not a number somewhere: the surface has diverged here. All pairs are NaN then, vectors included; divergence
        // is data.
        if (!double.IsFinite(last))
            t[0, 0] = double.NaN;
        var (values, vectors) = DenseEigen.Symmetric(t);
        if (Array.TrueForAll(values, double.IsFinite))
            return new RitzPairs(values, vectors, last, count, floor);
        Array.Fill(values, double.NaN);
        return new RitzPairs(values, Matrix<double>.Build.Dense(size, size, double.NaN), last, count, double.NaN);
    }

    /// <summary>The i-th value in rising order.</summary>
    public double Value(int i) => _values[i];

    public (double Value, double Residual, double[] Weights) Leading(int i) => Pair(_size - 1 - i);

    public (double Value, double Residual, double[] Weights) Trailing() => Pair(0);

    public bool Converged(double tolerance, bool trailing)
    {
        if (_size < _count || !IsFinite)
            return false;
        for (var i = 0; i < _count; i++)
            if (Estimate(_size - 1 - i) > tolerance * Scale)
                return false;
        if (_last == 0)
            return true;
        if (_size == _count || Estimate(_size - 1 - _count) > 30 * tolerance * Scale)
            return false;
        return !trailing || Estimate(0) <= tolerance * Scale;
    }

    /// <summary>The pairs asked for and the one after them, as far as there are any, largest first.</summary>
    public double[] LeadingValues() =>
        [.. Enumerable.Range(1, Math.Min(_size, _count + 1)).Select(i => _values[_size - i])];

    /// <summary>Whether the leading values are, to rounding, the complete list found earlier.</summary>
    public bool Leads(double[] earlier) =>
        earlier.Length > _count
        && LeadingValues().Zip(earlier, (now, then) => Math.Abs(now - then)).All(change => change <= 8 * _floor);

    private double Estimate(int column) => Math.Abs(_last * _vectors[_size - 1, column]);

    private (double Value, double Residual, double[] Weights) Pair(int column) =>
        (_values[column], Math.Max(Estimate(column), _floor), _vectors.Column(column).ToArray());
}
