namespace FlatBias.Dynamics.Numerics;

/// <summary>The LU decomposition of a small dense matrix in place, with partial pivoting; one instance serves one matrix after another and allocates only when the dimension changes.</summary>
internal sealed class DenseLu
{
    private int[] _pivots = [];
    private double[] _matrix = [];

    /// <summary>The matrix by rows, to be filled before <see cref="Factor"/>, which overwrites it.</summary>
    public Span<double> Matrix => _matrix;

    public void Prepare(int dimension)
    {
        if (_pivots.Length == dimension)
            return;
        (_pivots, _matrix) = (new int[dimension], new double[dimension * dimension]);
    }

    /// <summary>Decomposes the matrix.</summary>
    /// <param name="smallestPivot">Pivots of this size or less count as zero.</param>
    /// <returns>False if it is singular or not finite.</returns>
    public bool Factor(double smallestPivot = 0)
    {
        var n = _pivots.Length;
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
                if (Math.Abs(_matrix[(i * n) + k]) > Math.Abs(_matrix[(pivot * n) + k]))
                    pivot = i;
            _pivots[k] = pivot;
            var size = Math.Abs(_matrix[(pivot * n) + k]);
            if (!(size > smallestPivot && double.IsFinite(size)))
                return false;
            Span<double> top = Row(k),
                chosen = Row(pivot);
            for (var j = 0; j < n; j++)
                (top[j], chosen[j]) = (chosen[j], top[j]);
            for (var i = k + 1; i < n; i++)
            {
                var row = Row(i);
                row[k] /= top[k];
                for (var j = k + 1; j < n; j++)
                    row[j] -= row[k] * top[j];
            }
        }

        return true;
    }

    /// <summary>Overwrites a right-hand side with the solution.</summary>
    public void Solve(Span<double> x)
    {
        var n = _pivots.Length;
        for (var k = 0; k < n; k++)
            (x[k], x[_pivots[k]]) = (x[_pivots[k]], x[k]);
        for (var i = 0; i < n; i++)
        for (var j = 0; j < i; j++)
            x[i] -= _matrix[(i * n) + j] * x[j];
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++)
                x[i] -= _matrix[(i * n) + j] * x[j];
            x[i] /= _matrix[(i * n) + i];
        }
    }

    private Span<double> Row(int i) => _matrix.AsSpan(i * _pivots.Length, _pivots.Length);
}
