using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The coupled instability/curvature system of the two-parameter network z = Theta^2, eq. (3.7): closed in Theta = theta_1 theta_2 and s = theta_1^2 + theta_2^2,
/// Theta+ = Theta (1 - 2 eta s + 4 eta^2 Theta^2),   s+ = s + 4 eta Theta^2 (eta s - 2).
/// State: (Theta, s).
/// </summary>
/// <param name="StepSize">The step size eta.</param>
public readonly record struct CoupledMap(double StepSize) : IDiscreteMap
{
    /// <inheritdoc/>
    public int Dimension => 2;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        var (theta, s) = (current[0], current[1]);
        var square = theta * theta;
        next[0] = theta * (1 - (2 * StepSize * s) + (4 * StepSize * StepSize * square));
        next[1] = s + (4 * StepSize * square * ((StepSize * s) - 2));
    }

    /// <summary>lambda_pm = s +- sqrt(s^2 + 12 Theta^2), eq. (3.7).</summary>
    /// <param name="theta">Theta.</param>
    /// <param name="s">s.</param>
    /// <returns>The leading and the trailing eigenvalue.</returns>
    public static (double Leading, double Trailing) Eigenvalues(double theta, double s)
    {
        var root = Math.Sqrt((s * s) + (12 * theta * theta));
        return (s + root, -12 * theta * theta / (s + root));
    }
}

/// <summary>
/// The coupled map (3.7) as a theory for any surface: it reads s = (lambda_1 + lambda_P)/2 and Theta^2 = -lambda_1 lambda_P / 12 off the two ends of the Hessian's spectrum
/// and forecasts both from then on. Exact where the surface is that network; elsewhere the simplest closed picture of an instability.
/// Validity: |Theta| / s, the size of the instability relative to the curvature.
/// </summary>
public sealed class CoupledMapTheory : ITheory
{
    /// <inheritdoc/>
    public string Name => "coupled-map";

    /// <inheritdoc/>
    public string Summary => "coupled instability/curvature map of the two-parameter network, eq. (3.7)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Direction: false);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.OwnLandscape;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.OwnLandscape, TheoryOrigin.Ours, "derived here");

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        if (!(jet.Trailing <= 0))
            return Forecast.Decline(
                Name,
                $"the smallest eigenvalue is {jet.Trailing:G4}; the coupled map needs one that is not positive"
            );
        // |theta_1 theta_2| <= (theta_1^2 + theta_2^2)/2 is lambda_P >= -lambda_1/3, with equality for theta_1 = theta_2; eigenvalues are measured to a relative error of the tolerance squared.
        if (!(jet.Sharpness > 0 && -3 * jet.Trailing <= (1 + 1e-6) * jet.Sharpness))
            return Forecast.Decline(Name, "lambda_P is below -lambda_1/3: no two-parameter network has this spectrum");
        double[] start = [Math.Sqrt(-jet.Sharpness * jet.Trailing / 12), (jet.Sharpness + jet.Trailing) / 2];
        var orbit = Orbit.Record(new CoupledMap(stepSize), start, steps);
        double[] sharpness = new double[steps + 1],
            loss = new double[steps + 1],
            validity = new double[steps + 1];
        for (var t = 0; t <= steps; t++)
        {
            var (theta, s) = (orbit[0][t], orbit[1][t]);
            sharpness[t] = CoupledMap.Eigenvalues(theta, s).Leading;
            loss[t] = jet.Loss + (theta * theta) - (start[0] * start[0]);
            validity[t] = Math.Abs(theta) / s;
        }

        return new Forecast(Name, null, [], sharpness, loss, validity);
    }
}
