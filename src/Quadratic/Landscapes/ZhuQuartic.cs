using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// The quartic of Zhu et al. 2023, eq. (6.4): L = 1/4 (1 - x^2 y^2)^2, a two-parameter network (section 3) with z = (1 - Theta^2)^2 / 4.
/// Gradient -x y (1 - x^2 y^2) (y, x); degree 8. Minima: the hyperbolas |x y| = 1, L = 0, with sharpness 2 (x^2 + y^2) and the other eigenvalue 0. The axes are critical too, with L = 1/4.
/// The minimum at the edge 2 / eta that theory expects has x^2 + y^2 = 1 / eta, so sqrt(|x^2 - y^2|) = (eta^-2 - 4)^(1/4).
/// Where descent from a sharper start ends, to next order: Theta+ = Theta - eta s z' is a map with step eta s ~ 1 and z'' = 2, z''' = z'''' = 6 at the minimum, so its flip (4.6) has c = 8 and the orbit
/// creeps along the two-cycle of amplitude a ~ sqrt(eps / 8), eps = eta S - 2, while (3.1) lowers eps by 8 eta^2 a^2 a step. From (a^2)+ - a^2 = 2 a^2 (eps - 8 a^2),
/// d(a^2)/d(eps) = (8 a^2 - eps) / (4 eta^2): as eps falls every orbit approaches a^2 = (eps + eta^2 / 2) / 8, which reaches a = 0 at
/// eps = -eta^2 / 2: the end is flatter than the edge by eta S / 2 = 1 - eta^2 / 4, and c by the factor 1 - eta^2 / 8. Domain R^2; bounded below.
/// </summary>
public sealed class ZhuQuartic : ModelLandscape<ZhuQuartic.Formula>
{
    /// <summary>Makes the landscape.</summary>
    public ZhuQuartic()
        : base("zhu-quartic", default, 2) { }

    /// <summary>sqrt(|x^2 - y^2|) at the minimum whose sharpness is 2 / eta: (eta^-2 - 4)^(1/4).</summary>
    /// <param name="stepSize">eta, above 0 and at most 1/2: no minimum is flatter than 4.</param>
    public static double EdgeImbalance(double stepSize)
    {
        RequireReal.InRange(Require.Positive(stepSize), 0, 0.5, nameof(stepSize));
        var inverse = 1 / stepSize;
        return Math.Sqrt(Math.Sqrt((inverse - 2) * (inverse + 2)));
    }

    /// <summary>The minimum (x, 1 / x).</summary>
    /// <param name="x">The first coordinate, finite and above 0.</param>
    public static double[] Minimum(double x) => [Require.Positive(x), 1 / x];

    /// <summary>2 (x^2 + y^2), the sharpness at a minimum.</summary>
    /// <param name="theta">A minimum (x, y).</param>
    public static double SharpnessAtMinimum(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, 2, nameof(theta));
        return 2 * ((theta[0] * theta[0]) + (theta[1] * theta[1]));
    }

    /// <summary>Loss and gradient.</summary>
    public readonly struct Formula : IModel
    {
        /// <inheritdoc/>
        public T Loss<T>(ReadOnlySpan<T> theta)
            where T : struct, IReal<T>
        {
            var product = theta[0] * theta[1];
            var error = (T)1.0 - (product * product);
            return (T)0.25 * error * error;
        }

        /// <inheritdoc/>
        public void Gradient<T>(ReadOnlySpan<T> theta, Span<T> gradient)
            where T : struct, IReal<T>
        {
            var product = theta[0] * theta[1];
            var slope = product * ((product * product) - (T)1.0);
            (gradient[0], gradient[1]) = (slope * theta[1], slope * theta[0]);
        }
    }
}
