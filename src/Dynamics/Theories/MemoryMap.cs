using FlatBias.Dynamics.Maps;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The curvature-moment system with memory in Krylov form, eq. (4.9), with the terms k = 1 of (4.7):
/// u+ = u - eta sum_k (m_k + b_k . f) u^(k-1)/(k-1)!,   f+ = f - eta ( g_Q + T f + sum_k b_k u^k/k! ).
/// State: (u, f_1, ..., f_r). On a valley with quadratic V and affine moments it is gradient descent itself once the Krylov space has closed.
/// </summary>
public readonly struct MemoryMap : IDiscreteMap
{
    private readonly double _stepSize;
    private readonly double[] _moments, _slope;
    private readonly double[][] _gradients;
    private readonly double[,] _hessian;

    /// <summary>Makes the map of a jet.</summary>
    /// <param name="jet">The jet; its Krylov part must be there.</param>
    /// <param name="order">The order K at which moments are cut, 2 to that of the jet.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    public MemoryMap(Jet jet, int order, double stepSize)
    {
        ArgumentNullException.ThrowIfNull(jet);
        Require.InRange(order, 2, jet.Order);
        var krylov = jet.Krylov ?? throw new ArgumentException("The jet has no Krylov part.", nameof(jet));
        _stepSize = Require.Positive(stepSize);
        (_moments, _gradients) = (jet.Moments[..order], krylov.Gradients[..order]);
        (_slope, _hessian) = (krylov.Slope, krylov.Hessian);
    }

    /// <inheritdoc/>
    public int Dimension => _slope.Length + 1;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        var (u, force) = (current[0], 0.0);
        var f = current[1..];
        for (var i = 0; i < f.Length; i++)
        {
            var pull = _slope[i];
            for (var j = 0; j < f.Length; j++) pull += _hessian[i, j] * f[j];
            next[i + 1] = pull;
        }

        var power = 1.0; // u^(k-1)/(k-1)!
        for (var k = 1; k <= _moments.Length; k++)
        {
            force += Moment(k, f) * power;
            power *= u / k;
            for (var i = 0; i < f.Length; i++) next[i + 1] += _gradients[k - 1][i] * power;
        }

        next[0] = u - (_stepSize * force);
        for (var i = 0; i < f.Length; i++) next[i + 1] = f[i] - (_stepSize * next[i + 1]);
    }

    /// <summary>m_k + b_k . f.</summary>
    /// <param name="k">The order, from 1.</param>
    /// <param name="floor">f.</param>
    /// <returns>The moment at that place of the floor.</returns>
    public double Moment(int k, ReadOnlySpan<double> floor) => _moments[k - 1] + System.Numerics.Tensors.TensorPrimitives.Dot(_gradients[k - 1], floor);

    /// <summary>The loss relative to the reference point: g_Q . f + 1/2 f^T T f + sum_k (m_k + b_k . f) u^k/k!.</summary>
    /// <param name="state">(u, f).</param>
    /// <returns>The change of the loss.</returns>
    public double LossChange(ReadOnlySpan<double> state)
    {
        var u = state[0];
        var f = state[1..];
        var (sum, power) = (0.0, 1.0);
        for (var i = 0; i < f.Length; i++)
        {
            var row = 0.0;
            for (var j = 0; j < f.Length; j++) row += _hessian[i, j] * f[j];
            sum += f[i] * (_slope[i] + (row / 2));
        }

        for (var k = 1; k <= _moments.Length; k++) sum += Moment(k, f) * (power *= u / k);
        return sum;
    }

    /// <summary>The forecast Hessian in (u, f): [[ sum_{k>=2} (m_k + b_k . f) u^(k-2)/(k-2)!, c^T ], [ c, T ]], c = sum_k b_k u^(k-1)/(k-1)!.</summary>
    /// <param name="state">(u, f).</param>
    /// <param name="rotation">Whether the coupling c, which turns v_1, is kept.</param>
    /// <returns>The matrix, (r + 1) x (r + 1).</returns>
    public Matrix<double> Hessian(ReadOnlySpan<double> state, bool rotation)
    {
        var u = state[0];
        var f = state[1..];
        var matrix = Matrix<double>.Build.Dense(Dimension, Dimension);
        for (var i = 0; i < f.Length; i++)
            for (var j = 0; j < f.Length; j++) matrix[i + 1, j + 1] = _hessian[i, j];
        var power = 1.0; // u^(k-2)/(k-2)!
        for (var k = 2; k <= _moments.Length; k++)
        {
            matrix[0, 0] += Moment(k, f) * power;
            power *= u / (k - 1);
        }

        if (!rotation) return matrix;
        power = 1; // u^(k-1)/(k-1)!
        for (var k = 1; k <= _moments.Length; k++)
        {
            for (var i = 0; i < f.Length; i++) matrix[0, i + 1] += _gradients[k - 1][i] * power;
            power *= u / k;
        }

        for (var i = 0; i < f.Length; i++) matrix[i + 1, 0] = matrix[0, i + 1];
        return matrix;
    }
}
