using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Testing;

/// <summary>Dense symmetric matrices and their eigenpairs by MathNet: the slow, obvious twin of everything matrix-free.</summary>
public static class SymmetricMatrices
{
    /// <summary>A random orthogonal matrix: the Q of a Gaussian matrix.</summary>
    public static double[,] Orthogonal(Random random, int n) =>
        Matrix<double>.Build.Random(n, n, new Normal(0, 1, random)).QR().Q.ToArray();

    /// <summary>Q diag(eigenvalues) Q^T with random Q, symmetric to the last bit.</summary>
    public static double[,] WithSpectrum(Random random, params double[] eigenvalues)
    {
        var n = eigenvalues.Length;
        var q = Orthogonal(random, n);
        var matrix = new double[n, n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j <= i; j++)
            matrix[i, j] = matrix[j, i] = Enumerable.Range(0, n).Sum(k => q[i, k] * eigenvalues[k] * q[j, k]);
        return matrix;
    }

    /// <summary>All eigenpairs, largest eigenvalue first.</summary>
    public static (double[] Values, double[][] Vectors) Eigen(double[,] matrix)
    {
        var evd = Matrix<double>.Build.DenseOfArray(matrix).Evd(Symmetricity.Symmetric);
        var values = evd.EigenValues.Real().ToArray();
        var order = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ToArray();
        return ([.. order.Select(i => values[i])], [.. order.Select(i => evd.EigenVectors.Column(i).ToArray())]);
    }

    /// <summary>The matrix times a vector.</summary>
    public static double[] Times(double[,] matrix, double[] x)
    {
        var result = new double[matrix.GetLength(0)];
        for (var i = 0; i < result.Length; i++)
        for (var j = 0; j < x.Length; j++)
            result[i] += matrix[i, j] * x[j];
        return result;
    }

    /// <summary>The inner product by a plain loop.</summary>
    public static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }
}
