using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Self-stabilization in its reduced form [R: Damian, Nichani, Lee 2023], eq. (6.2): x+ = -(1 + eta y) x, y+ = y + eta (alpha - beta x^2/2), with x the distance from the floor of the valley and y the excess of the sharpness over
/// 2/eta. The third variable is the height V of the floor: V+ = V - eta (|grad V|^2 - alpha x^2/2). State: (x, y, V).
/// </summary>
/// <param name="StepSize">The step size eta.</param>
/// <param name="Alpha">alpha = - g . grad S_perp, progressive sharpening.</param>
/// <param name="Beta">beta = |grad S_perp|^2.</param>
/// <param name="SquaredGradient">|grad V|^2.</param>
public readonly record struct SelfStabilizationMap(double StepSize, double Alpha, double Beta, double SquaredGradient)
    : IDiscreteMap
{
    /// <inheritdoc/>
    public int Dimension => 3;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        var (x, y) = (current[0], current[1]);
        var half = x * x / 2;
        next[0] = -(1 + (StepSize * y)) * x;
        next[1] = y + (StepSize * (Alpha - (Beta * half)));
        next[2] = current[2] - (StepSize * (SquaredGradient - (Alpha * half)));
    }
}

/// <summary>
/// The reduced self-stabilization map (6.2) as a forecast. From the jet beta = G_22, y_0 = S - 2/eta, x_0 = m_1 / m_2, the distance of the reference point from the floor, which the map holds fixed, and alpha at the floor, a_2 + G_12 x_0 - G_22 x_0^2/2:
/// u_t = x_t - x_0, S_t = 2/eta + y_t, L_t = V_t + S_t x_t^2 / 2. For m_1 = 0 it is (4.4). It leaves out odd moments, the curvature of the floor and every rotation.
/// Domain: a sharpness above 0. Validity: |eta y|, the share by which the alternation grows or shrinks in one step.
/// </summary>
public sealed class ReducedSelfStabilizationTheory : ITheory
{
    /// <inheritdoc/>
    public string Name => "self-stabilization-reduced";

    /// <inheritdoc/>
    public string Summary => "self-stabilization in two numbers, reduced form of eq. (6.2)";

    /// <inheritdoc/>
    public JetNeeds Needs => new();

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SlowEdge;

    /// <inheritdoc/>
    public TheoryStanding Standing =>
        new(TheoryFamily.SelfStabilization, TheoryOrigin.Rival, "Damian, Nichani and Lee 2023");

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        if (!(jet.Sharpness > 0))
            return Forecast.Decline(Name, $"the sharpness is {jet.Sharpness:G4}; there is no valley to oscillate in");
        double start = jet.Moments[0] / jet.Sharpness,
            edge = 2 / stepSize;
        var map = AtTheFloor(jet, stepSize, start);
        var orbit = Orbit.Record(map, [start, jet.Sharpness - edge, jet.Loss - (jet.Moments[0] * start / 2)], steps);
        double[] displacement = new double[steps + 1],
            sharpness = new double[steps + 1],
            loss = new double[steps + 1],
            validity = new double[steps + 1];
        for (var t = 0; t <= steps; t++)
        {
            var (x, y) = (orbit[0][t], orbit[1][t]);
            (displacement[t], sharpness[t], validity[t]) = (x - start, edge + y, Math.Abs(stepSize * y));
            loss[t] = orbit[2][t] + (sharpness[t] * x * x / 2);
        }

        return new Forecast(Name, null, displacement, sharpness, loss, validity);
    }

    /// <summary>The gradient off u at u = -x_0 is grad V - b_1 x_0 + b_2 x_0^2/2; alpha is minus its product with b_2.</summary>
    internal static SelfStabilizationMap AtTheFloor(Jet jet, double stepSize, double start)
    {
        double half = start * start / 2,
            first = jet.Gram[0, 0],
            mixed = jet.Gram[0, 1],
            second = jet.Gram[1, 1];
        var squared =
            jet.SquaredGradient
            + (2 * ((jet.Drift[0] * start) - (jet.Drift[1] * half)))
            + (first * start * start)
            - (2 * mixed * start * half)
            + (second * half * half);
        return new SelfStabilizationMap(stepSize, jet.Drift[1] + (mixed * start) - (second * half), second, squared);
    }
}
