using FlatBias.Dynamics.Numerics;
using FlatBias.Testing;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Tests.Numerics;

/// <summary>The semidefinite complementarity problem of eq. (6.5) over random monotone operators.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 200)]
public class SemidefiniteComplementarityTests
{
    [Property]
    public void Solve_MonotoneOperatorOfAnyRank_IsFeasibleAndComplementary(Seed seed, Size size, LogUniform scale)
    {
        // M = A^T A with fewer rows than columns or more; q = A^T w + eps I makes min 1/2 |A Sigma + w|^2 + eps tr Sigma coercive on the cone, so that there is a solution.
        var random = seed.Random();
        var k = 1 + (size.Value % 4);
        var n = k * (k + 1) / 2;
        var (a, w) = (Random(random, 1 + random.Next(n + 3), n), scale.In(1e-2, 1e2));
        var offset = a.TransposeThisAndMultiply(w * Vector<double>.Build.DenseOfArray(Draw.Vector(random, a.RowCount)));
        offset +=
            0.05
            * Vector<double>.Build.DenseOfArray(
                SemidefiniteComplementarity.Pack(Matrix<double>.Build.DenseIdentity(k))
            );
        Check(a.TransposeThisAndMultiply(a), offset);
    }

    [Property]
    public void Solve_StronglyMonotoneOperator_FindsTheOneSolution(Seed seed, Size size, LogUniform scale)
    {
        // A planted pair Sigma, W in one random basis, each direction given to Sigma, to W, or to neither (no strict complementarity); q = W - M Sigma.
        var random = seed.Random();
        var k = 1 + (size.Value % 4);
        var n = k * (k + 1) / 2;
        var a = Random(random, n, n);
        var m = (a.TransposeThisAndMultiply(a) + (0.1 * Matrix<double>.Build.DenseIdentity(n))) * scale.In(1e-3, 1e3);
        var basis = Matrix<double>.Build.DenseOfArray(SymmetricMatrices.Orthogonal(random, k));
        double[] owner = [.. Enumerable.Range(0, k).Select(_ => (double)random.Next(3))],
            sizes = [.. Draw.Vector(random, k).Select(x => 1 + x)];
        var planted = InBasis(basis, [.. owner.Select((o, i) => o == 0 ? sizes[i] : 0)]);
        var slack = InBasis(basis, [.. owner.Select((o, i) => o == 1 ? sizes[i] * m.L2Norm() : 0)]);
        var packed = Vector<double>.Build.DenseOfArray(SemidefiniteComplementarity.Pack(planted));
        var solution = Check(
            m,
            Vector<double>.Build.DenseOfArray(SemidefiniteComplementarity.Pack(slack)) - (m * packed)
        );
        // mu |x - x*|^2 <= <x - x*, W - W*> gives |x - x*| <= (1 + tau |M|) |F| / (tau mu), tau |M| = 1, and the residual bounds |F|; the condition number is |M| / mu. Rounding of q acts like a change of F.
        var values = m.Evd(Symmetricity.Symmetric).EigenValues.Real();
        var size2 = packed.L2Norm() + (2 * (packed.L2Norm() + Math.Sqrt(k) * 2));
        Near.Equal(
            0,
            (solution.Solution - planted).FrobeniusNorm(),
            4 * values.Maximum() / values.Minimum() * (1e-12 + (100 * n * Near.Roundoff)) * size2,
            "distance from the planted solution"
        );
    }

    [Property]
    public void Solve_OneMode_IsThePositivePartOfTheQuotient(Real offset, LogUniform slope)
    {
        var solution = SemidefiniteComplementarity.Solve(
            new double[,]
            {
                { slope.Value },
            },
            [offset.Value]
        );
        var expected = Math.Max(0, -offset.Value / slope.Value);
        Near.Equal(expected, solution.Solution[0, 0], 1e-11 * Math.Abs(offset.Value / slope.Value), "sigma^2");
    }

