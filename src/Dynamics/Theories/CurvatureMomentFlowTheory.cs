namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The curvature-moment system near the edge in its flow form, eq. (4.5) for any K, as a forecast. Validity: |x'/x|, the share by which the alternation grows or shrinks in a step; or the share of the last retained
/// moment as in <see cref="CurvatureMomentTheory"/>, where that is larger.
/// </summary>
public sealed class CurvatureMomentFlowTheory : ITheory
{
    private readonly int _order;

    /// <summary>Makes the theory of order K.</summary>
    /// <param name="order">K, from 2 to 6.</param>
    public CurvatureMomentFlowTheory(int order) => _order = Require.InRange(order, 2, 6);

    /// <inheritdoc/>
    public string Name => $"moment-flow-{_order}";

    /// <inheritdoc/>
    public string Summary => $"curvature-moment flow near the edge with K = {_order}, eq. (4.5)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(_order);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SlowEdge;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.CurvatureMoments, TheoryOrigin.Ours, "derived here", TheoryRole.Variant);

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason) return Forecast.Decline(Name, reason);
        // u is multiplied by 1 - eta S in a step: not by a number near -1, no alternation with a slow envelope.
        if (!(Math.Abs((stepSize * jet.Sharpness) - 2) < 1)) return Forecast.Decline(Name, $"eta S is {stepSize * jet.Sharpness:G4}; the flow near the edge needs it between 1 and 3");
        var cut = jet.Truncated(_order);
        var flow = new CurvatureMomentFlow(cut, stepSize);
        double[] slow = new double[flow.Dimension], state = new double[flow.Dimension];
        if (!flow.Start(slow)) return Forecast.Decline(Name, "the reference point lies too far from the floor: no slow alternation passes through it");
        var forecast = new MomentForecast(cut, steps);
        ModelFlow.Follow(flow, slow, steps, (t, at) => forecast.Read(t, state, flow.Phase(at, t % 2 == 0 ? 1 : -1, state)));
        return forecast.Build(Name);
    }
}
