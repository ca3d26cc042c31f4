using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Loss and gradient of a matrix factorisation; parameters U then V, row by row. Entry by entry, so that no product has to be stored.</summary>
public readonly struct MatrixFactorisationModel : IModel
{
    private readonly double[] _target;
    private readonly int _rows,
        _columns,
        _rank;

    internal MatrixFactorisationModel(double[] target, int rows, int columns, int rank) =>
        (_target, _rows, _columns, _rank) = (target, rows, columns, rank);

    /// <inheritdoc/>
    public T Loss<T>(ReadOnlySpan<T> theta)
        where T : struct, IReal<T>
    {
        T sum = 0.0;
        for (var i = 0; i < _rows; i++)
        for (var j = 0; j < _columns; j++)
        {
            var error = Error(theta, i, j);
            sum += error * error;
        }

        return (T)0.5 * sum;
    }

    /// <inheritdoc/>
    public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
        where T : struct, IReal<T>
    {
        gradient.Fill(0.0);
        for (var i = 0; i < _rows; i++)
        for (var j = 0; j < _columns; j++)
        {
            var error = Error(theta, i, j);
            var (u, v) = (i * _rank, (_rows + j) * _rank);
            for (var k = 0; k < _rank; k++)
            {
                gradient[u + k] += error * theta[v + k];
                gradient[v + k] += error * theta[u + k];
            }
        }
    }

    /// <summary>(U V^T - M)_ij.</summary>
    private T Error<T>(ReadOnlySpan<T> theta, int i, int j)
        where T : struct, IReal<T>
    {
        var (u, v) = (i * _rank, (_rows + j) * _rank);
        T sum = -_target[(i * _columns) + j];
        for (var k = 0; k < _rank; k++)
            sum += theta[u + k] * theta[v + k];
        return sum;
    }
}

/// <summary>
/// Matrix factorisation, the two-layer case of eq. (3.11) with W_2 = U and W_1 = V^T: L = 1/2 |E|_F^2, E = U V^T - M, U m x r, V n x r, theta = (U, V) row by row, defined everywhere.
/// Gradient (E V, E^T U); along (A, B) the Hessian's form is |A V^T + U B^T|_F^2 + 2 tr(E^T A B^T); degree 4.
/// Minima: U V^T the best approximation of M of rank r (Eckart and Young 1936). Where E = 0, S = |U|^2 + |V|^2 in spectral norms: |A V^T + U B^T|_F is at most
/// |A|_F |V| + |B|_F |U|, with equality for A, B built of the leading singular vectors. One step changes V^T V - U^T U by exactly eta^2 (U^T E E^T U - V^T E^T E V).
/// </summary>
public sealed class MatrixFactorisation : ModelLandscape<MatrixFactorisationModel>
{
    private readonly double[,] _target;

    /// <summary>Makes the landscape.</summary>
    /// <param name="target">M, m x n, finite, m and n at least 1.</param>
    /// <param name="rank">r, at least 1; above min(m, n) the factorisation is overparameterised.</param>
    /// <exception cref="ArgumentException">M is empty or not finite, or the rank is below 1.</exception>
    public MatrixFactorisation(double[,] target, int rank)
        : base(
            "matrix-factorisation",
            Checked(target, rank),
            checked((target.GetLength(0) + target.GetLength(1)) * rank)
        ) => (_target, Rank) = ((double[,])target.Clone(), rank);

    /// <summary>m.</summary>
    public int Rows => _target.GetLength(0);

    /// <summary>n.</summary>
    public int Columns => _target.GetLength(1);

    /// <summary>r.</summary>
    public int Rank { get; }

    /// <summary>Draws M with independent standard normal entries.</summary>
    /// <param name="rows">m, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="rank">r, at least 1.</param>
    /// <param name="seed">Seeds the generator.</param>
    public static MatrixFactorisation Random(int rows, int columns, int rank, int seed) =>
        new(MatrixData.Gaussian(rows, columns, seed), rank);

    /// <summary>U and V.</summary>
    /// <param name="theta">The point, (m + n) r components (or a gradient).</param>
    /// <returns>Copies of U, m x r, and V, n x r.</returns>
    public (Matrix<double> Left, Matrix<double> Right) Factors(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        return (MatrixData.At(theta, Rows, Rank), MatrixData.At(theta[(Rows * Rank)..], Columns, Rank));
    }

    /// <summary>V^T V - U^T U, conserved by gradient flow.</summary>
    /// <param name="theta">The point, (m + n) r components.</param>
    /// <returns>The imbalance, r x r, symmetric.</returns>
    public Matrix<double> Imbalance(ReadOnlySpan<double> theta)
    {
        var (left, right) = Factors(theta);
        return (right.Transpose() * right) - (left.Transpose() * left);
    }

    /// <summary>eta^2 (U^T E E^T U - V^T E^T E V), the exact change of the imbalance in one step of gradient descent: eta^2 times the imbalance of the gradient, for the terms linear in it cancel.</summary>
    /// <param name="theta">The point, (m + n) r components.</param>
    /// <param name="stepSize">eta.</param>
    /// <returns>The change, r x r, symmetric.</returns>
    public Matrix<double> ImbalanceChange(ReadOnlySpan<double> theta, double stepSize)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        var gradient = new double[Dimension];
        Gradient(theta, gradient);
        return stepSize * stepSize * Imbalance(gradient);
    }

    /// <summary>|U|^2 + |V|^2 in spectral norms: the sharpness where U V^T = M.</summary>
    /// <param name="theta">The point, (m + n) r components.</param>
    /// <returns>S at an exact minimum.</returns>
    public double MinimumSharpness(ReadOnlySpan<double> theta)
    {
        var (left, right) = Factors(theta);
        return Math.Pow(left.L2Norm(), 2) + Math.Pow(right.L2Norm(), 2);
    }

    private static MatrixFactorisationModel Checked(double[,] target, int rank) =>
        new(
            MatrixData.Flat(target, nameof(target)),
            target.GetLength(0),
            target.GetLength(1),
            Require.InRange(rank, 1)
        );
}
