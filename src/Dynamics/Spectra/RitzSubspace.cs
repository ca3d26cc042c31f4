using FlatBias.Dynamics.Numerics;
using FlatBias.Dynamics.Vectors;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Spectra;

/// <summary>
/// The Rayleigh-Ritz method on a subspace that grows one vector at a time (Parlett 1998, chapter 11): an orthonormal basis Q, its images H Q, and the projection Q^T H Q.
/// Residuals are those of the images, not estimates.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal sealed class RitzSubspace<TVector> : IDisposable
{
    private readonly IVectorSpace<TVector> _space;
    private readonly IVectorBlock<TVector> _basis,
        _images;
    private readonly double[,] _projection;
    private readonly double[] _scratch;
    private readonly TVector _work;
    private double[] _values = [0];
    private Matrix<double> _vectors = Matrix<double>.Build.Dense(1, 1);

    /// <summary>Makes room for a number of basis vectors.</summary>
    public RitzSubspace(IVectorSpace<TVector> space, int capacity)
    {
        (_space, Capacity) = (space, capacity);
        (_basis, _images, _work) = (space.CreateBlock(capacity), space.CreateBlock(capacity), space.Create());
        (_projection, _scratch) = (new double[capacity, capacity], new double[capacity]);
    }

    /// <summary>The most basis vectors that fit.</summary>
    public int Capacity { get; }

    /// <summary>The number of basis vectors, and so of products since <see cref="Clear"/>.</summary>
    public int Size { get; private set; }

    /// <summary>The largest |Ritz value| of the last <see cref="TrySolve"/>, an estimate of |H|.</summary>
    public double Scale => Math.Max(Math.Abs(_values[0]), Math.Abs(_values[^1]));

    /// <summary>The smallest residual that may be claimed: the rounding of products and projection, as for the Lanczos solver.</summary>
    public double Floor => 8 * Math.Max(8, Size) * _space.UnitRoundoff * Scale;

    /// <summary>Forgets the basis.</summary>
    public void Clear() => Size = 0;

    /// <summary>Adds a direction: orthogonalises it, multiplies it by the operator, projects.</summary>
    /// <param name="x">The direction; not changed.</param>
    /// <param name="product">(x, y) => y := H x.</param>
    /// <returns>False where the direction lies in the basis already to rounding, is not finite, or finds no room; nothing was multiplied then.</returns>
    public bool TryAppend(TVector x, Action<TVector, TVector> product)
    {
        if (Size == Capacity)
            return false;
        _space.Copy(x, _work);
        _space.Normalize(_work);
        _basis.Orthogonalize(Size, _work, _scratch);
        if (!(_space.Normalize(_work) > 1e3 * _space.UnitRoundoff))
            return false;
        // What a short remainder brought along of the basis has grown with the scaling.
        _basis.Orthogonalize(Size, _work, _scratch);
        _space.Normalize(_work);
        _space.Copy(_work, _basis[Size]);
        product(_basis[Size], _images[Size]);
        _basis.Project(_images[Size], _scratch.AsSpan(0, Size + 1));
        for (var i = 0; i <= Size; i++)
            _projection[i, Size] = _projection[Size, i] = _scratch[i];
        Size++;
        return true;
    }

    /// <summary>Solves the projected eigenproblem.</summary>
    /// <returns>False where a number is not finite.</returns>
    public bool TrySolve()
    {
        var matrix = Matrix<double>.Build.Dense(Size, Size, (i, j) => _projection[i, j]);
        var (values, vectors) = DenseEigen.Symmetric(matrix);
        if (!Array.TrueForAll(values, double.IsFinite))
            return false;
        (_values, _vectors) = (values, vectors);
        return true;
    }

    /// <summary>The i-th Ritz value from the top, from 0.</summary>
    public double Value(int index) => _values[Size - 1 - index];

    /// <summary>The share of the i-th Ritz vector that lies in the first <paramref name="count"/> basis vectors, in [0, 1].</summary>
    public double Share(int index, int count)
    {
        var share = 0.0;
        for (var j = 0; j < count; j++)
            share += Math.Pow(_vectors[j, Size - 1 - index], 2);
        return share;
    }

    /// <summary>Forms the i-th Ritz vector and its residual vector H v - lambda v.</summary>
    /// <returns>The norm of the residual.</returns>
    public double Form(int index, TVector vector, TVector residual)
    {
        Combine(_basis, index, vector);
        Combine(_images, index, residual);
        _space.Axpy(-Value(index), vector, residual);
        return _space.Norm(residual);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _basis.Dispose();
        _images.Dispose();
        _space.Release(_work);
    }

    private void Combine(IVectorBlock<TVector> block, int index, TVector result)
    {
        for (var j = 0; j < Size; j++)
            _scratch[j] = _vectors[j, Size - 1 - index];
        _space.Scale(0, result);
        block.Accumulate(_scratch.AsSpan(0, Size), result);
    }
}
