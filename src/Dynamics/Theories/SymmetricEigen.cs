using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace FlatBias.Dynamics.Theories;

/// <summary>Eigenpairs of the small dense Hessians that forecasts run on.</summary>
internal static class SymmetricEigen
{
    // The decomposition squares and multiplies entries; beyond this it overflows, and its indices with it.
    private const double Largest = 1e100;

    /// <summary>Decomposes a symmetric matrix.</summary>
    /// <param name="matrix">n x n numbers.</param>
    /// <param name="size">n.</param>
    /// <returns>Eigenvalues in rising order with their vectors, or null where a number is not finite or so large that a forecast means nothing any more.</returns>
    public static Evd<double>? Of(double[] matrix, int size) =>
        matrix.AsSpan().ContainsAnyExceptInRange(-Largest, Largest) ? null : Matrix<double>.Build.Dense(size, size, matrix).Evd(Symmetricity.Symmetric);

    /// <summary>The leading eigenvalue, and the angle of its eigenvector from the first axis.</summary>
    /// <param name="matrix">n x n numbers.</param>
    /// <param name="size">n.</param>
    /// <returns>The pair; NaN where there is no decomposition.</returns>
    public static (double Value, double Angle) Leading(double[] matrix, int size)
    {
        if (Of(matrix, size) is not { } evd) return (double.NaN, double.NaN);
        var across = 0.0;
        for (var i = 1; i < size; i++) across += evd.EigenVectors[i, size - 1] * evd.EigenVectors[i, size - 1];
        return (evd.EigenValues[size - 1].Real, Math.Atan2(Math.Sqrt(across), Math.Abs(evd.EigenVectors[0, size - 1])));
    }
}
