using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The two-step flow (6.9): with F one step of descent on the local model of the jet, two steps F(F(y)) move little near the edge although one step jumps from wall to wall, and are read as a flow over the time of two steps,
/// y' = (F(F(y)) - y) / 2. Even steps of descent are forecast by y(t), odd ones by F(y(t - 1)). Agrees with descent to first order in the change of y over two steps: in eta at fixed time eta t, and at the edge.
/// Validity: |Delta(F(F(y))) - Delta(y)| / (2 |Delta(y)|), Delta(y) = F(F(y)) - y: the relative size of the first term that the flow leaves out; or the share of the last retained moment, where that is larger.
/// </summary>
public sealed class TwoStepFlowTheory : ITheory
{
    /// <inheritdoc/>
    public string Name => "two-step-flow";

    /// <inheritdoc/>
    public string Summary => "two steps of descent on the local model, read as a flow, eq. (6.9)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Krylov: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SmallSteps;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.Flow, TheoryOrigin.Rival, "derived here");

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var model = LocalModel.Whole(jet);
        var forecast = new ModelForecast(model, jet, steps);
        var map = new MemoryMap(model, stepSize);
        var flow = new TwoSteps(map);
        double[] last = new double[model.Dimension],
            point = new double[model.Dimension],
            validity = new double[steps + 1];
        ModelFlow.Follow(
            flow,
            new double[model.Dimension],
            steps,
            (t, state) =>
            {
                if (t % 2 == 1)
                    map.Step(last, point);
                else
                    state.CopyTo(point, 0);
                state.CopyTo(last, 0);
                forecast.Read(t, point);
                validity[t] = flow.Unsteadiness(point);
            }
        );
        return forecast.Build(Name, validity);
    }

    private readonly struct TwoSteps(MemoryMap map) : IFlow
    {
        private readonly double[] _half = new double[map.Dimension],
            _first = new double[map.Dimension],
            _second = new double[map.Dimension],
            _moved = new double[map.Dimension];

        public int Dimension => map.Dimension;

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
        {
            map.Step(state, _half);
            map.Step(_half, derivative);
            for (var i = 0; i < derivative.Length; i++)
                derivative[i] = (derivative[i] - state[i]) / 2;
        }

        public double Unsteadiness(ReadOnlySpan<double> state)
        {
            Derivative(0, state, _first);
            for (var i = 0; i < state.Length; i++)
                _moved[i] = state[i] + (2 * _first[i]);
            Derivative(0, _moved, _second);
            var (change, size) = (0.0, 0.0);
            for (var i = 0; i < state.Length; i++)
            {
                change += (_second[i] - _first[i]) * (_second[i] - _first[i]);
                size += _first[i] * _first[i];
            }

            return size == 0 ? 0 : Math.Sqrt(change / size) / 2;
        }
    }
}
