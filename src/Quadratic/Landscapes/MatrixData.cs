using FlatBias.Dynamics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Matrices on their way into and out of parameter vectors, row by row.</summary>
internal static class MatrixData
{
    /// <summary>A matrix given by the user, checked and flattened.</summary>
    public static double[] Flat(double[,] matrix, string name)
    {
        ArgumentNullException.ThrowIfNull(matrix, name);
        Require.InRange(matrix.GetLength(0), 1, name: name);
        Require.InRange(matrix.GetLength(1), 1, name: name);
        double[] flat = [.. matrix.Cast<double>()];
        Require.AllFinite(flat, name);
        return flat;
    }

    /// <summary>The matrix that the next rows x columns numbers hold.</summary>
    public static Matrix<double> At(ReadOnlySpan<double> numbers, int rows, int columns) =>
        Matrix<double>.Build.DenseOfRowMajor(rows, columns, numbers[..(rows * columns)].ToArray());

    /// <summary>Independent standard normal entries.</summary>
    public static double[,] Gaussian(int rows, int columns, int seed)
    {
        Require.InRange(rows, 1);
        Require.InRange(columns, 1);
        var normal = new Normal(0, 1, new Random(seed));
        var matrix = new double[rows, columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) matrix[i, j] = normal.Sample();
        return matrix;
    }
}
