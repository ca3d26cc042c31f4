using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Theories;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>
/// The jet held against the surface itself, before a step is made: with s the largest |u| that the jet lets expect, the gradients at theta +- s v are compared with those of the jet's own polynomial (4.7).
/// Two numbers decide an instability: the curvature along v, which drives u, and the push that u exerts on the floor along n = grad m_2, which ends it. On the surface they are
/// v . (g_+ - g_-) / 2s and n . (g_+ + g_- - 2 g) / 2; of the jet, sum over even k of m_k s^(k-2) / (k-1)! and of G_2k s^k / k!.
/// A truncated series shows its remainder here, and a piecewise linear network its kinks, of which derivatives at one point know nothing: with them D^3 L is a sum of jumps, and the push is wrong at its leading order.
/// </summary>
/// <param name="Distance">s.</param>
/// <param name="Curvature">The error of the curvature, relative to S.</param>
/// <param name="Feedback">The error of the push, relative to the jet's own.</param>
public sealed record ModelTrust(double Distance, double Curvature, double Feedback)
{
    /// <summary>The larger of the two errors; infinite where they are no numbers.</summary>
    public double Error => double.IsNaN(Curvature + Feedback) ? double.PositiveInfinity : Math.Max(Curvature, Feedback);

    /// <summary>Whether forecasts from the jet may be believed: no error is above the one that counts as wrong in a forecast, <see cref="ForecastScore.Wrong"/>.</summary>
    public bool Holds => Error <= ForecastScore.Wrong;

    /// <summary>Compares. Cost: two gradients and a directional gradient of order 2, seven gradient-equivalents.</summary>
    /// <typeparam name="TVector">The vector type.</typeparam>
    /// <param name="surface">The surface.</param>
    /// <param name="theta">The reference point.</param>
    /// <param name="point">The surface there.</param>
    /// <param name="direction">v, the unit vector of the jet.</param>
    /// <param name="jet">The jet.</param>
    /// <param name="distance">s, above 0; where it is not finite, as for a forecast that diverged, so are both errors.</param>
    /// <returns>The two errors.</returns>
    public static ModelTrust Measure<TVector>(ISurface<TVector> surface, TVector theta, ISurfacePoint<TVector> point, TVector direction, Jet jet, double distance)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(jet);
        if (!double.IsFinite(distance)) return new ModelTrust(distance, double.PositiveInfinity, double.PositiveInfinity);
        Require.Positive(distance);
        var space = surface.Space;
        TVector normal = space.Create(), ahead = space.Create(), behind = space.Create(), moved = space.Create();
        point.DirectionalGradient(direction, 2, normal);
        space.Axpy(-space.Dot(direction, normal), direction, normal);
        Gradient(distance, ahead);
        Gradient(-distance, behind);
        var curvature = (space.Dot(direction, ahead) - space.Dot(direction, behind)) / (2 * distance);
        var feedback = ((space.Dot(normal, ahead) + space.Dot(normal, behind)) / 2) - space.Dot(normal, point.Gradient);
        foreach (var vector in new[] { normal, ahead, behind, moved }) space.Release(vector);
        var (expected, push, power) = (0.0, 0.0, 1.0); // power: s^(k-2) / (k-1)!
        for (var k = 2; k <= jet.Order; k += 2)
        {
            expected += jet.Moments[k - 1] * power;
            push += jet.Gram[1, k - 1] * power * distance * distance / k;
            power *= distance * distance / (k * (k + 1));
        }

        return new ModelTrust(distance, Ratio(curvature - expected, jet.Sharpness), Ratio(feedback - push, push));

        void Gradient(double shift, TVector result)
        {
            space.Copy(theta, moved);
            space.Axpy(shift, direction, moved);
            surface.LossAndGradient(moved, result);
        }
    }

    /// <summary>No error relative to nothing is no error.</summary>
    private static double Ratio(double error, double scale) => error == 0 ? 0 : Math.Abs(error / scale);
}
