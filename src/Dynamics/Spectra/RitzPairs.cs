using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Spectra;

/// <summary>Eigenpairs of a Lanczos tridiagonal matrix, with the residual |beta_m s_m| that each has in the full space.</summary>
internal sealed class RitzPairs
{
    private readonly Vector<double> _values;
    private readonly Matrix<double> _vectors;
    private readonly double _last, _floor;
    private readonly int _size, _count;

    private RitzPairs(Vector<double> values, Matrix<double> vectors, double last, int count, double unitRoundoff)
    {
        (_values, _vectors, _last, _count, _size) = (values, vectors, last, count, values.Count);
        Scale = Math.Max(Math.Abs(values[0]), Math.Abs(values[_size - 1]));
        // Backward error of Lanczos with full reorthogonalisation: a modest multiple of m u |H|; without this floor a closed Krylov space would claim residual 0.
        _floor = Math.Max(8, _size) * unitRoundoff * Scale;
    }

    /// <summary>The largest |Ritz value|, an estimate of |H|.</summary>
    public double Scale { get; }

    public static RitzPairs Of(double[] alpha, double[] beta, int size, double last, int count, double unitRoundoff)
    {
        var t = Matrix<double>.Build.Dense(size, size);
        for (var i = 0; i < size; i++)
        {
            t[i, i] = alpha[i];
            if (i + 1 < size) t[i, i + 1] = t[i + 1, i] = beta[i];
        }

        if (!alpha.AsSpan(0, size).ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
        {
            var evd = t.Evd(Symmetricity.Symmetric);
            return new RitzPairs(evd.EigenValues.Real(), evd.EigenVectors, last, count, unitRoundoff);
        }

        // Not a number somewhere: the surface has diverged here. Report NaN pairs rather than fail; divergence is data.
        return new RitzPairs(Vector<double>.Build.Dense(size, double.NaN), Matrix<double>.Build.DenseIdentity(size), double.NaN, count, unitRoundoff);
    }

    public (double Value, double Residual, double[] Weights) Leading(int i) => Pair(_size - 1 - i);

    public (double Value, double Residual, double[] Weights) Trailing() => Pair(0);

    public bool Converged(double tolerance, bool trailing)
    {
        if (_size < _count) return false;
        if (double.IsNaN(Scale)) return true;
        for (var i = 0; i < _count; i++)
            if (Estimate(_size - 1 - i) > tolerance * Scale) return false;
        if (_last == 0) return true;
        if (_size == _count || Estimate(_size - 1 - _count) > 30 * tolerance * Scale) return false;
        return !trailing || Estimate(0) <= tolerance * Scale;
    }

    private double Estimate(int column) => Math.Abs(_last * _vectors[_size - 1, column]);

    private (double Value, double Residual, double[] Weights) Pair(int column) =>
        (_values[column], Math.Max(Estimate(column), _floor), _vectors.Column(column).ToArray());
}
