using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Numerics;

/// <summary>
/// The dense symmetric eigenproblem at any scale: the library's solver squares entries, which overflows from about
/// 1e154 and underflows from about 1e-154, both without a word.
/// </summary>
public static class DenseEigen
{
    // Between these, squares of entries and sums of a few thousand of them are numbers, and the solver is given the
    // matrix as it stands.
    private const int LowestExponent = -400,
        HighestExponent = 400;

    private static readonly double Negligible = Math.ScaleB(1, -500);

    /// <summary>
    /// All eigenpairs of a symmetric matrix, solved after scaling by a power of two where its entries are very large or
    /// very small; such a scaling has no rounding error.
    /// </summary>
    /// <param name="matrix">Symmetric.</param>
    /// <returns>
    /// The eigenvalues in rising order, and the unit eigenvectors as columns; all of them NaN where an entry is not
    /// finite.
    /// </returns>
    public static (double[] Values, Matrix<double> Vectors) Symmetric(Matrix<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var size = matrix.RowCount;
        if (Exponent(matrix) is not { } e)
            return ([.. Enumerable.Repeat(double.NaN, size)], Matrix<double>.Build.Dense(size, size, double.NaN));
        var scaled = e == 0 ? matrix : matrix.Map(x => Math.ScaleB(x, -e), Zeros.Include);
        // The solver divides by what it is left with, and where that is subnormal it runs off the end of its arrays.
        // Beside a largest entry of at least 2^-400, entries below 2^-500 move an eigenvalue by no more than their size
        // (Weyl), 2^-100 of the largest and far below its rounding; products of two that stay are normal numbers.
        if (scaled.Exists(IsNegligible))
            scaled = scaled.Map(x => IsNegligible(x) ? 0 : x, Zeros.Include);
        var evd = scaled.Evd(Symmetricity.Symmetric);
        return ([.. evd.EigenValues.Select(value => Math.ScaleB(value.Real, e))], evd.EigenVectors);
    }

    private static bool IsNegligible(double entry) => entry != 0 && Math.Abs(entry) < Negligible;

    /// <summary>
    /// The exponent by which a matrix is scaled before a decomposition; 0 in the ordinary range, null where an entry is
    /// not finite.
    /// </summary>
    internal static int? Exponent(Matrix<double> matrix)
    {
        var largest = 0.0;
        foreach (var entry in matrix.Enumerate(Zeros.Include))
        {
            if (!double.IsFinite(entry))
                return null;
            largest = Math.Max(largest, Math.Abs(entry));
        }

        if (largest == 0)
            return 0;
        var exponent = Math.ILogB(largest);
        return exponent is >= LowestExponent and <= HighestExponent ? 0 : exponent;
    }
}
