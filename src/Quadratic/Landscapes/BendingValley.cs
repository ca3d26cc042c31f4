using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// A valley whose floor bends and whose walls steepen along it: L = 1/2 lambda (1 + delta x) n^2 + 1/2 mu (x - c)^2, n = y - kappa x^2 / 2; parameters (x, y).
/// Gradient (1/2 lambda delta n^2 - lambda (1 + delta x) kappa x n + mu (x - c), lambda (1 + delta x) n), a polynomial of degree 4.
/// Floor: n = 0, where L = 1/2 mu (x - c)^2, the gradient is (mu (x - c), 0) and the Hessian lambda (1 + delta x) (-kappa x, 1)(-kappa x, 1)^T + diag(mu, 0): trace
/// T = lambda (1 + delta x)(1 + kappa^2 x^2) + mu, determinant D = lambda mu (1 + delta x), sharpness (T + sqrt(T^2 - 4 D)) / 2, and the leading direction turns with the floor's normal.
/// Sliding down a floor with delta (c - x) above 0 is progressive sharpening. Minimum at (c, kappa c^2 / 2), L = 0.
/// Domain 1 + delta x above 0; beyond it the walls turn over and L is unbounded below.
/// </summary>
public sealed class BendingValley : ModelLandscape<BendingValley.Formula>
{
    private readonly double _wall,
        _bend,
        _steepening,
        _fall,
        _centre;

    /// <summary>Makes a valley.</summary>
    /// <param name="wall">lambda, above 0.</param>
    /// <param name="bend">kappa, the curvature of the floor's line at x = 0.</param>
    /// <param name="steepening">delta.</param>
    /// <param name="fall">mu, above 0.</param>
    /// <param name="centre">c, with 1 + delta c above 0.</param>
    public BendingValley(double wall, double bend, double steepening, double fall, double centre = 0)
        : base("bending-valley", new Formula(wall, bend, steepening, fall, centre), 2)
    {
        Require.Positive(1 + (steepening * centre), "1 + steepening * centre");
        (_wall, _bend, _steepening, _fall, _centre) = (wall, bend, steepening, fall, centre);
    }

    /// <summary>The minimum (c, kappa c^2 / 2).</summary>
    public double[] Minimum() => Floor(_centre);

    /// <summary>The floor's point above x.</summary>
    /// <param name="x">The first coordinate.</param>
    /// <returns>(x, kappa x^2 / 2).</returns>
    public double[] Floor(double x) => [x, _bend * x * x / 2];

    /// <summary>The sharpness on the floor above x.</summary>
    /// <param name="x">The first coordinate, with 1 + delta x above 0.</param>
    public double FloorSharpness(double x)
    {
        var wall = _wall * Require.Positive(1 + (_steepening * x), "1 + steepening * x");
        // (T/2)^2 - D as a sum of squares, so that nothing cancels: the matrix is [[mu + w b^2, -w b], [-w b, w]] with b = kappa x.
        var b = _bend * x;
        var (centre, half) = ((_fall + (wall * ((b * b) + 1))) / 2, (_fall + (wall * ((b * b) - 1))) / 2);
        return centre + Math.Sqrt((half * half) + (wall * b * wall * b));
    }

    /// <summary>Loss and gradient.</summary>
    public readonly struct Formula : IModel
    {
        private readonly double _wall,
            _bend,
            _steepening,
            _fall,
            _centre;

        internal Formula(double wall, double bend, double steepening, double fall, double centre)
        {
            (_wall, _fall) = (Require.Positive(wall), Require.Positive(fall));
            (_bend, _steepening, _centre) = (Require.Finite(bend), Require.Finite(steepening), Require.Finite(centre));
        }

        /// <inheritdoc/>
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            var (normal, wall, along) = Local(theta);
            return (T)0.5 * ((wall * normal * normal) + ((T)_fall * along * along));
        }

        /// <inheritdoc/>
        public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
            where T : struct, IReal<T>
        {
            var (normal, wall, along) = Local(theta);
            gradient[0] =
                ((T)(0.5 * _wall * _steepening) * normal * normal)
                - (wall * (T)_bend * theta[0] * normal)
                + ((T)_fall * along);
            gradient[1] = wall * normal;
        }

        /// <summary>n, lambda (1 + delta x) and x - c.</summary>
        private (T Normal, T Wall, T Along) Local<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T> =>
            (
                theta[1] - ((T)(0.5 * _bend) * theta[0] * theta[0]),
                (T)_wall + ((T)(_wall * _steepening) * theta[0]),
                theta[0] - (T)_centre
            );
    }
}
