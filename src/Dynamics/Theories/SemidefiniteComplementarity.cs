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
/// These are the conditions of the convex problem min 1/2 &lt;Sigma, M Sigma> + &lt;q, Sigma> over the cone, and equivalent to Sigma = P(Sigma - tau W). An interior-point method
/// along the central path Sigma W = mu I comes close whatever the rank of M; semismooth Newton steps on the equation then take the answer to rounding, and the boundary of the cone exactly. Matrices are packed so that inner products stay what they are: the lower triangle row by row,
/// entries off the diagonal times sqrt 2. For small k: a step costs the cube of k (k + 1)/2.
/// </summary>
public static class SemidefiniteComplementarity
{
    // The share of the mean complementarity that a step aims at.
    private const double Centring = 0.1;

    // Keeps the inverse roots in range where rounding makes a matrix of order 1 singular.
    private const double SmallestEigenvalue = 1e-40;

    // The path is left where it has come this near and gained nothing for this many steps.
    private const double NearEnough = 1e-6;

    private const int Patience = 3;

    // |Sigma| |M| / |q| beyond which W keeps no digit: the problem has no solution that could be told.
    private const double LargestSolution = 1e8;

    private const double ShortestStep = 1e-10;

    private const int PolishingSteps = 5;

    /// <summary>Solves the problem.</summary>
    /// <param name="operation">M on packed matrices, symmetric and positive semidefinite, k (k + 1)/2 rows and columns, finite.</param>
    /// <param name="offset">q, packed, finite.</param>
    /// <param name="tolerance">The residual to reach, above 0.</param>
    /// <param name="largestIterations">The most iterations, at least 1.</param>
    /// <returns>The solution; unique where M is positive definite.</returns>
    /// <exception cref="ArgumentException">Lengths do not agree, or are not those of packed matrices.</exception>
    public static ComplementaritySolution Solve(double[,] operation, double[] offset, double tolerance = 1e-12, int largestIterations = 100)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(offset);
        Require.Length(operation.GetLength(0), offset.Length, nameof(operation));
        Require.Length(operation.GetLength(1), offset.Length, nameof(operation));
        Require.AllFinite([.. operation.Cast<double>()], nameof(operation));
        Require.AllFinite(offset);
        Require.Positive(tolerance);
        Require.InRange(largestIterations, 1);
        var (m, q) = (Matrix<double>.Build.DenseOfArray(operation), Vector<double>.Build.DenseOfArray(offset));
        double slope = m.L2Norm(), force = q.L2Norm();
        // In units of |q| / |M| for Sigma and |q| for W both problem and answer are of order 1.
        var scaled = new Scaled(m / (slope > 0 ? slope : 1), q / (force > 0 ? force : 1), Size(offset.Length));
        var (x, residual, iteration) = scaled.Approach(tolerance, largestIterations);
        for (var polish = 0; polish < PolishingSteps && residual > 0; polish++)
        {
            var next = scaled.NewtonStep(x);
            var reached = scaled.Residual(next);
            if (!(reached < residual)) break;
            (x, residual) = (next, reached);
        }

        var solution = (x - scaled.Defect(x).Value) * (force > 0 ? force : 1) / (slope > 0 ? slope : 1);
        if (force == 0) solution.Clear();
        return new ComplementaritySolution(Unpack(solution, scaled.Size), Unpack((m * solution) + q, scaled.Size), residual, iteration, residual <= tolerance);
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

    private static double Share(double a, double b) => (a > 0, b > 0) switch
    {
        (true, true) => 1,
        (false, false) => 0,
        _ => Math.Max(a, b) / (Math.Max(a, b) - Math.Min(a, b)),
    };

    private static int Size(int packed)
    {
        var size = (int)Math.Round((Math.Sqrt((8.0 * packed) + 1) - 1) / 2);
        return size >= 1 && size * (size + 1) / 2 == packed ? size : throw new ArgumentException($"offset has {packed} elements; packed symmetric matrices have k (k + 1)/2 with k at least 1.", nameof(packed));
    }

    private readonly record struct Eigen(Matrix<double> Vectors, double[] Values);

    /// <summary>The problem with |M| = |q| = 1.</summary>
    private sealed class Scaled(Matrix<double> m, Vector<double> q, int size)
    {
        public int Size => size;

        /// <summary>F(x) = x - P(y), y = x - (M x + q), and the eigenpairs of y.</summary>
        public (Vector<double> Value, Eigen Shifted) Defect(Vector<double> x)
        {
            var evd = Unpack(x - ((m * x) + q), size).Evd(Symmetricity.Symmetric);
            var eigen = new Eigen(evd.EigenVectors, evd.EigenValues.Real().ToArray());
            var positive = eigen.Vectors * Matrix<double>.Build.DenseOfDiagonalArray([.. eigen.Values.Select(v => Math.Max(v, 0))]) * eigen.Vectors.Transpose();
            return (x - Vector<double>.Build.DenseOfArray(Pack(positive)), eigen);
        }

