using System.Numerics.Tensors;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Rod flow (6.7) of Regis and Chewi on the local model of the jet: w the mean of two successive points, delta half their difference, Sigma = delta delta^T, and g_+-, H_+- taken at w +- delta,
/// w' = -(eta/2)(g_+ + g_-) - (eta^2/8)(H_+ + H_-)(g_+ + g_-),   Sigma' = (eta^2/4)(g_+ g_+^T + g_- g_-^T) - 2 Sigma.
/// The second equation does not keep Sigma at rank one, so the whole symmetric matrix over the reduced coordinates is carried, and delta is its leading eigenvector times the root of its leading eigenvalue.
/// The flow has no sign of delta. It is restored step by step, delta_(t+1) lying on the side of -(eta/2) g(w_t + delta_t), half the next step of descent, and the point forecast is w - delta.
/// Agrees with descent to second order in eta at fixed time eta t.
/// Only what lies along delta can grow, for H Sigma H enters through delta alone: where the drift down the floor is longer than the alternation, the rod lies along the drift and the flow does not see the instability.
/// Validity: the ratio of the second to the leading eigenvalue of Sigma, 0 for a rod; while eta times the curvature along v is above 2, the share of |delta|^2 that lies off v; or the share of the last retained moment: the
/// largest of them.
/// </summary>
public sealed class RodFlowTheory : ITheory
{
    /// <inheritdoc/>
    public string Name => "rod-flow";

    /// <inheritdoc/>
    public string Summary => "rod flow on the local model: mean and covariance of two successive points, eq. (6.7)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Krylov: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SmallSteps;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.Flow, TheoryOrigin.Rival, "Regis and Chewi 2026");

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var model = LocalModel.Whole(jet);
        var forecast = new ModelForecast(model, jet, steps);
        var validity = new double[steps + 1];
        new RodFlow<Descent>(new Descent(model, stepSize), new double[model.Dimension]).Follow(
            steps,
            (t, point, rod, ratio) =>
            {
                forecast.Read(t, point);
                validity[t] = stepSize * model.MomentAt(2, point) > 2 ? Math.Max(ratio, ShareOff(rod)) : ratio;
            }
        );
        return forecast.Build(Name, validity);
    }

    /// <summary>1 - (delta . v)^2 / |delta|^2.</summary>
    internal static double ShareOff(ReadOnlySpan<double> delta)
    {
        var floor = TensorPrimitives.SumOfSquares(delta[1..]);
        return floor == 0 ? 0 : floor / (floor + (delta[0] * delta[0]));
    }

    /// <summary>Gradient descent: z = theta, c = -eta, F = g.</summary>
    private readonly struct Descent(LocalModel model, double stepSize) : IRodRule
    {
        public int Dimension => model.Dimension;

        public double Rate => -stepSize;

        public void Move(ReadOnlySpan<double> state, Span<double> result) => model.Gradient(state, result);

        public void Differentiate(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> result) =>
            model.HessianVector(state, direction, result);
    }
}
