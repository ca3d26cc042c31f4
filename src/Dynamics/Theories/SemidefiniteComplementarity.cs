using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Theories;

/// <summary>What the solver found.</summary>
/// <param name="Solution">Sigma, k x k, positive semidefinite.</param>
/// <param name="Slack">W = M(Sigma) + q.</param>
/// <param name="Residual">|Sigma - P(Sigma - tau W)| / (|Sigma| + tau |q|) with P the projection on the cone and tau = 1 / |M|: 0 exactly at a solution, without dimension.</param>
/// <param name="Iterations">The iterations spent.</param>
/// <param name="Converged">Whether the residual fell to the tolerance; false also where there is no solution.</param>
public sealed record ComplementaritySolution(Matrix<double> Solution, Matrix<double> Slack, double Residual, int Iterations, bool Converged);

/// <summary>
/// The linear semidefinite complementarity problem over symmetric k x k matrices: Sigma >= 0, W = M(Sigma) + q >= 0, &lt;Sigma, W> = 0, with M symmetric and monotone (&lt;X, M X> >= 0), eq. (6.5).
/// These are the conditions of the convex problem min 1/2 &lt;Sigma, M Sigma> + &lt;q, Sigma> over the cone, and equivalent to Sigma = P(Sigma - tau W). That equation is solved by semismooth Newton steps; where one does not
/// halve the residual a projected-gradient step of length tau is taken, which alone converges wherever there is a solution. Matrices are packed so that inner products stay what they are: the lower triangle row by row,
/// entries off the diagonal times sqrt 2. For small k: a step costs the cube of k (k + 1)/2.
/// </summary>
public static class SemidefiniteComplementarity
{
    /// <summary>Solves the problem.</summary>
    /// <param name="operation">M on packed matrices, symmetric and positive semidefinite, k (k + 1)/2 rows and columns, finite.</param>
    /// <param name="offset">q, packed, finite.</param>
    /// <param name="tolerance">The residual to reach, above 0.</param>
    /// <param name="largestIterations">The most iterations, at least 1.</param>
    /// <returns>The solution; unique where M is positive definite.</returns>
    /// <exception cref="ArgumentException">Lengths do not agree, or are not those of packed matrices.</exception>
    public static ComplementaritySolution Solve(double[,] operation, double[] offset, double tolerance = 1e-12, int largestIterations = 2000)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(offset);
        Require.Length(operation.GetLength(0), offset.Length, nameof(operation));
        Require.Length(operation.GetLength(1), offset.Length, nameof(operation));
        Require.AllFinite([.. operation.Cast<double>()], nameof(operation));
        Require.AllFinite(offset);
        Require.Positive(tolerance);
        Require.InRange(largestIterations, 1);
        var size = Size(offset.Length);
        var (m, q) = (Matrix<double>.Build.DenseOfArray(operation), Vector<double>.Build.DenseOfArray(offset));
        var norm = m.L2Norm();
        var tau = norm > 0 ? 1 / norm : 1;
        var x = Vector<double>.Build.Dense(offset.Length);
        for (var iteration = 0; ; iteration++)
        {
            var (defect, shifted) = Defect(x, m, q, tau, size);
            var residual = Relative(defect, x, tau * q.L2Norm());
            if (residual <= tolerance || iteration == largestIterations)
            {
                var solution = x - defect;
                return new ComplementaritySolution(Unpack(solution, size), Unpack((m * solution) + q, size), residual, iteration, residual <= tolerance);
            }

            var newton = x + NewtonStep(defect, shifted, m, tau, size);
            x = Defect(newton, m, q, tau, size).Value.L2Norm() <= defect.L2Norm() / 2 ? newton : x - defect;
        }
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
            for (var j = 0; j <= i; j++) packed[at++] = i == j ? matrix[i, i] : Math.Sqrt(2) * matrix[i, j];
        return packed;
    }

    private static Matrix<double> Unpack(Vector<double> packed, int size)
    {
        var matrix = Matrix<double>.Build.Dense(size, size);
        var at = 0;
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++, at++) matrix[i, j] = matrix[j, i] = i == j ? packed[at] : packed[at] / Math.Sqrt(2);
        return matrix;
    }

    /// <summary>F(x) = x - P(y), y = x - tau (M x + q), and the eigenpairs of y.</summary>
    private static (Vector<double> Value, Eigen Shifted) Defect(Vector<double> x, Matrix<double> m, Vector<double> q, double tau, int size)
    {
        var evd = Unpack(x - (tau * ((m * x) + q)), size).Evd(Symmetricity.Symmetric);
        var eigen = new Eigen(evd.EigenVectors, evd.EigenValues.Real().ToArray());
        var positive = eigen.Vectors * Matrix<double>.Build.DenseOfDiagonalArray([.. eigen.Values.Select(v => Math.Max(v, 0))]) * eigen.Vectors.Transpose();
        return (x - Vector<double>.Build.DenseOfArray(Pack(positive)), eigen);
    }

    /// <summary>
    /// The solution d of d - P'(y)[d - tau M d] = - F. In the eigenvectors of y the derivative of the projection multiplies entry (i, j) by 1 where both eigenvalues are positive, 0 where neither is, and
    /// positive / (positive - other) where one is.
    /// </summary>
    private static Vector<double> NewtonStep(Vector<double> defect, Eigen shifted, Matrix<double> m, double tau, int size)
    {
        var n = defect.Count;
        var projection = Matrix<double>.Build.Dense(n, n);
        for (var a = 0; a < n; a++)
        {
            var unit = Vector<double>.Build.Dense(n);
            unit[a] = 1;
            var turned = shifted.Vectors.Transpose() * Unpack(unit, size) * shifted.Vectors;
            turned.MapIndexedInplace((i, j, value) => value * Share(shifted.Values[i], shifted.Values[j]));
            projection.SetColumn(a, Pack(shifted.Vectors * turned * shifted.Vectors.Transpose()));
        }

        var system = Matrix<double>.Build.DenseIdentity(n) - projection + (tau * projection * m);
        // A singular M may leave a direction undetermined; a shift that vanishes with the defect picks one and keeps the fast convergence.
        for (var a = 0; a < n; a++) system[a, a] += 1e-3 * defect.L2Norm() / (1 + defect.L2Norm());
        return system.Solve(-defect);
    }

    private static double Share(double a, double b) => (a > 0, b > 0) switch
    {
        (true, true) => 1,
        (false, false) => 0,
        _ => Math.Max(a, b) / (Math.Max(a, b) - Math.Min(a, b)),
    };

    private static double Relative(Vector<double> defect, Vector<double> x, double offset)
    {
        var scale = x.L2Norm() + offset;
        return scale > 0 ? defect.L2Norm() / scale : defect.L2Norm();
    }

    private static int Size(int packed)
    {
        var size = (int)Math.Round((Math.Sqrt((8.0 * packed) + 1) - 1) / 2);
        return size >= 1 && size * (size + 1) / 2 == packed ? size : throw new ArgumentException($"offset has {packed} elements; packed symmetric matrices have k (k + 1)/2 with k at least 1.", nameof(packed));
    }

    private readonly record struct Eigen(Matrix<double> Vectors, double[] Values);
}
