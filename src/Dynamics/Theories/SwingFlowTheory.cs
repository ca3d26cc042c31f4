using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The flow (6.12) of centre and swing on the local model of the jet. Descent is y_t = c_t + (-1)^t d_t with
/// c+ = c - (eta/2)(g_+ + g_-), d+ = -d + (eta/2)(g_+ - g_-), exactly, g_+- taken at c +- d; both change little in a
/// step near the edge, and are read as a flow with the second-order correction from map to flow. In polar coordinates
/// d = a n this is a centre that descends the symmetrised loss (L(c + d) + L(c - d))/2, an amplitude that grows at the
/// rate eta S - 2, and a direction that turns as the Rayleigh quotient rises. Period-2 orbits are exactly those of
/// descent. Its error is of the order of the change of the alternation in a step, for the swing begins along v.
/// Validity: the second-order term relative to the first; or the share of the last retained moment, where that is
/// larger.
/// </summary>
public sealed class SwingFlowTheory : ITheory
{
    // Newton's method doubles its digits a round; one that needs more wanders.
    private const int Rounds = 50;

    /// <inheritdoc/>
    public string Name => "swing-flow";

    /// <inheritdoc/>
    public string Summary => "centre, direction and amplitude of the swing on the local model, as a flow, eq. (6.12)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Krylov: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SlowEdge;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.Flow, TheoryOrigin.Rival, "derived here", TheoryRole.Later);

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        if (TheoryContract.OffTheEdge(jet, stepSize) is { } far)
            return Forecast.Decline(Name, far);
        var model = LocalModel.Whole(jet);
        if (Amplitude(model) is not { } amplitude)
            return Forecast.Decline(
                Name,
                "the reference point lies too far from the floor for an alternation about it"
            );
        var n = model.Dimension;
        var forecast = new ModelForecast(model, jet, steps);
        var flow = new SwingFlow(model, stepSize);
        double[] state = new double[2 * n],
            point = new double[n],
            validity = new double[steps + 1];
        (state[0], state[n]) = (-amplitude, amplitude);
        flow.Rescale(state);
        ModelFlow.Follow(
            flow,
            state,
            steps,
            (t, at) =>
            {
                flow.Point(at, t % 2 == 0 ? 1 : -1, point);
                forecast.Read(t, point);
                validity[t] = flow.Unsteadiness(at);
                flow.Rescale(at);
            }
        );
        return forecast.Build(Name, validity);
    }

    /// <summary>
    /// The a for which the reference point is one end of a swing of length 2 a along v about a centre where the mean
    /// slope along v is 0: L_u(0) + L_u(-2 a) = 0. Null where Newton's method finds none.
    /// </summary>
    private static double? Amplitude(LocalModel model)
    {
        var point = new double[model.Dimension];
        var slope = model.MomentAt(1, point);
        var amplitude = slope / model.MomentAt(2, point);
        for (var i = 0; i < Rounds; i++)
        {
            point[0] = -2 * amplitude;
            var change = (slope + model.MomentAt(1, point)) / (2 * model.MomentAt(2, point));
            if (!double.IsFinite(change))
                return null;
            amplitude += change;
            // A rounding of slope and curvature, a few times.
            if (Math.Abs(change) <= 1e-14 * Math.Abs(amplitude))
                return amplitude;
        }

        return null;
    }
}
