using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The curvature-moment system (4.1), (4.2) closed at order K, as a forecast (4.7). K = 2 is the reduced self-stabilization map (4.4).
/// The sharpness forecast is the curvature along v, sum_{k>=2} m_k u^(k-2)/(k-2)!; the turn of v is left out of it (that needs eq. 4.9).
/// Validity: the share of the last retained moment in that curvature, |m_K u^(K-2)/(K-2)!| / |m_2| for K > 2, and the change of m_2 relative to itself for K = 2.
/// </summary>
public sealed class CurvatureMomentTheory : ITheory
{
    /// <summary>The order K that stands for the system where theories are compared; beside it only K = 2, the map (4.4).</summary>
    internal const int StandardOrder = 4;

    private readonly int _order;

    /// <summary>Makes the theory of order K.</summary>
    /// <param name="order">K, from 2 to 6.</param>
    public CurvatureMomentTheory(int order) => _order = Require.InRange(order, 2, 6);

    /// <inheritdoc/>
    public string Name => $"moment-map-{_order}";

    /// <inheritdoc/>
    public string Summary => $"curvature-moment map with K = {_order}, eqs. (4.1)-(4.2){(_order == 2 ? ", the reduced self-stabilization map (4.4)" : "")}";

    /// <inheritdoc/>
    public JetNeeds Needs => new(_order);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SmallSteps;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.CurvatureMoments, TheoryOrigin.Ours, "derived here", _order is 2 or StandardOrder ? TheoryRole.Main : TheoryRole.Variant);

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason) return Forecast.Decline(Name, reason);
        var cut = jet.Truncated(_order);
        var map = new CurvatureMomentMap(cut, stepSize);
        var forecast = new MomentForecast(cut, steps);
        double[] state = CurvatureMomentMap.Start(cut), next = new double[state.Length];
        for (var t = 0; t <= steps; t++)
        {
            forecast.Read(t, state);
            map.Step(state, next);
            (state, next) = (next, state);
        }

        return forecast.Build(Name);
    }
}
