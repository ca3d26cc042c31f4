using System.Runtime.InteropServices;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>Vectors as one-dimensional tensors of one precision on one device: the space of the networks.</summary>
public sealed class TensorSpace : IVectorSpace<Tensor>
{
    // Numbers that are drawn before they go to where vectors live.
    private const int Piece = 1 << 14;

    private readonly ScalarType _type;
    private readonly Device _device;
    private readonly IReadOnlyList<ParameterSlot> _layout;

    /// <summary>Makes the space R^<paramref name="dimension"/>.</summary>
    /// <param name="dimension">The number of components, at least 1.</param>
    /// <param name="type">Float32 or Float64.</param>
    /// <param name="device">Where the vectors live.</param>
    /// <param name="layout">The tensors that lie in a vector one after the other; null for a single column.</param>
    public TensorSpace(int dimension, ScalarType type, Device device, IReadOnlyList<ParameterSlot>? layout = null)
    {
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"type is {type}; it must be Float32 or Float64.", nameof(type));
        (Dimension, _type, _device) = (Require.InRange(dimension, 1), type, device);
        _layout = layout ?? [new ParameterSlot("column", [dimension], 0)];
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>The space of another dimension in the same precision on the same device.</summary>
    internal TensorSpace Sized(int dimension) => new(dimension, _type, _device);

    /// <inheritdoc/>
    public double UnitRoundoff => _type == ScalarType.Float64 ? Roundoff.Unit : Roundoff.SingleUnit;

    /// <inheritdoc/>
    public Tensor Create() => zeros(Dimension, _type, _device).DetachFromDisposeScope();

    /// <summary>Makes a vector with given components.</summary>
    /// <param name="values">As many as the dimension.</param>
    /// <returns>The vector, to be released.</returns>
    public Tensor Create(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Require.Length(values.Length, Dimension, nameof(values));
        using var scope = NewDisposeScope();
        return tensor(values, ScalarType.Float64).to(_type).to(_device).clone().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Release(Tensor vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        vector.Dispose();
    }

    /// <inheritdoc/>
    public void Copy(Tensor source, Tensor destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.copy_(source);
    }

    /// <inheritdoc/>
    public double Dot(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        using var scope = NewDisposeScope();
        var product = left.dot(right).to(ScalarType.Float64).item<double>();
        // Products below the normal range of float32, 2^-126, lose up to 2^-150 each: a roundoff of this at most. A
        // second pass in float64, which holds every product of two float32 numbers, only where it is needed.
        var safe = Math.Abs(product) >= Math.ScaleB(Dimension, -126) && double.IsFinite(product);
        if (safe || _type == ScalarType.Float64)
            return product;
        return left.to(ScalarType.Float64).dot(right.to(ScalarType.Float64)).item<double>();
    }

    /// <inheritdoc/>
    public double Norm(Tensor x)
    {
        var squares = Dot(x, x);
        // Only in float64 are there squares outside this range, and the host's scaled sum serves for those.
        return squares is >= 1e-280 and <= double.MaxValue
            ? Math.Sqrt(squares)
            : new DenseSpace(Dimension).Norm(ToArray(x));
    }

    /// <inheritdoc/>
    public void Axpy(double scale, Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        using var factor = Scalars.Of(scale, _type);
        y.add_(x, factor);
    }

    /// <inheritdoc/>
    public void Scale(double scale, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var factor = Scalars.Of(scale, _type);
        x.mul_(factor);
    }

    /// <inheritdoc/>
    public void Multiply(Tensor left, Tensor right, Tensor result)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(result);
        using var product = left.mul(right);
        result.copy_(product);
    }

