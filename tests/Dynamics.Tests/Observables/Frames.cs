using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;

namespace FlatBias.Dynamics.Tests.Observables;

/// <summary>Eigenframes and blocks made by hand.</summary>
internal static class Frames
{
    /// <summary>The first rows of a matrix as a block.</summary>
    public static IVectorBlock<double[]> Block(double[,] rows, int count)
    {
        var block = new DenseSpace(rows.GetLength(1)).CreateBlock(count);
        for (var i = 0; i < count; i++)
        for (var j = 0; j < rows.GetLength(1); j++)
            block[i][j] = rows[i, j];
        return block;
    }

    /// <summary>A frame of the first rows of a matrix with eigenvalues count, count - 1, ..., 1 and the next at 0, so every gap is 1.</summary>
    public static EigenFrame<double[]> Frame(double[,] rows, int count, double residual)
    {
        var frame = new EigenFrame<double[]>(new DenseSpace(rows.GetLength(1)), count) { Next = 0, NextBound = 0 };
        for (var i = 0; i < count; i++)
        {
            (frame.Values[i], frame.Residuals[i]) = (count - i, residual);
            for (var j = 0; j < rows.GetLength(1); j++)
                frame.Vectors[i][j] = rows[i, j];
        }

        return frame;
    }

    /// <summary>Turns rows i and j of an orthonormal matrix into each other by an angle.</summary>
    public static double[,] Turned(double[,] rows, int i, int j, double angle)
    {
        var result = (double[,])rows.Clone();
        for (var c = 0; c < rows.GetLength(1); c++)
        {
            result[i, c] = (Math.Cos(angle) * rows[i, c]) + (Math.Sin(angle) * rows[j, c]);
            result[j, c] = (Math.Cos(angle) * rows[j, c]) - (Math.Sin(angle) * rows[i, c]);
        }

        return result;
    }

    /// <summary>All orders of 0 .. n-1.</summary>
    public static IEnumerable<int[]> Permutations(int n) =>
        n == 0
            ?
            [
                [],
            ]
            : Permutations(n - 1)
                .SelectMany(shorter =>
                    Enumerable.Range(0, n).Select(at => (int[])[.. shorter[..at], n - 1, .. shorter[at..]])
                );
}