    [Fact]
    public void Solve_ProblemWithoutSolution_SaysSo()
    {
        // W = -1 whatever Sigma is.
        var solution = SemidefiniteComplementarity.Solve(
            new double[,]
            {
                { 0 },
            },
            [-1]
        );
        Assert.False(solution.Converged);
        Assert.InRange(solution.Iterations, 1, 120);
        Assert.True(solution.Residual > 1e-12);
    }

    [Fact]
    public void Solve_BadArguments_NamesThem()
    {
        Assert.Contains(
            "offset",
            Assert.Throws<ArgumentException>(() => SemidefiniteComplementarity.Solve(new double[2, 2], [1, 2])).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "operation",
            Assert
                .Throws<ArgumentException>(() => SemidefiniteComplementarity.Solve(new double[3, 2], [1, 2, 3]))
                .ParamName
        );
        Assert.Contains(
            "operation[0] is NaN",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    SemidefiniteComplementarity.Solve(
                        new[,]
                        {
                            { double.NaN },
                        },
                        [1]
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>
    /// With F the defect at the last iterate x, s = P(y) the answer: tau W(s) = P(-y) + (I - tau M) F, hence tau W >= -|F| and |tau &lt;s, W>| &lt;= |s| |F|, |F| &lt;= residual (|s| + |F| + tau |q|); plus the rounding of W.
    /// </summary>
    private static ComplementaritySolution Check(Matrix<double> m, Vector<double> q)
    {
        var solution = SemidefiniteComplementarity.Solve(m.ToArray(), q.ToArray());
        Assert.True(solution.Converged, $"residual {solution.Residual:G3} after {solution.Iterations} iterations");
        var (sigma, norm) = (solution.Solution.FrobeniusNorm(), m.L2Norm());
        var defect = norm * ((2 * solution.Residual) + (50 * q.Count * Near.Roundoff)) * (sigma + (q.L2Norm() / norm));
        Assert.True(Smallest(solution.Solution) >= -50 * Near.Roundoff * sigma, "Sigma is not in the cone");
        Assert.True(Smallest(solution.Slack) >= -defect, $"W has the eigenvalue {Smallest(solution.Slack):G3}");
        Near.Equal(
            0,
            solution.Solution.PointwiseMultiply(solution.Slack).Enumerate().Sum(),
            (sigma + 1e-300) * defect,
            "<Sigma, W>"
        );
        return solution;
    }

    private static double Smallest(Matrix<double> matrix) =>
        matrix.Evd(Symmetricity.Symmetric).EigenValues.Real().Minimum();

    private static Matrix<double> InBasis(Matrix<double> basis, double[] values) =>
        basis * Matrix<double>.Build.DenseOfDiagonalArray(values) * basis.Transpose();

    private static Matrix<double> Random(Random random, int rows, int columns) =>
        Matrix<double>.Build.Dense(rows, columns, (_, _) => Draw.Uniform(random, 1));

    [Property]
    public void Solve_NumbersOfAnySize_ReturnsAndNeverConvergesOnWhatIsNoNumber(Seed seed, Size size)
    {
        // From subnormal to nearly the largest: squares of these leave the range of float64 on both sides.
        var random = seed.Random();
        var k = 1 + (size.Value % 3);
        var n = k * (k + 1) / 2;
        var a = Random(random, n, n);
        double[,] operation = (a.TransposeThisAndMultiply(a) * Math.Pow(10, random.Next(-322, 306))).ToArray();
        double[] offset = [.. Draw.Vector(random, n).Select(x => x * Math.Pow(10, random.Next(-322, 306)))];
        if (operation.Cast<double>().Concat(offset).Any(x => !double.IsFinite(x)))
            return;
        var found = SemidefiniteComplementarity.Solve(operation, offset);
        Assert.False(found.Converged && !found.Solution.ForAll(double.IsFinite));
        Assert.False(found.Converged && !(found.Residual <= SemidefiniteComplementarity.Tolerance));
    }
}
