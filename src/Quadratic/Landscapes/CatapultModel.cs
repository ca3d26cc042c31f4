using System.Numerics.Tensors;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Theories;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// The UV model, eq. (6.3): L = 1/2 d^2, d = f - y, f = u . v / sqrt(n), u and v in R^n; parameters (u, v), P = 2n.
/// Gradient (d / sqrt(n)) (v, u); Hessian [[vv^T, vu^T + n' I], [uv^T + n' I, uu^T]] / n with n' = d sqrt(n); degree 4.
/// Minima: f = y, L = 0, where the Hessian is grad f grad f^T, so that the sharpness is the kernel lambda = (|u|^2 + |v|^2) / n and all other eigenvalues are 0. The origin is a saddle for y other than 0.
/// Descent reduces exactly to <see cref="CatapultMap"/>. Domain R^(2n); bounded below.
/// </summary>
public sealed class CatapultModel : ResidualLandscape<CatapultModel.Formula>
{
    /// <summary>Makes the model.</summary>
    /// <param name="width">n, at least 1.</param>
    /// <param name="target">y, finite.</param>
    public CatapultModel(int width, double target = 0)
        : base("catapult", new Formula(width, target), 2 * width) => (Width, Target) = (width, target);

    /// <summary>n.</summary>
    public int Width { get; }

    /// <summary>y.</summary>
    public double Target { get; }

    /// <summary>The error d and the kernel lambda at a point: the state of <see cref="CatapultMap"/>.</summary>
    /// <param name="theta">The point (u, v).</param>
    public (double Error, double Kernel) State(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        return (
            (TensorPrimitives.Dot(theta[..Width], theta[Width..]) / Math.Sqrt(Width)) - Target,
            TensorPrimitives.SumOfSquares(theta) / Width
        );
    }

    /// <summary>The exact reduced map.</summary>
    /// <param name="stepSize">eta, above 0.</param>
    public CatapultMap Map(double stepSize) => new(stepSize, Width, Target);

    /// <summary>Loss and gradient.</summary>
    public readonly struct Formula : IResidualModel
    {
        private readonly int _width;
        private readonly double _target;

        internal Formula(int width, double target) =>
            (_width, _target) = (Require.InRange(width, 1, int.MaxValue / 2), Require.Finite(target));

        /// <inheritdoc/>
        public int Outputs => 1;

        /// <inheritdoc/>
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            var error = Residual(theta, 0);
            return (T)0.5 * error * error;
        }

        /// <inheritdoc/>
        public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
            where T : struct, IReal<T> => Expand(theta, Residual(theta, 0) / (T)Math.Sqrt(_width), gradient);

        /// <inheritdoc/>
        public void ResidualGradient<T>(ReadOnlySpan<T> theta, int index, Span<T> gradient)
            where T : struct, IReal<T> => Expand(theta, 1 / Math.Sqrt(_width), gradient);

        /// <inheritdoc/>
        public T Residual<T>(ReadOnlySpan<T> theta, int index)
            where T : struct, IReal<T>
        {
            T sum = 0.0;
            for (var i = 0; i < _width; i++)
                sum += theta[i] * theta[_width + i];
            return (sum / (T)Math.Sqrt(_width)) - (T)_target;
        }

        /// <summary>gradient := factor (v, u).</summary>
        private void Expand<T>(ReadOnlySpan<T> theta, T factor, Span<T> gradient)
            where T : struct, IReal<T>
        {
            for (var i = 0; i < _width; i++)
                (gradient[i], gradient[_width + i]) = (factor * theta[_width + i], factor * theta[i]);
        }
    }
}
