using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Gradient flow (6.1) on the local model of the jet, y' = -eta grad L(y) with one step of descent as the unit of time, from y = 0. It knows no edge: it settles where descent would jump.
/// Moments up to the order of the jet. Agrees with descent to first order in eta at fixed time eta t.
/// Validity: eta |H g| / (2 |g|) at the point, the relative size of the first term by which a step departs from the flow; it is near 1 at the edge, where flow is no guide; or the share of the last retained moment, where that is larger.
/// </summary>
public sealed class GradientFlowTheory : ITheory
{
    /// <inheritdoc/>
    public string Name => "gradient-flow";

    /// <inheritdoc/>
    public string Summary => "gradient flow on the local model, eq. (6.1)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Krylov: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SmallSteps;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.Flow, TheoryOrigin.Rival, "classical");

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var model = LocalModel.Whole(jet);
        var forecast = new ModelForecast(model, jet, steps);
        double[] gradient = new double[model.Dimension],
            curved = new double[model.Dimension],
            validity = new double[steps + 1];
        ModelFlow.Follow(
            new Descending(model, stepSize),
            new double[model.Dimension],
            steps,
            (t, point) =>
            {
                forecast.Read(t, point);
                model.Gradient(point, gradient);
                model.HessianVector(point, gradient, curved);
                var size = Norm(gradient);
                validity[t] = size == 0 ? 0 : stepSize * Norm(curved) / (2 * size);
            }
        );
        return forecast.Build(Name, validity);
    }

    private static double Norm(ReadOnlySpan<double> x) => System.Numerics.Tensors.TensorPrimitives.Norm(x);

    private readonly struct Descending(LocalModel model, double stepSize) : IFlow
    {
        public int Dimension => model.Dimension;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
        {
            model.Gradient(state, derivative);
            for (var i = 0; i < derivative.Length; i++)
                derivative[i] *= -stepSize;
        }
    }
}
