namespace FlatBias.Dynamics.Numerics;

/// <summary>A square system of linear equations, row by row, solved in place by elimination with partial pivoting and row scaling.</summary>
internal sealed class LinearSystem(int size)
{
    private readonly double[] _matrix = new double[size * size];

    /// <summary>The number of unknowns.</summary>
    public int Size => size;

    /// <summary>The right-hand side; the solution after <see cref="Solve"/>.</summary>
    public double[] Vector { get; } = new double[size];

    /// <summary>An entry of the matrix.</summary>
    public double this[int row, int column]
    {
        get => _matrix[(row * size) + column];
        set => _matrix[(row * size) + column] = value;
    }

    /// <summary>Sets matrix and right-hand side to zero.</summary>
    public void Clear()
    {
        Array.Clear(_matrix);
        Array.Clear(Vector);
    }

    /// <summary>Solves, destroying the matrix.</summary>
    /// <returns>False if a pivot vanishes to rounding (or is not a number): the matrix is singular.</returns>
    public bool Solve()
    {
        if (!ScaleRows()) return false;
        for (var column = 0; column < size; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < size; row++)
                if (Math.Abs(this[row, column]) > Math.Abs(this[pivot, column])) pivot = row;
            // Rows are scaled to 1: a pivot of this size is what rounding leaves of a zero.
            if (!(Math.Abs(this[pivot, column]) > 1e-15)) return false;
            if (pivot != column) Swap(pivot, column);
            for (var row = column + 1; row < size; row++)
            {
                var factor = this[row, column] / this[column, column];
                if (factor == 0) continue;
                for (var j = column + 1; j < size; j++) this[row, j] -= factor * this[column, j];
                Vector[row] -= factor * Vector[column];
            }
        }

        for (var row = size - 1; row >= 0; row--)
        {
            for (var j = row + 1; j < size; j++) Vector[row] -= this[row, j] * Vector[j];
            Vector[row] /= this[row, row];
        }

        return true;
    }

    private bool ScaleRows()
    {
        for (var row = 0; row < size; row++)
        {
            var largest = 0.0;
            for (var j = 0; j < size; j++) largest = Math.Max(largest, Math.Abs(this[row, j]));
            if (!(largest > 0) || !double.IsFinite(largest)) return false;
            for (var j = 0; j < size; j++) this[row, j] /= largest;
            Vector[row] /= largest;
        }

        return true;
    }

    private void Swap(int a, int b)
    {
        for (var j = 0; j < size; j++) (this[a, j], this[b, j]) = (this[b, j], this[a, j]);
        (Vector[a], Vector[b]) = (Vector[b], Vector[a]);
    }
}
