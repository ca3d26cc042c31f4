using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// Two equally deep wells, one sharper than the other: L = h q^2 (1 + s xi + s^2 xi^2) + 1/2 sum_i mu_i y_i^2, xi = x / r, q = xi^2 - 1; parameters (x, y_1, ..., y_k).
/// Symmetric for s = 0, and 1/4 (x^2 - 1)^2 for h = 1/4, r = 1.
/// Gradient in x: (h / r) q (4 xi p + q p'), p = 1 + s xi + s^2 xi^2, p' = s + 2 s^2 xi. L is a polynomial of degree 6 in x; the conformance suite checks the derivatives that follow.
/// p is above 0 everywhere, so the minima are x = +-r, y = 0 with L = 0 and curvature 8 h (1 +- s + s^2) / r^2 along x, mu_i along y_i.
/// For |s| at most 1 the only other critical point is one barrier between them (4 xi p + q p' increases in xi); at s = 0 it is x = 0 with L = h and curvature -4 h / r^2. Domain R^(1+k); bounded below.
/// </summary>
public sealed class DoubleWell : ModelLandscape<DoubleWell.Formula>
{
    private readonly double _height,
        _radius,
        _skew;
    private readonly double[] _transverse;

    /// <summary>Makes a double well.</summary>
    /// <param name="height">h, above 0.</param>
    /// <param name="radius">r, above 0.</param>
    /// <param name="skew">s, from -1 to 1; above 0 the well at +r is the sharper one.</param>
    /// <param name="transverse">mu_1, ..., mu_k, each above 0; may be empty.</param>
    public DoubleWell(double height = 0.25, double radius = 1, double skew = 0, params double[] transverse)
        : base("double-well", new Formula(height, radius, skew, transverse), 1 + transverse.Length) =>
        (_height, _radius, _skew, _transverse) = (height, radius, skew, (double[])transverse.Clone());

    /// <summary>The minimum on one side.</summary>
    /// <param name="side">The side's sign: at least 0 is +r.</param>
    /// <returns>(+-r, 0, ..., 0).</returns>
    public double[] Minimum(int side)
    {
        var theta = new double[Dimension];
        theta[0] = side < 0 ? -_radius : _radius;
        return theta;
    }

    /// <summary>The curvature along x at the minimum of one side, 8 h (1 +- s + s^2) / r^2.</summary>
    /// <param name="side">The side's sign: at least 0 is +r.</param>
    public double WellCurvature(int side) =>
        8 * _height * (1 + (side < 0 ? -_skew : _skew) + (_skew * _skew)) / (_radius * _radius);

    /// <summary>The sharpness at the minimum of one side: the largest of the well's curvature and the mu_i.</summary>
    /// <param name="side">The side's sign: at least 0 is +r.</param>
    public double Sharpness(int side) => Math.Max(WellCurvature(side), _transverse.DefaultIfEmpty(0).Max());

    /// <summary>Loss and gradient.</summary>
    public readonly struct Formula : IModel
    {
        private readonly double _height,
            _radius,
            _skew;
        private readonly double[] _transverse;

        internal Formula(double height, double radius, double skew, double[] transverse)
        {
            ArgumentNullException.ThrowIfNull(transverse);
            (_height, _radius) = (Require.Positive(height), Require.Positive(radius));
            _skew = RequireReal.InRange(skew, -1, 1);
            for (var i = 0; i < transverse.Length; i++)
                Require.Positive(transverse[i], $"{nameof(transverse)}[{i}]");
            _transverse = (double[])transverse.Clone();
        }

        /// <inheritdoc/>
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            var xi = theta[0] / (T)_radius;
            var q = (xi * xi) - (T)1.0;
            var loss = (T)_height * q * q * Tilt(xi);
            for (var i = 0; i < _transverse.Length; i++)
                loss += (T)(0.5 * _transverse[i]) * theta[i + 1] * theta[i + 1];
            return loss;
        }

        /// <inheritdoc/>
        public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
            where T : struct, IReal<T>
        {
            var xi = theta[0] / (T)_radius;
            var q = (xi * xi) - (T)1.0;
            var slope = (T)_skew + ((T)(2 * _skew * _skew) * xi);
            gradient[0] = (T)(_height / _radius) * q * (((T)4.0 * xi * Tilt(xi)) + (q * slope));
            for (var i = 0; i < _transverse.Length; i++)
                gradient[i + 1] = (T)_transverse[i] * theta[i + 1];
        }

        private T Tilt<T>(T xi)
            where T : struct, IReal<T> => (T)1.0 + ((T)_skew * xi) + ((T)(_skew * _skew) * xi * xi);
    }
}
