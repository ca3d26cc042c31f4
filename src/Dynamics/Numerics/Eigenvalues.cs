using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Numerics;

/// <summary>
/// Eigenvalues of a square matrix without symmetry, eq. (10.20): the one place that computes them. The QR algorithm
/// rounds by the norm of what it is given, so the matrix is first split into its irreducible diagonal blocks, which an
/// entry far off the diagonal does not reach, and each block is scaled by powers of two until its rows and columns are
/// alike in size (Osborne 1960; Parlett and Reinsch 1969, whose isolated eigenvalues are the blocks of size one). The
/// diagonal counts in the sizes: scaling by the rest alone can make a matrix worse (James, Langou and Lowery 2014).
/// </summary>
internal static class Eigenvalues
{
    /// <summary>
    /// All eigenvalues, largest modulus first; NaN where an entry is not finite, or the QR algorithm fails.
    /// </summary>
    public static Complex[] Of(Matrix<double> matrix)
    {
        var n = matrix.RowCount;
        var entries = matrix.ToArray();
        var largest = 0.0;
        foreach (var entry in entries)
            largest = Math.Max(largest, Math.Abs(entry));
        if (!double.IsFinite(largest))
            return [.. Enumerable.Repeat(new Complex(double.NaN, 0), n)];
        List<Complex> values = [];
        foreach (var block in Blocks(entries))
        {
            if (block.Length == 1)
                values.Add(entries[block[0], block[0]]);
            else
                values.AddRange(OfBlock(Pick(entries, block)));
        }

        return [.. values.OrderByDescending(Complex.Abs)];
    }

    /// <summary>
    /// Indices that reach one another through entries that are not zero: the strongly connected parts.
    /// </summary>
    private static IEnumerable<int[]> Blocks(double[,] entries)
    {
        var n = entries.GetLength(0);
        var reaches = new bool[n, n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            reaches[i, j] = i == j || entries[i, j] != 0;
        for (var k = 0; k < n; k++)
        for (var i = 0; i < n; i++)
        for (var j = 0; reaches[i, k] && j < n; j++)
            reaches[i, j] |= reaches[k, j];
        return Enumerable
            .Range(0, n)
            .GroupBy(i => Enumerable.Range(0, n).First(j => reaches[i, j] && reaches[j, i]))
            .Select(group => group.ToArray());
    }

    private static double[,] Pick(double[,] entries, int[] block)
    {
        var part = new double[block.Length, block.Length];
        for (var i = 0; i < block.Length; i++)
        for (var j = 0; j < block.Length; j++)
            part[i, j] = entries[block[i], block[j]];
        return part;
    }

    private static IEnumerable<Complex> OfBlock(double[,] block)
    {
        while (Balance(block)) { }
        var balanced = Matrix<double>.Build.DenseOfArray(block);
        // To a largest entry between 1 and 2, so that no square in the algorithm leaves the range of float64.
        var exponent = Math.ILogB(balanced.Enumerate().Max(Math.Abs));
        try
        {
            return balanced
                .Map(entry => Math.ScaleB(entry, -exponent))
                .Evd(Symmetricity.Asymmetric)
                .EigenValues.Select(m => new Complex(
                    Math.ScaleB(m.Real, exponent),
                    Math.ScaleB(m.Imaginary, exponent)
                ));
        }
        catch (NonConvergenceException)
        {
            return Enumerable.Repeat(new Complex(double.NaN, 0), block.GetLength(0));
        }
    }

    /// <summary>
    /// One sweep of similarity transformations by powers of two, which do not round; whether any made the block
    /// smaller.
    /// </summary>
    private static bool Balance(double[,] block)
    {
        var (n, changed) = (block.GetLength(0), false);
        for (var i = 0; i < n; i++)
        {
            var (row, column, diagonal) = (0.0, 0.0, Math.Abs(block[i, i]));
            for (var j = 0; j < n; j++)
            {
                if (j == i)
                    continue;
                row += Math.Abs(block[i, j]);
                column += Math.Abs(block[j, i]);
            }

            var power = (int)Math.Round((Math.Log2(row) - Math.Log2(column)) / 2);
            // A gain of less than a twentieth is not worth a sweep (Parlett and Reinsch); each that counts shrinks the
            // block, so the sweeps end.
            var (before, after) = (
                row + column + diagonal,
                Math.ScaleB(column, power) + Math.ScaleB(row, -power) + diagonal
            );
            if (!(after < 0.95 * before))
                continue;
            changed = true;
            for (var j = 0; j < n; j++)
            {
                if (j == i)
                    continue;
                block[j, i] = Math.ScaleB(block[j, i], power);
                block[i, j] = Math.ScaleB(block[i, j], -power);
            }
        }

        return changed;
    }
}
