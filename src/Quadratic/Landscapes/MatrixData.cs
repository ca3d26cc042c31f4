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
        if (matrix.Length == 0)
            throw new ArgumentException(
                $"{name} is {Shape(matrix)}; it must have at least one row and one column.",
                name
            );
        double[] flat = [.. matrix.Cast<double>()];
        Require.AllFinite(flat, name);
        return flat;
    }

    /// <summary>Throws unless a matrix has the shape wanted.</summary>
    public static void RequireShape(double[,] matrix, int rows, int columns, string name)
    {
        if (matrix.GetLength(0) != rows || matrix.GetLength(1) != columns)
            throw new ArgumentException($"{name} is {Shape(matrix)}; it must be {rows} x {columns}.", name);
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
        for (var j = 0; j < columns; j++)
            matrix[i, j] = normal.Sample();
        return matrix;
    }

    private static string Shape(double[,] matrix) => $"{matrix.GetLength(0)} x {matrix.GetLength(1)}";
}
