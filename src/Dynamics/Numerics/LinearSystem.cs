namespace FlatBias.Dynamics.Numerics;

/// <summary>
/// A square system of linear equations with its right-hand side: rows are scaled to 1 before the decomposition
/// (<see cref="DenseLu"/>), so that a pivot says by itself whether the matrix is singular.
/// </summary>
internal sealed class LinearSystem
{
    // Rows are scaled to 1: a pivot of this size is what rounding leaves of a zero.
    private const double SmallestPivot = 1e-15;

    private readonly DenseLu _lu = new();

    /// <summary>Makes a system of zeros.</summary>
    /// <param name="size">The number of unknowns.</param>
    public LinearSystem(int size)
    {
        _lu.Prepare(size);
        Vector = new double[size];
    }

    /// <summary>The number of unknowns.</summary>
    public int Size => Vector.Length;

    /// <summary>The right-hand side; the solution after <see cref="Solve"/>.</summary>
    public double[] Vector { get; }

    /// <summary>An entry of the matrix.</summary>
    public double this[int row, int column]
    {
        get => _lu.Matrix[(row * Size) + column];
        set => _lu.Matrix[(row * Size) + column] = value;
    }

    /// <summary>Sets matrix and right-hand side to zero.</summary>
    public void Clear()
    {
        _lu.Matrix.Clear();
        Array.Clear(Vector);
    }

    /// <summary>Solves, destroying the matrix.</summary>
    /// <returns>False if a pivot vanishes to rounding (or is not a number): the matrix is singular.</returns>
    public bool Solve()
    {
        if (!ScaleRows() || !_lu.Factor(SmallestPivot))
            return false;
        _lu.Solve(Vector);
        return true;
    }

    private bool ScaleRows()
    {
        for (var row = 0; row < Size; row++)
        {
            var entries = _lu.Matrix.Slice(row * Size, Size);
            var largest = Magnitude.Largest(entries);
            if (!(largest > 0) || !double.IsFinite(largest))
                return false;
            foreach (ref var entry in entries)
                entry /= largest;
            Vector[row] /= largest;
        }

        return true;
    }
}
