using FlatBias.Dynamics.Spectra;
using FlatBias.Dynamics.Vectors;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Dynamics.Tests.Spectra;

/// <summary>The Lanczos eigensolver against MathNet's dense solver.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 60)]
public class LanczosEigensolverTests
{
    /// <summary>Spectra of n eigenvalues each; every one is a way for a Krylov method to go wrong.</summary>
    private static readonly IReadOnlyDictionary<string, Func<Random, int, double[]>> Spectra = new Dictionary<
        string,
        Func<Random, int, double[]>
    >
    {
        ["random"] = (r, n) => Draw.Vector(r, n, 3),
        ["clustered"] = (r, n) => [.. Enumerable.Range(0, n).Select(i => (i % 3) + Draw.Uniform(r, 1e-7))],
        ["repeated"] = (r, n) =>
            [.. Enumerable.Range(0, n).Select(i => i < Math.Max(2, n / 3) ? 4 : Draw.Uniform(r, 3))],
        ["negative"] = (r, n) => [.. Enumerable.Range(0, n).Select(_ => -0.1 - (3 * r.NextDouble()))],
        ["graded"] = (_, n) => [.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -i))],
        ["zero"] = (_, n) => new double[n],
        ["identity"] = (_, n) => [.. Enumerable.Repeat(2.0, n)],
        ["rank one"] = (_, n) => [5, .. new double[n - 1]],
    };

    [Property]
    public void Solve_SmallSpaceAnySpectrum_FindsAllThatTheDenseSolverFinds(Seed seed, Size pairs)
    {
        var random = seed.Random();
        var n = random.Next(1, 41);
        foreach (var (name, spectrum) in Spectra)
        {
            var matrix = SymmetricMatrices.WithSpectrum(random, spectrum(random, n));
            var count = Math.Min(pairs.Value, n);
            var (frame, products) = Solve(matrix, count, new LanczosOptions(1e-3), random);
            var (values, _) = SymmetricMatrices.Eigen(matrix);
            // Products with the matrix, the orthogonalisation and the dense solver each have a backward error of at most about n u |H|; 8 for small n and for the constants.
            var rounding = 8 * Math.Max(8, n) * Near.Roundoff * Size(values);
            Near.Equal(values.AsSpan(0, count), frame.Values, rounding, $"{name}, n = {n}: values");
            Near.Equal(values[^1], frame.Trailing, rounding, $"{name}, n = {n}: trailing");
            if (count == n)
                Assert.True(double.IsNaN(frame.Next), $"{name}: no eigenvalue is left, but Next is {frame.Next}");
            else
                Near.Equal(values[count], frame.Next, rounding, $"{name}, n = {n}: next");
            Assert.True(frame.Converged, $"{name}, n = {n}, k = {count}: exact pairs are flagged as not converged");
            Assert.Equal(products, frame.Products);
            Assert.True(products <= n, $"{name}: {products} products in {n} dimensions");
            CheckPairs(name, matrix, frame, rounding);
        }
    }

    [Property(MaxTest = 8)]
    public void Solve_LargerThanTheIterationLimit_FindsOutlyingPairsWithinTheirResiduals(Seed seed, Size pairs)
    {
        const int n = 200,
            limit = 120;
        const double tolerance = 1e-3;
        var random = seed.Random();
        // Outliers above a bulk in [-1, 1], as networks have them; spacing 1, far above the residuals asked for, so order is unambiguous.
        var matrix = SymmetricMatrices.WithSpectrum(
            random,
            [
                .. Enumerable
                    .Range(0, n)
                    .Select(i => i < pairs.Value + 1 ? 3.0 + i + Draw.Uniform(random, 0.2) : Draw.Uniform(random, 1)),
            ]
        );
        var (frame, products) = Solve(matrix, pairs.Value, new LanczosOptions(tolerance, limit), random);
        var (values, _) = SymmetricMatrices.Eigen(matrix);
        Assert.True(frame.Converged, "not converged");
        Assert.Equal(products, frame.Products);
        Assert.True(products <= limit, $"{products} products");
        // A symmetric matrix has an eigenvalue within |H v - lambda v| of lambda (Parlett 1998, theorem 4.5.1); the dense solver and the products err by n u |H|.
        var rounding = 8 * n * Near.Roundoff * Size(values);
        for (var i = 0; i < pairs.Value; i++)
            Near.Equal(values[i], frame.Values[i], frame.Residuals[i] + rounding, $"value {i}");
        Near.Equal(values[pairs.Value], frame.Next, 30 * tolerance * Size(values), "next: the guard pair's tolerance");
        Assert.All(frame.Residuals, r => Assert.True(r <= tolerance * Size(values), $"residual {r}"));
        CheckPairs("outliers", matrix, frame, rounding);
    }

    [Property(MaxTest = 20)]
    public void Solve_LargeSpaceWithFewDistinctEigenvalues_FindsEveryCopyItIsAskedFor(Seed seed)
    {
        // The Krylov space of a matrix with d distinct eigenvalues closes after d products whatever the multiplicities: the solver must look further, but not through the whole space.
        const int n = 150;
        var random = seed.Random();
        double[][] spectra =
        [
            [5, 5, .. Enumerable.Repeat(1.0, n - 2)],
            [5, 4, 4, 4, .. Enumerable.Repeat(-1.0, n - 4)],
            [2, .. new double[n - 1]],
            new double[n],
            [9, 9, 9, 7, 7, .. Enumerable.Range(0, n - 5).Select(i => (double)(i % 8) - 3).OrderDescending()],
        ];
        foreach (var spectrum in spectra)
        {
            var matrix = SymmetricMatrices.WithSpectrum(random, spectrum);
            var (frame, products) = Solve(matrix, 4, new LanczosOptions(1e-6, 100), random);
            // Backward errors as in the small space.
            var rounding = 8 * n * Near.Roundoff * Size(spectrum);
            Near.Equal(spectrum.AsSpan(0, 4), frame.Values, rounding, "values");
            Near.Equal(spectrum[4], frame.Next, rounding, "next");
            Near.Equal(spectrum[^1], frame.Trailing, rounding, "trailing");
            Assert.True(frame.Converged, "not converged");
            // Each block meets every distinct eigenvalue once, the first d of them; a copy of one of the five wanted or looked at in each, and one block more that shows there is no further one.
            Assert.True(products <= 6 * spectrum.Distinct().Count(), $"{products} products");
            CheckPairs("few distinct", matrix, frame, rounding);
        }
    }

    [Property]
    public void Solve_StartedFromTheSumOfTheExactVectors_StillFindsEverything(Seed seed, Size size)
    {
        // The sum of the k wanted vectors has no component along any other: without a random part the pairs beyond it would stay invisible.
        var random = seed.Random();
        var n = size.Value + 30;
        var matrix = SymmetricMatrices.WithSpectrum(random, Draw.Vector(random, n, 3));
        var (values, vectors) = SymmetricMatrices.Eigen(matrix);
        const int warm = 3;
        double[] start = [.. Enumerable.Range(0, n).Select(i => vectors.Take(warm).Sum(v => v[i]))];
        var (frame, _) = Solve(matrix, 6, new LanczosOptions(1e-10), random, start);
        var rounding = 8 * n * Near.Roundoff * Size(values);
        Near.Equal(values.AsSpan(0, 6), frame.Values, rounding, "values");
        Near.Equal(values[^1], frame.Trailing, rounding, "trailing");
    }

    [Property]
    public void Solve_TightLimit_SaysThatItHasNotConverged(Seed seed)
    {
        const int n = 100,
            limit = 8;
        var random = seed.Random();
        var matrix = SymmetricMatrices.WithSpectrum(random, Draw.Vector(random, n, 3));
        var (frame, products) = Solve(matrix, 4, new LanczosOptions(1e-10, limit), random);
        Assert.False(frame.Converged);
        Assert.Equal(limit, products);
        CheckPairs("tight limit", matrix, frame, 8 * n * Near.Roundoff * 3);
    }

    [Property]
    public void Solve_SolverUsedTwice_DoesNotRememberTheFirstMatrix(Seed seed, Size size)
    {
        var random = seed.Random();
        var n = size.Value + 1;
        var matrix = SymmetricMatrices.WithSpectrum(random, Draw.Vector(random, n, 1));
        var huge = SymmetricMatrices.WithSpectrum(random, Draw.Vector(random, n, 1e9));
        var space = new DenseSpace(n);
        using var solver = new LanczosEigensolver<double[]>(space, new LanczosOptions());
        using EigenFrame<double[]> fresh = new(space, 1),
            reused = new(space, 1);
        solver.Solve(Product(matrix), space.Create(), seed.Random(), fresh);
        solver.Solve(Product(huge), space.Create(), seed.Random(), reused);
        solver.Solve(Product(matrix), space.Create(), seed.Random(), reused);
        Assert.Equal(fresh.Values, reused.Values);
        Assert.Equal(fresh.Residuals, reused.Residuals);
        Assert.Equal(fresh.Vectors[0], reused.Vectors[0]);
    }

    private static void CheckPairs(string name, double[,] matrix, EigenFrame<double[]> frame, double rounding)
    {
        for (var i = 0; i <= frame.Count; i++)
        {
            var v = frame.Vectors[i];
            var (value, claimed) =
                i < frame.Count ? (frame.Values[i], frame.Residuals[i]) : (frame.Trailing, frame.TrailingResidual);
            var image = SymmetricMatrices.Times(matrix, v);
            var residual = Math.Sqrt(image.Zip(v, (h, x) => Math.Pow(h - (value * x), 2)).Sum());
            // Honest: no larger than claimed, beyond the rounding of this very recomputation.
            Assert.True(residual <= claimed + rounding, $"{name}: residual {i} is {residual:G3}, claimed {claimed:G3}");
            Assert.True(claimed >= 0, $"{name}: claimed residual {claimed}");
        }

        var n = matrix.GetLength(0);
        for (var i = 0; i < frame.Count; i++)
        for (var j = 0; j <= i; j++)
            Near.Equal(
                i == j ? 1 : 0,
                SymmetricMatrices.Dot(frame.Vectors[i], frame.Vectors[j]),
                8 * Math.Max(8, n) * Near.Roundoff,
                $"{name}: v_{i} . v_{j}"
            );
        Near.Equal(
            1,
            SymmetricMatrices.Dot(frame.TrailingVector, frame.TrailingVector),
            8 * Math.Max(8, n) * Near.Roundoff,
            $"{name}: |v_P|"
        );
    }

    private static (EigenFrame<double[]> Frame, int Products) Solve(
        double[,] matrix,
        int count,
        LanczosOptions options,
        Random random,
        double[]? start = null
    )
    {
        var space = new DenseSpace(matrix.GetLength(0));
        using var solver = new LanczosEigensolver<double[]>(space, options);
        var frame = new EigenFrame<double[]>(space, count);
        var products = 0;
        var product = Product(matrix);
        solver.Solve(
            (x, y) =>
            {
                products++;
                product(x, y);
            },
            start ?? space.Create(),
            random,
            frame
        );
        return (frame, products);
    }

    private static Action<double[], double[]> Product(double[,] matrix) =>
        (x, y) => SymmetricMatrices.Times(matrix, x).CopyTo(y, 0);

    private static double Size(double[] values) => values.Max(Math.Abs);
}
