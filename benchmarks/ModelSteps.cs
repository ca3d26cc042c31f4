using BenchmarkDotNet.Attributes;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Benchmarks;

/// <summary>
/// A step of gradient descent on the local model of a jet by the number r of Krylov vectors: of a Taylor jet with cubic
/// coupling, (4.10), and of a collocation jet with knots, (4.13), whose floor is cubic in f. Nothing allocates.
/// </summary>
[MemoryDiagnoser]
public class ModelSteps
{
    private const double StepSize = 1e-3;
    private LocalModel _taylor = null!,
        _collocation = null!;
    private double[] _point = null!,
        _next = null!,
        _hessian = null!;

    /// <summary>r; that of the report's chapters is 28.</summary>
    [Params(8, 16, 28, 56)]
    public int Krylov { get; set; }

    /// <summary>Jets with numbers of about 1, whose size does not matter to what a step costs.</summary>
    [GlobalSetup]
    public void Draw()
    {
        var (random, r) = (new Random(Krylov), Krylov);
        double[] Vector(int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
        double[,] Symmetric()
        {
            var matrix = new double[r, r];
            for (var i = 0; i < r; i++)
            for (var j = 0; j <= i; j++)
                matrix[i, j] = matrix[j, i] = (random.NextDouble() - 0.5) / r;
            return matrix;
        }

        var krylov = new KrylovJet(Symmetric(), [.. Enumerable.Range(0, 6).Select(_ => Vector(r))], Vector(r))
        {
            Coupling = Symmetric(),
        };
        var jet = new Jet(0, [0.2, 3, 0.5, -1, 0.1, 0.1], new double[6, 6], new double[6], 1, 0, 1) { Krylov = krylov };
        var cubic = new double[r * r * r];
        for (var i = 0; i < r; i++)
        for (var j = 0; j <= i; j++)
        for (var k = 0; k <= j; k++)
        {
            var entry = (random.NextDouble() - 0.5) / r;
            foreach (var (a, b, c) in new[] { (i, j, k), (i, k, j), (j, i, k), (j, k, i), (k, i, j), (k, j, i) })
                cubic[(((a * r) + b) * r) + c] = entry;
        }

        _taylor = LocalModel.Whole(jet);
        _collocation = LocalModel.Whole(jet with { Krylov = krylov with { Bending = Symmetric(), Cubic = cubic } });
        (_point, _next, _hessian) = (Vector(1 + r), new double[1 + r], new double[(1 + r) * (1 + r)]);
    }

    /// <summary>A step on the model of a Taylor jet.</summary>
    [Benchmark(Baseline = true)]
    public double Taylor()
    {
        _taylor.Descend(_point, StepSize, _next);
        return _next[0];
    }

    /// <summary>A step on the model of a collocation jet.</summary>
    [Benchmark]
    public double Collocation()
    {
        _collocation.Descend(_point, StepSize, _next);
        return _next[0];
    }

    /// <summary>The Hessian of that model, from which S is read.</summary>
    [Benchmark]
    public double CollocationHessian()
    {
        _collocation.Hessian(_point, _hessian);
        return _hessian[0];
    }
}
