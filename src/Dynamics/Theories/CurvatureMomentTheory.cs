using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The curvature-moment system (4.1), (4.2) closed at order K, as a forecast (4.7). K = 2 is the reduced self-stabilization map (4.4).
/// The sharpness forecast is the curvature along v, sum_{k>=2} m_k u^(k-2)/(k-2)!; the turn of v is left out of it (that needs eq. 4.9).
/// Validity: the share of the last retained moment in that curvature, |m_K u^(K-2)/(K-2)!| / |m_2| for K > 2, and the change of m_2 relative to itself for K = 2.
/// </summary>
public sealed class CurvatureMomentTheory : ITheory
{
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
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason) return Forecast.Decline(Name, reason);
        var cut = Truncate(jet);
        var orbit = Orbit.Record(new CurvatureMomentMap(cut, stepSize), CurvatureMomentMap.Start(cut), steps);
        double[] sharpness = new double[steps + 1], loss = new double[steps + 1], validity = new double[steps + 1];
        Span<double> state = stackalloc double[_order + 2];
        for (var t = 0; t <= steps; t++)
        {
            for (var i = 0; i < state.Length; i++) state[i] = orbit[i][t];
            sharpness[t] = CurvatureMomentMap.Curvature(state);
            loss[t] = CurvatureMomentMap.Loss(state);
            validity[t] = Validity(state, cut);
        }

        return new Forecast(Name, null, orbit[0], sharpness, loss, validity);
    }

    private double Validity(ReadOnlySpan<double> state, Jet jet)
    {
        if (_order == 2) return Math.Abs((state[3] / jet.Sharpness) - 1);
        var term = state[^1];
        for (var k = 1; k <= _order - 2; k++) term *= state[0] / k;
        return Math.Abs(term / state[3]);
    }

    private Jet Truncate(Jet jet)
    {
        if (jet.Order == _order) return jet;
        var gram = new double[_order, _order];
        for (var j = 0; j < _order; j++)
            for (var k = 0; k < _order; k++) gram[j, k] = jet.Gram[j, k];
        return jet with { Moments = jet.Moments[.._order], Drift = jet.Drift[.._order], Gram = gram };
    }
}
