using System.Numerics.Tensors;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// The null model, section 2: L = 1/2 (theta - c)^T A (theta - c), A symmetric.
/// Gradient A (theta - c), Hessian A, all higher derivatives zero. Minimum at c where A is positive definite.
/// Exact solution (2.1): theta_t - c = (I - eta A)^t (theta_0 - c).
/// </summary>
public sealed class QuadraticBowl : Landscape
{
    private readonly double[] _matrix,
        _centre;
    private readonly Matrix<double> _eigenvectors;
    private readonly double[] _eigenvalues;

    /// <summary>Makes a quadratic.</summary>
    /// <param name="matrix">A, symmetric, finite.</param>
    /// <param name="centre">c, as long as A is wide.</param>
    /// <exception cref="ArgumentException">A is not square or not symmetric, or a number is not finite.</exception>
    public QuadraticBowl(double[,] matrix, double[] centre)
        : base(matrix?.GetLength(0) ?? throw new ArgumentNullException(nameof(matrix)))
    {
        ArgumentNullException.ThrowIfNull(centre);
        Require.Length(centre.Length, Dimension, nameof(centre));
        Require.AllFinite(centre);
        _centre = (double[])centre.Clone();
        _matrix = SymmetricTensor.Flatten(matrix, Dimension, nameof(matrix));
        (_eigenvalues, _eigenvectors) = DenseEigen.Symmetric(Matrix<double>.Build.DenseOfArray(matrix));
    }

    /// <inheritdoc/>
    public override string Name => "quadratic";

    /// <summary>The largest eigenvalue of A, the sharpness everywhere.</summary>
    public double Sharpness => _eigenvalues[^1];

    /// <summary>Makes a quadratic with a given spectrum in a random orthonormal basis.</summary>
    /// <param name="eigenvalues">The eigenvalues of A, finite.</param>
    /// <param name="seed">Seeds the basis; null leaves A diagonal.</param>
    /// <param name="centre">c, or null for the origin.</param>
    public static QuadraticBowl WithSpectrum(
        ReadOnlySpan<double> eigenvalues,
        int? seed = null,
        double[]? centre = null
    )
    {
        // Before the matrix is made, whose memory grows with the square.
        Require.InRange(eigenvalues.Length, 1, LargestDimension, "dimension");
        Require.AllFinite(eigenvalues);
        var matrix = seed is { } s
            ? RandomBasis.Symmetric(eigenvalues, new Random(s))
            : Matrix<double>.Build.DenseOfDiagonalArray(eigenvalues.ToArray()).ToArray();
        return new QuadraticBowl(matrix, centre ?? new double[eigenvalues.Length]);
    }

    /// <summary>theta_t by eq. (2.1), through the eigenbasis of A and not by iteration.</summary>
    /// <param name="start">theta_0.</param>
    /// <param name="stepSize">eta.</param>
    /// <param name="steps">t, at least 0.</param>
    public double[] Exact(ReadOnlySpan<double> start, double stepSize, int steps)
    {
        Require.Length(start.Length, Dimension, nameof(start));
        Require.InRange(steps, 0);
        var offset = Vector<double>.Build.DenseOfArray(start.ToArray()) - Vector<double>.Build.DenseOfArray(_centre);
        var coordinates = _eigenvectors.TransposeThisAndMultiply(offset);
        for (var i = 0; i < Dimension; i++)
            coordinates[i] *= Math.Pow(1 - (stepSize * _eigenvalues[i]), steps);
        return ((_eigenvectors * coordinates) + Vector<double>.Build.DenseOfArray(_centre)).ToArray();
    }

    /// <inheritdoc/>
    public override double Loss(ReadOnlySpan<double> theta)
    {
        var sum = 0.0;
        for (var i = 0; i < Dimension; i++)
            sum += (theta[i] - _centre[i]) * Row(i, theta);
        return sum / 2;
    }

    /// <inheritdoc/>
    public override void Gradient(ReadOnlySpan<double> theta, Span<double> gradient)
    {
        for (var i = 0; i < Dimension; i++)
            gradient[i] = Row(i, theta);
    }

    /// <inheritdoc/>
    public override void Hessian(ReadOnlySpan<double> theta, Span<double> hessian) => _matrix.CopyTo(hessian);

    /// <inheritdoc/>
    public override void DirectionalDerivatives(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        Span<double> derivatives
    )
    {
        derivatives.Clear();
        for (var i = 0; i < Dimension; i++)
        {
            derivatives[0] += direction[i] * Row(i, theta);
            if (derivatives.Length > 1)
                derivatives[1] += direction[i] * Product(i, direction);
        }
    }

    /// <inheritdoc/>
    public override void DirectionalGradient(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        int order,
        Span<double> gradient
    )
    {
        gradient.Clear();
        if (order > 1)
            return;
        for (var i = 0; i < Dimension; i++)
            gradient[i] = Product(i, direction);
    }

    private double Row(int i, ReadOnlySpan<double> theta)
    {
        var sum = 0.0;
        for (var j = 0; j < Dimension; j++)
            sum += _matrix[(i * Dimension) + j] * (theta[j] - _centre[j]);
        return sum;
    }

    private double Product(int i, ReadOnlySpan<double> direction) =>
        TensorPrimitives.Dot(_matrix.AsSpan(i * Dimension, Dimension), direction);
}
