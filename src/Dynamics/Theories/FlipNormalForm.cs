namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The period-doubling normal form at the edge, eq. (4.6): with m_3, m_4 frozen and eta m_2 = 2 + eps, gradient descent in u alone has the two-cycle u = +-sqrt(eps / c),
/// c = eta^2 m_3^2 / 4 - eta m_4 / 6, to leading order in eps; supercritical (bounded just past the edge) iff c > 0.
/// </summary>
public static class FlipNormalForm
{
    /// <summary>The cubic coefficient c.</summary>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="thirdMoment">The third directional moment.</param>
    /// <param name="fourthMoment">The fourth directional moment.</param>
    /// <returns>c; supercritical where it is positive.</returns>
    public static double Coefficient(double stepSize, double thirdMoment, double fourthMoment) =>
        (stepSize * stepSize * thirdMoment * thirdMoment / 4) - (stepSize * fourthMoment / 6);

    /// <summary>The amplitude sqrt(eps / c) of the two-cycle.</summary>
    /// <param name="stepSize">The step size eta.</param>
    /// <param name="excess">eps = eta m_2 - 2.</param>
    /// <param name="thirdMoment">The third directional moment.</param>
    /// <param name="fourthMoment">The fourth directional moment.</param>
    /// <returns>The amplitude, NaN where there is no such cycle (eps and c of opposite sign).</returns>
    public static double Amplitude(double stepSize, double excess, double thirdMoment, double fourthMoment) =>
        Math.Sqrt(excess / Coefficient(stepSize, thirdMoment, fourthMoment));
}
