using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Surfaces;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// The jet held against the surface itself, before a step is made: with s the largest |u| that the jet lets expect, the gradients at theta +- s v are compared with those of the jet's own polynomial (4.7).
/// Two numbers decide an instability: the curvature along v, which drives u, and the push that u exerts on the floor along n = grad m_2, which ends it. On the surface they are
/// v . (g_+ - g_-) / 2s and n . (g_+ + g_- - 2 g) / 2; of the jet, sum over even k of m_k s^(k-2) / (k-1)! and of G_2k s^k / k!. Both are means over the swing and forgive what differs from end to end; the third number does not:
/// the curvature v . H v at either end, of the jet sum over k >= 2 of m_k (+-s)^(k-2) / (k-2)!.
/// A truncated series shows its remainder here, and a piecewise linear network its kinks, of which derivatives at one point know nothing: with them D^3 L is a sum of jumps, and the push is wrong at its leading order.
/// </summary>
/// <param name="Distance">s.</param>
/// <param name="Curvature">The error of the curvature, relative to S.</param>
/// <param name="Feedback">The error of the push, relative to the jet's own.</param>
/// <param name="Ends">The larger error of the curvature at the two ends, relative to S.</param>
public sealed record ModelTrust(double Distance, double Curvature, double Feedback, double Ends)
{
    /// <summary>The largest of the three errors; infinite where they are no numbers.</summary>
    public double Error =>
        Math.Max(Curvature, Math.Max(Feedback, Ends)) is var error && double.IsNaN(error)
            ? double.PositiveInfinity
            : error;

    /// <summary>Whether forecasts from the jet may be believed: no error is above the one that counts as wrong in a forecast, <see cref="ForecastScore.Wrong"/>.</summary>
    public bool Holds => Error <= ForecastScore.Wrong;

    /// <summary>Compares. Cost: two gradients, two Hessian products and a directional gradient of order 2, together nine gradients and two thirds.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point.</param>
    /// <param name="point">The surface there.</param>
    /// <param name="direction">v, the unit vector of the jet.</param>
    /// <param name="jet">The jet.</param>
    /// <param name="distance">s, above 0; where it is not finite, as for a forecast that diverged, so are the errors.</param>
    public static ModelTrust Measure<TVector>(
        ISurface<TVector> surface,
        TVector theta,
        ISurfacePoint<TVector> point,
        TVector direction,
        Jet jet,
        double distance
    )
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(jet);
        if (!double.IsFinite(distance))
            return new ModelTrust(distance, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        Require.Positive(distance);
        var space = surface.Space;
        TVector normal = space.Create(),
            ahead = space.Create(),
            behind = space.Create(),
            moved = space.Create();
        point.DirectionalGradient(direction, 2, normal);
        space.Axpy(-space.Dot(direction, normal), direction, normal);
        var ends = Math.Max(End(distance, ahead), End(-distance, behind));
        var curvature = (space.Dot(direction, ahead) - space.Dot(direction, behind)) / (2 * distance);
        var feedback = ((space.Dot(normal, ahead) + space.Dot(normal, behind)) / 2) - space.Dot(normal, point.Gradient);
        foreach (var vector in new[] { normal, ahead, behind, moved })
            space.Release(vector);
        var (expected, push, power) = (0.0, 0.0, 1.0); // power: s^(k-2) / (k-1)!
        for (var k = 2; k <= jet.Order; k += 2)
        {
            expected += jet.Moments[k - 1] * power;
            push += jet.Gram[1, k - 1] * power * distance * distance / k;
            power *= distance * distance / (k * (k + 1));
        }

        return new ModelTrust(distance, Ratio(curvature - expected, jet.Sharpness), Ratio(feedback - push, push), ends);

        // The gradient there, and the error of the curvature.
        double End(double shift, TVector gradient)
        {
            space.Copy(theta, moved);
            space.Axpy(shift, direction, moved);
            using var end = surface.At(moved);
            space.Copy(end.Gradient, gradient);
            end.HessianVector(direction, moved);
            var (sum, factor) = (0.0, 1.0);
            for (var k = 2; k <= jet.Order; k++)
            {
                sum += jet.Moments[k - 1] * factor;
                factor *= shift / (k - 1);
            }

            return Ratio(space.Dot(direction, moved) - sum, jet.Sharpness);
        }
    }

    /// <summary>No error relative to nothing is no error.</summary>
    private static double Ratio(double error, double scale) => error == 0 ? 0 : Math.Abs(error / scale);
}
