using System.Numerics;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Stability;

/// <summary>The equations of multiple shooting, F_i = f(x_i) - x_(i+1) around a period, with their blocks Df(x_i).</summary>
internal sealed class Shooting(int dimension, int period)
{
    private readonly double[] _identity = Identity(dimension),
        _images = new double[dimension * dimension];

    /// <summary>Unknowns x_0 ... x_(n-1), one point after the other.</summary>
    public double[] Points { get; } = new double[dimension * period];

    /// <summary>F.</summary>
    public double[] Residual { get; } = new double[dimension * period];

    /// <summary>Df(x_i), row by row, one block after the other.</summary>
    public double[] Blocks { get; } = new double[dimension * dimension * period];

    /// <summary>n d.</summary>
    public int Size => Points.Length;

    /// <summary>The largest component of F; NaN where one is not a number.</summary>
    public double Error => Magnitude.Largest(Residual);

    /// <summary>
    /// A length of the problem, in the units of the state, beside the size of the orbit, which may be zero.
    /// </summary>
    public double Length { get; set; }

    /// <summary>
    /// The larger of the length and the largest component of the orbit: what residuals are held against.
    /// </summary>
    public double Scale => Math.Max(Length, Magnitude.Largest(Points));

    /// <summary>Fills the orbit from its first point by iteration.</summary>
    public void Iterate<TMap>(in TMap map, ReadOnlySpan<double> first)
        where TMap : struct, IDiscreteMap
    {
        first.CopyTo(Points);
        for (var i = 1; i < period; i++)
            map.Step(Points.AsSpan((i - 1) * dimension, dimension), Points.AsSpan(i * dimension, dimension));
    }

    /// <summary>Computes F and the blocks at the points.</summary>
    public void Evaluate<TMap>(in TMap map)
        where TMap : struct, ITangentMap
    {
        var square = dimension * dimension;
        for (var i = 0; i < period; i++)
        {
            map.StepTangent(
                Points.AsSpan(i * dimension, dimension),
                _identity,
                Residual.AsSpan(i * dimension, dimension),
                _images
            );
            for (var r = 0; r < dimension; r++)
            for (var c = 0; c < dimension; c++)
                Blocks[(i * square) + (r * dimension) + c] = _images[(c * dimension) + r];
        }

        for (var i = 0; i < Size; i++)
            Residual[i] -= Points[(i + dimension) % Size];
    }

    /// <summary>Writes dF/dX into the upper left of a system.</summary>
    public void Fill(LinearSystem system)
    {
        for (var i = 0; i < period; i++)
        {
            for (var r = 0; r < dimension; r++)
            {
                var row = (i * dimension) + r;
                for (var c = 0; c < dimension; c++)
                    system[row, (i * dimension) + c] = Blocks[(((i * dimension) + r) * dimension) + c];
                system[row, (row + dimension) % Size] -= 1;
            }
        }
    }

    /// <summary>The Jacobian of f^n at the first point: the product of the blocks.</summary>
    public Matrix<double> Monodromy()
    {
        var product = Matrix<double>.Build.DenseIdentity(dimension);
        for (var i = 0; i < period; i++)
            product = Block(i) * product;
        return product;
    }

    /// <summary>Df(x_i).</summary>
    public Matrix<double> Block(int i) =>
        Matrix<double>.Build.Dense(dimension, dimension, (r, c) => Blocks[(((i * dimension) + r) * dimension) + c]);

    /// <summary>The eigenvalues of the monodromy matrix, largest modulus first; NaN where it is not finite.</summary>
    public Complex[] Multipliers() => Eigenvalues.Of(Monodromy());

    /// <summary>The orbit as a result.</summary>
    public PeriodicOrbit Result(NewtonEnd end, int iterations)
    {
        double[][] points =
        [
            .. Enumerable.Range(0, period).Select(i => Points[(i * dimension)..((i + 1) * dimension)]),
        ];
        return new PeriodicOrbit(
            end,
            points,
            end == NewtonEnd.Converged ? Multipliers() : [],
            MinimalPeriod(),
            Error,
            iterations
        );
    }

    private int MinimalPeriod() =>
        Enumerable.Range(1, period).First(p => p == period || (period % p == 0 && Repeats(p)));

    /// <summary>
    /// Whether the orbit repeats after p points but for rounding: it moves by its distance from its own repetition if
    /// the residual moves by a few roundings, or by what it is. At a flip, where the equations are all but singular,
    /// that is 1e-5 of its size.
    /// </summary>
    private bool Repeats(int p)
    {
        var system = new LinearSystem(Size);
        for (var i = 0; i < Size; i++)
            system.Vector[i] = Points[i] - Points[(i + (p * dimension)) % Size];
        var (distance, rounding) = (Magnitude.Largest(system.Vector), (4 * Error) + (8 * Roundoff.Unit * Scale));
        if (distance <= rounding)
            return true;
        // The cube root of a rounding, with room: more is nowhere due to rounding.
        if (!(distance <= 1e-4 * Scale))
            return false;
        for (var i = 0; i < Size; i++)
            system.Vector[i] *= rounding / distance;
        Fill(system);
        return !system.Solve() || Magnitude.Largest(system.Vector) >= distance;
    }

    private static double[] Identity(int n)
    {
        var identity = new double[n * n];
        for (var i = 0; i < n; i++)
            identity[(i * n) + i] = 1;
        return identity;
    }
}
