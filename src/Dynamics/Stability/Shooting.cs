using System.Numerics;
using FlatBias.Dynamics.Maps;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Stability;

/// <summary>The equations of multiple shooting, F_i = f(x_i) - x_(i+1) around a period, with their blocks Df(x_i).</summary>
internal sealed class Shooting(int dimension, int period)
{
    private readonly double[] _identity = Identity(dimension), _images = new double[dimension * dimension];

    /// <summary>Unknowns x_0 ... x_(n-1), one point after the other.</summary>
    public double[] Points { get; } = new double[dimension * period];

    /// <summary>F.</summary>
    public double[] Residual { get; } = new double[dimension * period];

    /// <summary>Df(x_i), row by row, one block after the other.</summary>
    public double[] Blocks { get; } = new double[dimension * dimension * period];

    /// <summary>n d.</summary>
    public int Size => Points.Length;

    /// <summary>The largest component of F; NaN where one is not a number.</summary>
    public double Error => Largest(Residual);

    /// <summary>The larger of 1 and the largest component of the orbit.</summary>
    public double Scale => Math.Max(1, Largest(Points));

    /// <summary>Fills the orbit from its first point by iteration.</summary>
    public void Iterate<TMap>(in TMap map, ReadOnlySpan<double> first)
        where TMap : struct, IDiscreteMap
    {
        first.CopyTo(Points);
        for (var i = 1; i < period; i++) map.Step(Points.AsSpan((i - 1) * dimension, dimension), Points.AsSpan(i * dimension, dimension));
    }

    /// <summary>Computes F and the blocks at the points.</summary>
    public void Evaluate<TMap>(in TMap map)
        where TMap : struct, ITangentMap
    {
        var square = dimension * dimension;
        for (var i = 0; i < period; i++)
        {
            map.StepTangent(Points.AsSpan(i * dimension, dimension), _identity, Residual.AsSpan(i * dimension, dimension), _images);
            for (var r = 0; r < dimension; r++)
                for (var c = 0; c < dimension; c++) Blocks[(i * square) + (r * dimension) + c] = _images[(c * dimension) + r];
        }

        for (var i = 0; i < Size; i++) Residual[i] -= Points[(i + dimension) % Size];
    }

    /// <summary>Writes dF/dX into the upper left of a system.</summary>
    public void Fill(LinearSystem system)
    {
        for (var i = 0; i < period; i++)
        {
            for (var r = 0; r < dimension; r++)
            {
                var row = (i * dimension) + r;
                for (var c = 0; c < dimension; c++) system[row, (i * dimension) + c] = Blocks[(((i * dimension) + r) * dimension) + c];
                system[row, (row + dimension) % Size] -= 1;
            }
        }
    }

    /// <summary>The Jacobian of f^n at the first point: the product of the blocks.</summary>
    public Matrix<double> Monodromy()
    {
        var product = Matrix<double>.Build.DenseIdentity(dimension);
        for (var i = 0; i < period; i++) product = Block(i) * product;
        return product;
    }

    /// <summary>Df(x_i).</summary>
    public Matrix<double> Block(int i) => Matrix<double>.Build.Dense(dimension, dimension, (r, c) => Blocks[(((i * dimension) + r) * dimension) + c]);

    /// <summary>The eigenvalues of the monodromy matrix, largest modulus first; NaN where it is not finite.</summary>
    public Complex[] Multipliers()
    {
        var matrix = Monodromy();
        if (!matrix.Enumerate().All(double.IsFinite)) return [.. Enumerable.Repeat(new Complex(double.NaN, 0), dimension)];
        return dimension == 1 ? [matrix[0, 0]] : [.. matrix.Evd(Symmetricity.Asymmetric).EigenValues.OrderByDescending(Complex.Abs)];
    }

    /// <summary>The orbit as a result.</summary>
    public PeriodicOrbit Result(NewtonEnd end, int iterations)
    {
        double[][] points = [.. Enumerable.Range(0, period).Select(i => Points[(i * dimension)..((i + 1) * dimension)])];
        return new PeriodicOrbit(end, points, end == NewtonEnd.Converged ? Multipliers() : [], MinimalPeriod(), Error, iterations);
    }

    private int MinimalPeriod()
    {
        // Newton's quadratic convergence leaves a repetition of points exact to the root of a rounding at worst, where a multiplier is near 1.
        var tolerance = 1e-6 * Scale;
        for (var p = 1; p < period; p++)
        {
            if (period % p != 0) continue;
            var distance = 0.0;
            for (var i = 0; i < Size; i++) distance = Math.Max(distance, Math.Abs(Points[i] - Points[(i + (p * dimension)) % Size]));
            if (distance <= tolerance) return p;
        }

        return period;
    }

    private static double Largest(double[] values)
    {
        var largest = 0.0;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    private static double[] Identity(int n)
    {
        var identity = new double[n * n];
        for (var i = 0; i < n; i++) identity[(i * n) + i] = 1;
        return identity;
    }
}
