using MathNet.Numerics.LinearAlgebra;
using static FlatBias.Dynamics.Numerics.SemidefiniteComplementarity;

namespace FlatBias.Dynamics.Numerics;

/// <summary>The semidefinite complementarity problem with |M| = |q| = 1, so that tau = 1 and solutions are of order 1 unless the problem is ill posed.</summary>
/// <param name="m">M on packed matrices.</param>
/// <param name="q">q, packed.</param>
/// <param name="size">k.</param>
internal sealed class ScaledComplementarity(Matrix<double> m, Vector<double> q, int size)
{
    // The share of the mean complementarity that a step along the path aims at.
    private const double Centring = 0.1;

    // The path is left where it has come this near and gained nothing for a few steps.
    private const double NearEnough = 1e-9;

    private const int Patience = 5;

    private const int LongestPath = 100;

    private const int MostNewtonSteps = 10;

    // Beyond this |Sigma| the product M Sigma keeps no digit that matters: the problem has no solution that could be told.
    private const double LargestSolution = 1e8;

    private const double ShortestStep = 1e-10;

    // Keeps the inverse roots in range where rounding makes a matrix of order 1 singular.
    private const double SmallestEigenvalue = 1e-40;

    /// <summary>k.</summary>
    public int Size => size;

    /// <summary>Solves the problem.</summary>
    /// <returns>The last iterate x, its residual, and the number of iterations of all kinds.</returns>
    public (Vector<double> Point, double Residual, int Iterations) Solve()
    {
        var zero = Vector<double>.Build.Dense(q.Count);
        var (x, residual, newton) = Newton(zero, Residual(zero));
        if (residual <= Tolerance)
            return (x, residual, newton);
        var (near, distance, path) = Path();
        var (polished, reached, polish) = Newton(near, distance);
        return (polished, reached, newton + path + polish);
    }

    /// <summary>F(x) = x - P(y), y = x - (M x + q), and the eigenpairs of y.</summary>
    public (Vector<double> Value, Eigenpairs Shifted) Defect(Vector<double> x)
    {
        var (values, vectors) = DenseEigen.Symmetric(Unpack(x - ((m * x) + q), size));
        var eigen = new Eigenpairs(vectors, values);
        var positive =
            eigen.Vectors
            * Matrix<double>.Build.DenseOfDiagonalArray([.. eigen.Values.Select(v => Math.Max(v, 0))])
            * eigen.Vectors.Transpose();
        return (x - Vector<double>.Build.DenseOfArray(Pack(positive)), eigen);
    }

    /// <summary>|F| / (|x| + |q|).</summary>
    private double Residual(Vector<double> x) => Defect(x).Value.L2Norm() / (x.L2Norm() + q.L2Norm() + double.Epsilon);

    /// <summary>Newton steps for as long as they lower the residual: to rounding where they end well.</summary>
    private (Vector<double> Point, double Residual, int Iterations) Newton(Vector<double> x, double residual)
    {
        for (var step = 0; step < MostNewtonSteps; step++)
        {
            // The system is singular where the solution is not unique or does not exist; NaN fails the first comparison too.
            var next = residual > 0 ? NewtonStep(x) : x;
            if (!(next.L2Norm() <= LargestSolution))
                return (x, residual, step);
            var reached = Residual(next);
            if (!(reached < residual))
                return (x, residual, step);
            (x, residual) = (next, reached);
        }

        return (x, residual, MostNewtonSteps);
    }

    /// <summary>
    /// x + d with d - P'(y)[d - M d] = - F. In the eigenvectors of y the derivative of the projection multiplies entry (i, j) by 1 where both eigenvalues are positive, 0 where neither is, and
    /// positive / (positive - other) where one is.
    /// </summary>
    private Vector<double> NewtonStep(Vector<double> x)
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
    private (Vector<double> Point, double Residual, int Iterations) Path()
    {
        Matrix<double> sigma = 10 * Matrix<double>.Build.DenseIdentity(size),
            w = sigma.Clone();
        var best = Vector<double>.Build.Dense(q.Count);
        var (residual, iteration, stale) = (Residual(best), 0, 0);
        for (
            ;
            residual > Tolerance && iteration < LongestPath && (stale < Patience || residual > NearEnough);
            iteration++
        )
        {
            var (root, inverse) = Roots(w);
            var g = inverse * Roots(root * sigma * root).Root * inverse;
            var scaling = Columns(unit => g * unit * g);
            var packed = Vector<double>.Build.DenseOfArray(Pack(sigma));
            var gap = (m * packed) + q - Vector<double>.Build.DenseOfArray(Pack(w));
            var target = Centring * sigma.PointwiseMultiply(w).Enumerate().Sum() / size * inverse * inverse;
            var step = (Matrix<double>.Build.DenseIdentity(q.Count) + (scaling * m)).Solve(
                Vector<double>.Build.DenseOfArray(Pack(target)) - packed - (scaling * gap)
            );
            // At the end of the path the matrices are singular to rounding.
            if (!step.ForAll(double.IsFinite))
                break;
            Matrix<double> forward = Unpack(step, size),
                other = Unpack((m * step) + gap, size);
            var length = Math.Min(1, 0.95 * Math.Min(Reach(sigma, forward), Reach(w, other)));
            if (!(length > ShortestStep))
                break;
            (sigma, w) = (sigma + (length * forward), w + (length * other));
            packed = Vector<double>.Build.DenseOfArray(Pack(sigma));
            var reached = Residual(packed);
            if (packed.L2Norm() > LargestSolution)
                break;
            stale++;
            if (reached < residual)
                (best, residual, stale) = (packed, reached, 0);
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
        var (values, vectors) = DenseEigen.Symmetric((matrix + matrix.Transpose()) / 2);
        double[] roots = [.. values.Select(v => Math.Sqrt(Math.Max(v, SmallestEigenvalue)))];
        Matrix<double> Of(IEnumerable<double> scales) =>
            vectors * Matrix<double>.Build.DenseOfDiagonalArray([.. scales]) * vectors.Transpose();
        return (Of(roots), Of(roots.Select(x => 1 / x)));
    }

    /// <summary>The largest t with X + t D in the cone.</summary>
    private static double Reach(Matrix<double> x, Matrix<double> d)
    {
        var inverse = Roots(x).Inverse;
        var relative = inverse * d * inverse;
        var least = DenseEigen.Symmetric((relative + relative.Transpose()) / 2).Values[0];
        return least < 0 ? -1 / least
            : least >= 0 ? double.PositiveInfinity
            : double.NaN;
    }

    private static double Share(double a, double b) =>
        (a > 0, b > 0) switch
        {
            (true, true) => 1,
            (false, false) => 0,
            _ => Math.Max(a, b) / (Math.Max(a, b) - Math.Min(a, b)),
        };

    /// <summary>The eigenpairs of a symmetric matrix.</summary>
    internal readonly record struct Eigenpairs(Matrix<double> Vectors, double[] Values);
}
