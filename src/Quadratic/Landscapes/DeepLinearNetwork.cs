using FlatBias.Dynamics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// The deep linear network, eq. (3.11): L = 1/2 |W_N ... W_1 - M|_F^2, W_l of d_l x d_(l-1), any depth N >= 1 and widths, defined everywhere. On whitened data (X X^T / n = 1) this is all there is:
/// 1/(2n) |W X - Y|_F^2 = 1/2 |W - Y X^T / n|_F^2 + const. With E = W_N ... W_1 - M the gradient is dL/dW_l = (W_N ... W_(l+1))^T E (W_(l-1) ... W_1)^T; degree 2 N.
/// Neighbouring layers: with K_l = (W_N ... W_(l+2))^T E (W_(l-1) ... W_1)^T = dL/d(W_(l+1) W_l) one has dL/dW_l = W_(l+1)^T K_l and dL/dW_(l+1) = K_l W_l^T. In W_l W_l^T - W_(l+1)^T W_(l+1)
/// the terms of first order, -eta (W_(l+1)^T K_l W_l^T + W_l K_l^T W_(l+1)) in both products, cancel, so that one step changes it by exactly
/// eta^2 (W_(l+1)^T K_l K_l^T W_(l+1) - W_l K_l^T K_l W_l^T): (3.11), for N = 2 with K_1 = E = G.
/// Minima: E = 0 where no width is below the rank of M, else the best approximation of that rank (Eckart and Young 1936). At the balanced one, <see cref="BalancedMinimum"/>,
/// S = N |M|^(2 - 2/N) where E = 0 (spectral norm): each layer has norm |M|^(1/N), and the leading singular vectors of all layers are aligned.
/// </summary>
public sealed class DeepLinearNetwork : ModelLandscape<DeepLinearModel>
{
    private readonly int[] _widths;
    private readonly double[,] _target;

    /// <summary>Makes the network.</summary>
    /// <param name="widths">d_0, ..., d_N: at least two widths, each at least 1.</param>
    /// <param name="target">M, d_N x d_0, finite.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, or a number is out of range.</exception>
    public DeepLinearNetwork(int[] widths, double[,] target)
        : base(
            "deep-linear-network",
            Checked(widths, target),
            Enumerable.Range(1, widths.Length - 1).Sum(l => checked(widths[l] * widths[l - 1]))
        ) => (_widths, _target) = ([.. widths], (double[,])target.Clone());

    /// <summary>N, the number of layers.</summary>
    public int Depth => _widths.Length - 1;

    /// <summary>d_0, ..., d_N.</summary>
    public IReadOnlyList<int> Widths => _widths;

    /// <summary>Draws M with independent standard normal entries.</summary>
    /// <param name="widths">d_0, ..., d_N: at least two widths, each at least 1.</param>
    /// <param name="seed">Seeds the generator.</param>
    public static DeepLinearNetwork Random(int[] widths, int seed)
    {
        CheckWidths(widths);
        return new(widths, MatrixData.Gaussian(widths[^1], widths[0], seed));
    }

    /// <summary>W_l.</summary>
    /// <param name="theta">The point, P components (or a gradient: then dL/dW_l).</param>
    /// <param name="l">The layer, from 1 to N.</param>
    /// <returns>A copy of the matrix, d_l x d_(l-1).</returns>
    public Matrix<double> Layer(ReadOnlySpan<double> theta, int l)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        Require.InRange(l, 1, Depth);
        var from = 0;
        for (var m = 1; m < l; m++)
            from += _widths[m] * _widths[m - 1];
        return MatrixData.At(theta[from..], _widths[l], _widths[l - 1]);
    }

    /// <summary>W_l W_l^T - W_(l+1)^T W_(l+1), conserved by gradient flow.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="l">The lower layer of the pair, from 1 to N - 1.</param>
    /// <returns>The imbalance, d_l x d_l, symmetric.</returns>
    public Matrix<double> Imbalance(ReadOnlySpan<double> theta, int l)
    {
        Require.InRange(l, 1, Depth - 1);
        var (lower, upper) = (Layer(theta, l), Layer(theta, l + 1));
        return (lower * lower.Transpose()) - (upper.Transpose() * upper);
    }

    /// <summary>The exact change of an imbalance in one step of gradient descent, eq. (3.11): eta^2 times the imbalance of the gradient, since dL/dW_l = W_(l+1)^T K_l and dL/dW_(l+1) = K_l W_l^T.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="l">The lower layer of the pair, from 1 to N - 1.</param>
    /// <param name="stepSize">eta.</param>
    /// <returns>The change, d_l x d_l, symmetric.</returns>
    public Matrix<double> ImbalanceChange(ReadOnlySpan<double> theta, int l, double stepSize)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        var gradient = new double[Dimension];
        Gradient(theta, gradient);
        return stepSize * stepSize * Imbalance(gradient, l);
    }

    /// <summary>The balanced minimum: from M = U diag(s) V^T, cut to r = the least width, W_1 = s^(1/N) V^T, W_N = U s^(1/N), and s^(1/N) on the diagonal between. All imbalances are zero.</summary>
    /// <returns>The point, P components.</returns>
    public double[] BalancedMinimum()
    {
        var svd = Matrix<double>.Build.DenseOfArray(_target).Svd();
        var minimum = new double[Dimension];
        var (at, rank) = (0, _widths.Min());
        for (var l = 1; l <= Depth; l++)
        for (var i = 0; i < _widths[l]; i++)
        for (var j = 0; j < _widths[l - 1]; j++, at++)
        for (var k = 0; k < rank; k++)
        {
            var left =
                l == Depth ? svd.U[i, k]
                : i == k ? 1
                : 0;
            var right =
                l == 1 ? svd.VT[k, j]
                : j == k ? 1
                : 0;
            minimum[at] += left * Math.Pow(svd.S[k], 1.0 / Depth) * right;
        }

        return minimum;
    }

    private static DeepLinearModel Checked(int[] widths, double[,] target)
    {
        CheckWidths(widths);
        var flat = MatrixData.Flat(target, nameof(target));
        MatrixData.RequireShape(target, widths[^1], widths[0], nameof(target));
        return new([.. widths], flat);
    }

    private static void CheckWidths(int[] widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (widths.Length < 2)
            throw new ArgumentException(
                $"widths has {widths.Length} elements; it must have at least 2.",
                nameof(widths)
            );
        for (var l = 0; l < widths.Length; l++)
            Require.InRange(widths[l], 1, name: $"{nameof(widths)}[{l}]");
    }
}
