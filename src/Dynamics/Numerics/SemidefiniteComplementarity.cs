using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Numerics;

/// <summary>What the solver found.</summary>
/// <param name="Solution">Sigma, k x k, positive semidefinite.</param>
/// <param name="Slack">W = M(Sigma) + q.</param>
/// <param name="Residual">|Sigma - P(Sigma - tau W)| / (|Sigma| + tau |q|) with P the projection on the cone and tau = 1 / |M|: 0 exactly at a solution, without dimension.</param>
/// <param name="Iterations">The iterations spent.</param>
/// <param name="Converged">Whether the residual fell to the tolerance; false also where there is no solution.</param>
public sealed record ComplementaritySolution(
    Matrix<double> Solution,
    Matrix<double> Slack,
    double Residual,
    int Iterations,
    bool Converged
);

/// <summary>
/// The linear semidefinite complementarity problem over symmetric k x k matrices: Sigma >= 0, W = M(Sigma) + q >= 0, &lt;Sigma, W> = 0, with M symmetric and monotone (&lt;X, M X> >= 0), eq. (6.5).
/// These are the conditions of the convex problem min 1/2 &lt;Sigma, M Sigma> + &lt;q, Sigma> over the cone, and equivalent to Sigma = P(Sigma - tau W). Semismooth Newton steps on that
/// equation are tried first: from nothing they mostly end in a handful. Where they do not, whatever the rank of M an interior-point method along the central path Sigma W = mu I comes close, and Newton steps
/// take the answer from there to rounding and to the boundary of the cone. Matrices are packed so that inner products stay what they are: the lower triangle row by row,
/// entries off the diagonal times sqrt 2. For small k: a step costs the cube of k (k + 1)/2.
/// </summary>
public static class SemidefiniteComplementarity
{
    /// <summary>The residual below which a solution counts as found.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>Solves the problem.</summary>
    /// <param name="operation">M on packed matrices, symmetric and positive semidefinite, k (k + 1)/2 rows and columns, finite.</param>
    /// <param name="offset">q, packed, finite.</param>
    /// <returns>The solution; unique where M is positive definite.</returns>
    /// <exception cref="ArgumentException">Lengths do not agree, or are not those of packed matrices.</exception>
    public static ComplementaritySolution Solve(double[,] operation, double[] offset)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(offset);
        Require.Length(operation.GetLength(0), offset.Length, nameof(operation));
        Require.Length(operation.GetLength(1), offset.Length, nameof(operation));
        Require.AllFinite([.. operation.Cast<double>()], nameof(operation));
        Require.AllFinite(offset);
        var (m, q) = (Matrix<double>.Build.DenseOfArray(operation), Vector<double>.Build.DenseOfArray(offset));
        // Norms square what they are given: very large and very small numbers are brought into range first, which has no
        // rounding error.
        var (slopeExponent, forceExponent) = (
            DenseEigen.Exponent(m) ?? 0,
            DenseEigen.Exponent(q.ToColumnMatrix()) ?? 0
        );
        var (scaledM, scaledQ) = (
            slopeExponent == 0 ? m : m.Map(x => Math.ScaleB(x, -slopeExponent), Zeros.Include),
            forceExponent == 0 ? q : q.Map(x => Math.ScaleB(x, -forceExponent), Zeros.Include)
        );
        double slope = scaledM.L2Norm(),
            force = scaledQ.L2Norm();
        // In units of |q| / |M| for Sigma and |q| for W both problem and answer are of order 1.
        var scaled = new ScaledComplementarity(
            scaledM / (slope > 0 ? slope : 1),
            scaledQ / (force > 0 ? force : 1),
            Size(offset.Length)
        );
        var (x, residual, iterations) = scaled.Solve();
        var solution = (x - scaled.Defect(x).Value) * (force > 0 ? force : 1) / (slope > 0 ? slope : 1);
        if (force == 0)
            solution.Clear();
        else if (forceExponent != slopeExponent)
            solution.MapInplace(s => Math.ScaleB(s, forceExponent - slopeExponent));
        return new ComplementaritySolution(
            Unpack(solution, scaled.Size),
            Unpack((m * solution) + q, scaled.Size),
            residual,
            iterations,
            residual <= Tolerance && solution.ForAll(double.IsFinite)
        );
    }

    /// <summary>Packs a symmetric matrix.</summary>
    /// <param name="matrix">The matrix; its lower triangle is read.</param>
    /// <returns>k (k + 1)/2 numbers.</returns>
    public static double[] Pack(Matrix<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var packed = new double[matrix.RowCount * (matrix.RowCount + 1) / 2];
        var at = 0;
        for (var i = 0; i < matrix.RowCount; i++)
        for (var j = 0; j <= i; j++)
            packed[at++] = i == j ? matrix[i, i] : Math.Sqrt(2) * matrix[i, j];
        return packed;
    }

    /// <summary>Unpacks a symmetric matrix.</summary>
    internal static Matrix<double> Unpack(Vector<double> packed, int size)
    {
        var matrix = Matrix<double>.Build.Dense(size, size);
        var at = 0;
        for (var i = 0; i < size; i++)
        for (var j = 0; j <= i; j++, at++)
            matrix[i, j] = matrix[j, i] = i == j ? packed[at] : packed[at] / Math.Sqrt(2);
        return matrix;
    }

    private static int Size(int packed)
    {
        var size = (int)Math.Round((Math.Sqrt((8.0 * packed) + 1) - 1) / 2);
        return size >= 1 && size * (size + 1) / 2 == packed
            ? size
            : throw new ArgumentException(
                $"offset has {packed} elements; packed symmetric matrices have k (k + 1)/2 with k at least 1.",
                nameof(packed)
            );
    }
}
