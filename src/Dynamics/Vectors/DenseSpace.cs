using System.Numerics.Tensors;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Vectors;

/// <summary>Vectors as <c>double[]</c>: the space of the analytic landscapes.</summary>
public sealed class DenseSpace : IVectorSpace<double[]>
{
    private const double SmallestSquare = 1e-289,
        LargestSquare = 1e289;

    /// <summary>Makes the space R^<paramref name="dimension"/>.</summary>
    /// <param name="dimension">The number of components, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is below 1.</exception>
    public DenseSpace(int dimension) => Dimension = Require.InRange(dimension, 1);

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public double UnitRoundoff => Roundoff.Unit;

    /// <inheritdoc/>
    public double[] Create() => new double[Dimension];

    /// <inheritdoc/>
    public void Release(double[] vector) { }

    /// <inheritdoc/>
    public void Copy(double[] source, double[] destination) => source.AsSpan().CopyTo(destination);

    /// <inheritdoc/>
    public double Dot(double[] left, double[] right) => TensorPrimitives.Dot<double>(left, right);

    /// <inheritdoc/>
    public double Norm(double[] x) => Squares.Of(x).Root;

    /// <inheritdoc/>
    public void Axpy(double scale, double[] x, double[] y) => TensorPrimitives.MultiplyAdd(x, scale, y, y);

    /// <inheritdoc/>
    public void Scale(double scale, double[] x) => TensorPrimitives.Multiply(x, scale, x);

    /// <inheritdoc/>
    public void Multiply(double[] left, double[] right, double[] result) =>
        TensorPrimitives.Multiply(left, right, result);

    /// <inheritdoc/>
    public void Divide(double[] left, double[] right, double[] result)
    {
        for (var i = 0; i < left.Length; i++)
            result[i] = right[i] == 0 ? 0 : left[i] / right[i];
    }

    /// <inheritdoc/>
    public void Maximum(double[] x, double[] greatest) => TensorPrimitives.Max<double>(x, greatest, greatest);

    /// <inheritdoc/>
    public void AccumulateRoots(double decay, double[] x, double[] root)
    {
        for (var i = 0; i < x.Length; i++)
        {
            // What underflows on the way is below 2^-1072, so a sum above 2^-960 has lost less than a roundoff; others
            // are formed without squares.
            var square = (decay * root[i] * root[i]) + ((1 - decay) * x[i] * x[i]);
            root[i] = square is > SmallestSquare and < LargestSquare
                ? Math.Sqrt(square)
                : double.Hypot(Math.Sqrt(decay) * root[i], Math.Sqrt(1 - decay) * x[i]);
        }
    }

    /// <inheritdoc/>
    public void ClampedRoots(
        double[] roots,
        double scale,
        double low,
        double high,
        double epsilon,
        double exponent,
        double[] result
    )
    {
        for (var i = 0; i < roots.Length; i++)
        {
            var root = Math.Clamp(scale * roots[i], low, high) + epsilon;
            result[i] = exponent == 1 || root == 0 ? root : Math.Pow(root, exponent);
        }
    }

    /// <inheritdoc/>
    public void FillGaussian(double[] x, Random random) => GaussianNumbers.Fill(random, x);

    /// <inheritdoc/>
    public double[] ToArray(double[] x) => (double[])x.Clone();

    /// <inheritdoc/>
    public IVectorBlock<double[]> CreateBlock(int capacity) => new Block(Dimension, Require.InRange(capacity, 1));

    private sealed class Block : IVectorBlock<double[]>
    {
        private readonly double[][] _rows;

        public Block(int dimension, int capacity)
        {
            _rows = new double[capacity][];
            for (var i = 0; i < capacity; i++)
                _rows[i] = new double[dimension];
        }

        public int Capacity => _rows.Length;

        public double[] this[int index] => _rows[index];

        public void Project(double[] x, Span<double> coefficients)
        {
            for (var i = 0; i < coefficients.Length; i++)
                coefficients[i] = TensorPrimitives.Dot<double>(_rows[i], x);
        }

        public void Accumulate(ReadOnlySpan<double> coefficients, double[] x)
        {
            for (var i = 0; i < coefficients.Length; i++)
                TensorPrimitives.MultiplyAdd(_rows[i], coefficients[i], x, x);
        }

        public void Dispose() { }
    }
}
