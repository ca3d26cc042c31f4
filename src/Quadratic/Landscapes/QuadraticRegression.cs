using FlatBias.Dynamics;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Arithmetic;
using MathNet.Numerics.Distributions;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// Quadratic regression, eq. (6.6): z = y + G theta + 1/2 Q(theta, theta) with D outputs, J = G + Q(theta, .), L = 1/2 |z|^2. Q is symmetric in its last two indices.
/// Gradient J^T z; Hessian J^T J + sum_d z_d Q_d; degree 4. Minima with L = 0 wherever z = 0, with Hessian J^T J and so sharpness |J|^2 (the largest singular value squared); others may exist.
/// Descent reduces exactly to <see cref="QuadraticRegressionMap"/>. Domain R^P; bounded below.
/// </summary>
public sealed class QuadraticRegression : ResidualLandscape<QuadraticRegression.Formula>
{
    /// <summary>Makes a regression.</summary>
    /// <param name="offset">y, D numbers, D at least 1, finite.</param>
    /// <param name="jacobian">G, D x P with P at least 1, finite.</param>
    /// <param name="curvature">Q, D x P x P, symmetric in the last two indices, finite.</param>
    /// <exception cref="ArgumentException">Sizes do not agree, a slice of Q is not symmetric, or a number is not finite.</exception>
    public QuadraticRegression(double[] offset, double[,] jacobian, double[,,] curvature)
        : base("quadratic-regression", new Formula(offset, jacobian, curvature), jacobian.GetLength(1)) { }

    /// <summary>A random regression: y, G and Q Gaussian with standard deviations 1, jacobianScale / sqrt(P) and curvatureScale / P.</summary>
    /// <param name="outputs">D, at least 1.</param>
    /// <param name="parameters">P, at least 1.</param>
    /// <param name="jacobianScale">The scale of G, above 0.</param>
    /// <param name="curvatureScale">The scale of Q, above 0.</param>
    /// <param name="random">The generator.</param>
    public static QuadraticRegression Random(
        int outputs,
        int parameters,
        double jacobianScale,
        double curvatureScale,
        Random random
    )
    {
        Require.InRange(outputs, 1);
        Require.InRange(parameters, 1);
        var normal = new Normal(0, 1, random);
        var (g, q) = (
            Require.Positive(jacobianScale) / Math.Sqrt(parameters),
            Require.Positive(curvatureScale) / parameters
        );
        var offset = new double[outputs];
        var jacobian = new double[outputs, parameters];
        var curvature = new double[outputs, parameters, parameters];
        for (var d = 0; d < outputs; d++)
        {
            offset[d] = normal.Sample();
            for (var i = 0; i < parameters; i++)
            {
                jacobian[d, i] = g * normal.Sample();
                for (var j = 0; j <= i; j++)
                    curvature[d, i, j] = curvature[d, j, i] = q * normal.Sample();
            }
        }

        return new QuadraticRegression(offset, jacobian, curvature);
    }

    /// <summary>The state (z, J) of <see cref="QuadraticRegressionMap"/> at a point.</summary>
    /// <param name="theta">The point, P components.</param>
    /// <param name="state">Overwritten with z and J row by row, D (1 + P) numbers.</param>
    public void State(ReadOnlySpan<double> theta, Span<double> state)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        Require.Length(state.Length, Outputs * (1 + Dimension), nameof(state));
        Model.State(theta, state);
    }

    /// <summary>The exact map of (z, J).</summary>
    /// <param name="stepSize">eta, above 0.</param>
    public QuadraticRegressionMap Map(double stepSize) => Model.Map(stepSize);

    /// <summary>Loss and gradient.</summary>
    public readonly struct Formula : IResidualModel
    {
        private readonly double[] _offset,
            _jacobian,
            _curvature;

        internal Formula(double[] offset, double[,] jacobian, double[,,] curvature)
        {
            ArgumentNullException.ThrowIfNull(offset);
            ArgumentNullException.ThrowIfNull(jacobian);
            ArgumentNullException.ThrowIfNull(curvature);
            var outputs = Require.InRange(offset.Length, 1, name: nameof(offset));
            Require.Length(jacobian.GetLength(0), outputs, nameof(jacobian));
            var parameters = Require.InRange(jacobian.GetLength(1), 1, name: nameof(jacobian));
            (_offset, _jacobian) = ((double[])offset.Clone(), [.. jacobian.Cast<double>()]);
            Require.AllFinite(_offset, nameof(offset));
            Require.AllFinite(_jacobian, nameof(jacobian));
            _curvature = SymmetricTensor.Flatten(curvature, outputs, parameters, nameof(curvature));
        }

        /// <inheritdoc/>
        public int Outputs => _offset.Length;

        /// <inheritdoc/>
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            T sum = 0.0;
            for (var d = 0; d < _offset.Length; d++)
            {
                var z = Residual(theta, d);
                sum += z * z;
            }

            return (T)0.5 * sum;
        }

        /// <inheritdoc/>
        public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
            where T : struct, IReal<T>
        {
            gradient.Clear();
            for (var d = 0; d < _offset.Length; d++)
            {
                var z = Residual(theta, d);
                for (var i = 0; i < theta.Length; i++)
                    gradient[i] += z * Slope(d, i, theta);
            }
        }

        internal void State(ReadOnlySpan<double> theta, Span<double> state)
        {
            var point = System.Runtime.InteropServices.MemoryMarshal.Cast<double, Scalar>(theta);
            var outputs = _offset.Length;
            for (var d = 0; d < outputs; d++)
            {
                state[d] = Residual<Scalar>(point, d).Value;
                for (var i = 0; i < point.Length; i++)
                    state[outputs + (d * point.Length) + i] = Slope(d, i, point).Value;
            }
        }

        internal QuadraticRegressionMap Map(double stepSize) =>
            new(stepSize, _offset.Length, _jacobian.Length / _offset.Length, _curvature);

        /// <summary>z_d = y_d + 1/2 (G_d + J_d) . theta.</summary>
        /// <typeparam name="T">The number type.</typeparam>
        /// <param name="theta">The point.</param>
        /// <param name="index">d, from 0.</param>
        public T Residual<T>(ReadOnlySpan<T> theta, int index)
            where T : struct, IReal<T>
        {
            T sum = 0.0;
            for (var i = 0; i < theta.Length; i++)
                sum += ((T)_jacobian[(index * theta.Length) + i] + Slope(index, i, theta)) * theta[i];
            return (T)_offset[index] + ((T)0.5 * sum);
        }

        /// <inheritdoc/>
        public void ResidualGradient<T>(ReadOnlySpan<T> theta, int index, Span<T> gradient)
            where T : struct, IReal<T>
        {
            for (var i = 0; i < theta.Length; i++)
                gradient[i] = Slope(index, i, theta);
        }

        /// <summary>J_di.</summary>
        private T Slope<T>(int d, int i, ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            var row = (d * theta.Length) + i;
            T sum = _jacobian[row];
            for (var j = 0; j < theta.Length; j++)
                sum += (T)_curvature[(row * theta.Length) + j] * theta[j];
            return sum;
        }
    }
}