    /// <inheritdoc/>
    public void Divide(Tensor left, Tensor right, Tensor result)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(result);
        using var scope = NewDisposeScope();
        using var zero = 0.0.ToScalar();
        result.copy_(left.div(right).masked_fill_(right.eq(zero), zero));
    }

    /// <inheritdoc/>
    public void AccumulateRoots(double decay, Tensor x, Tensor root)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(root);
        using var scope = NewDisposeScope();
        root.copy_(hypot(root.Times(Math.Sqrt(decay)), x.Times(Math.Sqrt(1 - decay))));
    }

    /// <inheritdoc/>
    public void Maximum(Tensor x, Tensor greatest)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(greatest);
        using var larger = maximum(x, greatest);
        greatest.copy_(larger);
    }

    /// <inheritdoc/>
    public void ClampedRoots(
        Tensor roots,
        double scale,
        double low,
        double high,
        double epsilon,
        double exponent,
        Tensor result
    )
    {
        ArgumentNullException.ThrowIfNull(roots);
        ArgumentNullException.ThrowIfNull(result);
        using var scope = NewDisposeScope();
        // A ceiling that the type rounds to 0 would read as "no gradient"; its smallest number does not.
        var ceiling = Math.Max(high, _type == ScalarType.Float64 ? double.Epsilon : float.Epsilon);
        // Held until the end: see Scalars.
        using Scalar lowest = Scalars.Of(low, _type),
            highest = Scalars.Of(ceiling, _type),
            shift = Scalars.Of(-epsilon, _type);
        using Scalar power = exponent.ToScalar(),
            zero = 0.0.ToScalar();
        var clamped = roots.Times(scale).clamp_(lowest, highest).sub_(shift);
        result.copy_(exponent == 1 ? clamped : clamped.pow(power).masked_fill_(clamped.eq(zero), zero));
    }

    /// <inheritdoc/>
    public void Polar(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        // No number of it is waited for: all of it stays on the device.
        foreach (var slot in _layout)
        {
            using var scope = NewDisposeScope();
            using Scalar zero = 0.0.ToScalar(),
                one = 1.0.ToScalar(),
                none = double.NaN.ToScalar();
            var part = x.narrow(0, slot.Begin, slot.Length);
            // Of what is not finite there is none, and torch throws.
            var infinite = part.isfinite().all().logical_not();
            var finite = part.nan_to_num(0, 0, 0);
            var largest = finite.abs().max();
            var scaled = finite.div(largest.masked_fill(largest.eq(zero), one));
            // Weights [out, in, ...] are matrices of out rows; whatever else is a column.
            var factor = slot.Shape.Count > 1 ? Polar(scaled, slot.Shape[0]) : scaled.div(Size(scaled));
            part.copy_(factor.masked_fill(infinite, none));

            Tensor Size(Tensor column)
            {
                var norm = column.norm();
                return norm.masked_fill(norm.eq(zero), one);
            }
        }
    }

    /// <summary>U V^T of a matrix U s V^T.</summary>
    private Tensor Polar(Tensor part, long rows)
    {
        var matrix = part.view(rows, -1);
        var (left, values, right) = linalg.svd(matrix, fullMatrices: false);
        // What is left of a singular value of 0 is rounding of the largest, and its vectors are any.
        using var smallest = Scalars.Of(2 * UnitRoundoff * Math.Max(rows, matrix.shape[1]), _type);
        return left.mul(values.gt(values.max().mul(smallest)).to(_type)).mm(right).flatten();
    }

    /// <inheritdoc/>
    public void FillGaussian(Tensor x, Random random)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var normal = new GaussianNumbers(random);
        var drawn = empty(Math.Min(Dimension, Piece), ScalarType.Float64);
        var numbers = MemoryMarshal.Cast<byte, double>(drawn.bytes);
        for (var begin = 0; begin < Dimension; begin += Piece)
        {
            var count = Math.Min(Piece, Dimension - begin);
            normal.Next(numbers[..count]);
            x.narrow(0, begin, count).copy_(drawn.narrow(0, 0, count));
        }

        normal.End(Dimension);
    }

    /// <inheritdoc/>
    public double[] ToArray(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        return x.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    /// <inheritdoc/>
    public IVectorBlock<Tensor> CreateBlock(int capacity) =>
        new TensorBlock(Dimension, Require.InRange(capacity, 1), _type, _device);
}
