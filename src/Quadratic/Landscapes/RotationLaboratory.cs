using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// The rotation laboratory, eq. (5.1), in n dimensions: L = 1/2 ((lambda_1 + delta y) p_1^2 + lambda_2 p_2^2 + sum_{i>2} lambda_i x_i^2) + V(y), (p_1, p_2) = R(w y)^T (x_1, x_2),
/// V = -slope y + 1/2 stiffness y^2; parameters (x_1, ..., x_n, y). w turns the frame as y moves, delta tilts the curvature: each mechanism alone, both, or neither.
/// Gradient: R(w y) (q_1, q_2) with q_1 = (lambda_1 + delta y) p_1, q_2 = lambda_2 p_2; lambda_i x_i; and in y 1/2 delta p_1^2 + w (q_1 p_2 - q_2 p_1) + V'(y), since dp_1/d(w y) = p_2 and dp_2/d(w y) = -p_1.
/// At x = 0 the Hessian is R diag(lambda_1 + delta y, lambda_2) R^T, then lambda_i, then stiffness: that line is critical in x, and a minimum where stiffness is above 0, y = slope / stiffness, and all these are above 0.
/// With slope = stiffness = 0 the whole line is critical, and L does not change under (x, y, w) -> (a x, y, w) but for the factor a^2.
/// The observations of (5.1) hold with V = 0. What stands behind "w only": the run locks to a frame that turns by a constant angle per step, exactly the marginal angle of (5.2) (<see cref="RotatingStep.MarginalAngle"/>),
/// with |x| constant and proportional to 1 / w. Past eta lambda_1 about 2.3 most starts escape before they lock.
/// Domain R^(n+1); unbounded below if delta or slope is not 0 (unless stiffness is above 0 and delta = 0).
/// </summary>
public sealed class RotationLaboratory : ModelLandscape<RotationLaboratory.Formula>
{
    private readonly double[] _eigenvalues;

    /// <summary>Makes a laboratory.</summary>
    /// <param name="eigenvalues">lambda_1, ..., lambda_n, n at least 2, finite.</param>
    /// <param name="rotation">w.</param>
    /// <param name="steepening">delta.</param>
    /// <param name="slope">The slope of V.</param>
    /// <param name="stiffness">The stiffness of V.</param>
    public RotationLaboratory(
        double[] eigenvalues,
        double rotation,
        double steepening,
        double slope = 0,
        double stiffness = 0
    )
        : base(
            "rotation-laboratory",
            new Formula(eigenvalues, rotation, steepening, slope, stiffness),
            eigenvalues.Length + 1
        )
    {
        _eigenvalues = (double[])eigenvalues.Clone();
        (Rotation, Steepening, Slope, Stiffness) = (rotation, steepening, slope, stiffness);
    }

    /// <summary>w, the angle per unit of y.</summary>
    public double Rotation { get; }

    /// <summary>delta, the gradient of the unstable curvature.</summary>
    public double Steepening { get; }

    /// <summary>The slope of V: above 0 it drives y upwards, which is progressive sharpening if delta is above 0 too.</summary>
    public double Slope { get; }

    /// <summary>The stiffness of V.</summary>
    public double Stiffness { get; }

    /// <summary>The same laboratory with mechanisms switched off.</summary>
    /// <param name="rotation">Whether w stays.</param>
    /// <param name="steepening">Whether delta stays.</param>
    public RotationLaboratory Switched(bool rotation, bool steepening) =>
        new(_eigenvalues, rotation ? Rotation : 0, steepening ? Steepening : 0, Slope, Stiffness);

    /// <summary>lambda_1 + delta y, the curvature along the turning unstable direction.</summary>
    /// <param name="theta">The point (x, y).</param>
    public double UnstableCurvature(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        return _eigenvalues[0] + (Steepening * theta[^1]);
    }

    /// <summary>One step at a constant turning rate, eq. (5.2), with lambda_1 and lambda_2.</summary>
    /// <param name="stepSize">eta, above 0.</param>
    /// <param name="angle">psi, radians.</param>
    public RotatingStep LinearStep(double stepSize, double angle) =>
        new(1 - (Require.Positive(stepSize) * _eigenvalues[0]), 1 - (stepSize * _eigenvalues[1]), angle);

    /// <summary>Loss and gradient.</summary>
    public readonly struct Formula : IModel
    {
        private readonly double[] _eigenvalues;
        private readonly double _rotation,
            _steepening,
            _slope,
            _stiffness;

        internal Formula(double[] eigenvalues, double rotation, double steepening, double slope, double stiffness)
        {
            ArgumentNullException.ThrowIfNull(eigenvalues);
            Require.InRange(eigenvalues.Length, 2, name: nameof(eigenvalues));
            Require.AllFinite(eigenvalues);
            _eigenvalues = (double[])eigenvalues.Clone();
            (_rotation, _steepening) = (Require.Finite(rotation), Require.Finite(steepening));
            (_slope, _stiffness) = (Require.Finite(slope), Require.Finite(stiffness));
        }

        /// <inheritdoc/>
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            var y = theta[^1];
            var (p1, p2, _, _) = Frame(theta);
            var twice = (((T)_eigenvalues[0] + ((T)_steepening * y)) * p1 * p1) + ((T)_eigenvalues[1] * p2 * p2);
            for (var i = 2; i < _eigenvalues.Length; i++)
                twice += (T)_eigenvalues[i] * theta[i] * theta[i];
            return ((T)0.5 * twice) + (y * (((T)(0.5 * _stiffness) * y) - (T)_slope));
        }

        /// <inheritdoc/>
        public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
            where T : struct, IReal<T>
        {
            var y = theta[^1];
            var (p1, p2, sin, cos) = Frame(theta);
            var (q1, q2) = (((T)_eigenvalues[0] + ((T)_steepening * y)) * p1, (T)_eigenvalues[1] * p2);
            (gradient[0], gradient[1]) = ((cos * q1) - (sin * q2), (sin * q1) + (cos * q2));
            for (var i = 2; i < _eigenvalues.Length; i++)
                gradient[i] = (T)_eigenvalues[i] * theta[i];
            gradient[^1] =
                ((T)(0.5 * _steepening) * p1 * p1)
                + ((T)_rotation * ((q1 * p2) - (q2 * p1)))
                + ((T)_stiffness * y)
                - (T)_slope;
        }

        /// <summary>x_1 and x_2 in the turned frame, and the sine and cosine of its angle.</summary>
        private (T First, T Second, T Sin, T Cos) Frame<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            var (sin, cos) = T.SinCos((T)_rotation * theta[^1]);
            return ((cos * theta[0]) + (sin * theta[1]), (cos * theta[1]) - (sin * theta[0]), sin, cos);
        }
    }
}