        /// <summary>|F| / (|x| + |q|).</summary>
        public double Residual(Vector<double> x) => Defect(x).Value.L2Norm() / (x.L2Norm() + q.L2Norm() + double.Epsilon);

        /// <summary>
        /// x + d with d - P'(y)[d - M d] = - F. In the eigenvectors of y the derivative of the projection multiplies entry (i, j) by 1 where both eigenvalues are positive, 0 where neither is, and
        /// positive / (positive - other) where one is.
        /// </summary>
        public Vector<double> NewtonStep(Vector<double> x)
        {
            var (defect, shifted) = Defect(x);
            var projection = Columns(unit =>
            {
                var turned = shifted.Vectors.Transpose() * unit * shifted.Vectors;
                turned.MapIndexedInplace((i, j, value) => value * Share(shifted.Values[i], shifted.Values[j]));
                return shifted.Vectors * turned * shifted.Vectors.Transpose();
            });
            return x + (Matrix<double>.Build.DenseIdentity(x.Count) - projection + (projection * m)).Solve(-defect);
        }

        /// <summary>
        /// Follows the central path Sigma W = mu I from Sigma = W = 10 I: (I + G M) dSigma = s mu W^-1 - Sigma - G[M Sigma + q - W], dW = M dSigma + that bracket, G[D] = g D g with g W g = Sigma (Nesterov and Todd).
        /// </summary>
        public (Vector<double> Point, double Residual, int Iterations) Approach(double tolerance, int largestIterations)
        {
            Matrix<double> sigma = 10 * Matrix<double>.Build.DenseIdentity(size), w = sigma.Clone();
            var best = Vector<double>.Build.Dense(q.Count);
            var (residual, iteration, stale) = (Residual(best), 0, 0);
            for (; residual > tolerance && iteration < largestIterations && (stale < Patience || residual > NearEnough); iteration++)
            {
                var (root, inverse) = Roots(w);
                var g = inverse * Roots(root * sigma * root).Root * inverse;
                var scaling = Columns(unit => g * unit * g);
                var packed = Vector<double>.Build.DenseOfArray(Pack(sigma));
                var gap = (m * packed) + q - Vector<double>.Build.DenseOfArray(Pack(w));
                var target = Centring * sigma.PointwiseMultiply(w).Enumerate().Sum() / size * inverse * inverse;
                var step = (Matrix<double>.Build.DenseIdentity(q.Count) + (scaling * m)).Solve(Vector<double>.Build.DenseOfArray(Pack(target)) - packed - (scaling * gap));
                // At the end of the path the matrices are singular to rounding.
                if (!step.ForAll(double.IsFinite)) break;
                Matrix<double> forward = Unpack(step, size), other = Unpack((m * step) + gap, size);
                var length = Math.Min(1, 0.95 * Math.Min(Reach(sigma, forward), Reach(w, other)));
                if (!(length > ShortestStep)) break;
                (sigma, w) = (sigma + (length * forward), w + (length * other));
                packed = Vector<double>.Build.DenseOfArray(Pack(sigma));
                var reached = Residual(packed);
                if (packed.L2Norm() > LargestSolution) break;
                stale++;
                if (reached < residual) (best, residual, stale) = (packed, reached, 0);
            }

            return (best, residual, iteration);
        }

        /// <summary>The matrix, on packed matrices, of a linear map of symmetric ones.</summary>
        private Matrix<double> Columns(Func<Matrix<double>, Matrix<double>> map)
        {
            var matrix = Matrix<double>.Build.Dense(q.Count, q.Count);
            var unit = Vector<double>.Build.Dense(q.Count);
            for (var a = 0; a < q.Count; a++)
            {
                unit[a] = 1;
                matrix.SetColumn(a, Pack(map(Unpack(unit, size))));
                unit[a] = 0;
            }

            return matrix;
        }

        /// <summary>The square root of a positive definite matrix, and its inverse.</summary>
        private static (Matrix<double> Root, Matrix<double> Inverse) Roots(Matrix<double> matrix)
        {
            var evd = ((matrix + matrix.Transpose()) / 2).Evd(Symmetricity.Symmetric);
            double[] roots = [.. evd.EigenValues.Real().Select(v => Math.Sqrt(Math.Max(v, SmallestEigenvalue)))];
            Matrix<double> Of(IEnumerable<double> values) => evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalArray([.. values]) * evd.EigenVectors.Transpose();
            return (Of(roots), Of(roots.Select(x => 1 / x)));
        }

        /// <summary>The largest t with X + t D in the cone.</summary>
        private static double Reach(Matrix<double> x, Matrix<double> d)
        {
            var inverse = Roots(x).Inverse;
            var relative = inverse * d * inverse;
            var least = ((relative + relative.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues.Real().Minimum();
            return least < 0 ? -1 / least : double.PositiveInfinity;
        }
    }
}
