using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Random orthogonal matrices.</summary>
public static class RandomBasis
{
    /// <summary>An orthogonal matrix drawn uniformly (Haar), by QR of a Gaussian matrix with the signs of R's diagonal divided out (Mezzadri 2007).</summary>
    /// <param name="dimension">The size n, at least 1.</param>
    /// <param name="random">The generator.</param>
    /// <returns>An n x n orthogonal matrix.</returns>
    public static Matrix<double> Orthogonal(int dimension, Random random)
    {
        var qr = Matrix<double>.Build.Random(dimension, dimension, new Normal(0, 1, random)).QR();
        return qr.Q.MapIndexed((_, j, q) => qr.R[j, j] < 0 ? -q : q);
    }

    /// <summary>A symmetric matrix with a given spectrum in a random orthonormal eigenbasis.</summary>
    /// <param name="eigenvalues">The spectrum, at least one number.</param>
    /// <param name="random">The generator.</param>
    /// <returns>The matrix, symmetric to the bit.</returns>
    public static double[,] Symmetric(ReadOnlySpan<double> eigenvalues, Random random)
    {
        var basis = Orthogonal(eigenvalues.Length, random);
        var matrix = basis * Matrix<double>.Build.DenseOfDiagonalArray(eigenvalues.ToArray()) * basis.Transpose();
        return ((matrix + matrix.Transpose()) / 2).ToArray();
    }
}
