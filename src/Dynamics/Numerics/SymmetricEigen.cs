using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Numerics;

/// <summary>Eigenpairs of the small dense Hessians that forecasts run on.</summary>
internal static class SymmetricEigen
{
    // A forecast this far out means nothing any more.
    private const double Largest = 1e100;

    /// <summary>Decomposes a symmetric matrix.</summary>
    /// <param name="matrix">n x n numbers.</param>
    /// <param name="size">n.</param>
    /// <returns>Eigenvalues in rising order with their vectors, or null where a number is not finite or so large that a forecast means nothing any more.</returns>
    public static (double[] Values, Matrix<double> Vectors)? Of(double[] matrix, int size) =>
        matrix.AsSpan().ContainsAnyExceptInRange(-Largest, Largest)
            ? null
            : DenseEigen.Symmetric(Matrix<double>.Build.Dense(size, size, matrix));

    /// <summary>The leading eigenvalue, and the angle of its eigenvector from the first axis.</summary>
    /// <param name="matrix">n x n numbers.</param>
    /// <param name="size">n.</param>
    /// <returns>The pair; NaN where there is no decomposition.</returns>
    public static (double Value, double Angle) Leading(double[] matrix, int size)
    {
        if (Of(matrix, size) is not { } evd)
            return (double.NaN, double.NaN);
        var across = 0.0;
        for (var i = 1; i < size; i++)
            across += evd.Vectors[i, size - 1] * evd.Vectors[i, size - 1];
        return (evd.Values[size - 1], Math.Atan2(Math.Sqrt(across), Math.Abs(evd.Vectors[0, size - 1])));
    }
}
