using System.Numerics.Tensors;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Rod flow of heavy-ball descent (7.1) on the local model of a jet, (6.10): that of the map
/// theta+ = theta + p - eta g, p+ = b (p - eta g), with p = -eta b m the way that the momentum alone would go in the
/// coming step. Both have the unit of a length, in which Sigma takes them together, and p vanishes with b, so that b =
/// 0 is the rod flow (6.7) of gradient descent. Its period-2 orbits are those of the rule exactly. At fixed time eta t
/// it agrees with the rule to second order in eta where the momentum begins at what a steady slope keeps up, g/(1 -
/// b), and to first order from any other.
/// </summary>
public static class HeavyBallRod
{
    /// <summary>Forecasts the run from the jet's reference point.</summary>
    /// <param name="jet">The jet, with its Krylov part.</param>
    /// <param name="stepSize">The step size eta, finite and above 0; the edge is 2 (1 + b) over the sharpness.</param>
    /// <param name="decay">b, in [0, 1).</param>
    /// <param name="momentum">
    /// m there, of Polyak's form, in the coordinates (u, f) of the model; without b it means nothing.
    /// </param>
    /// <param name="steps">The horizon T, at least 0.</param>
    /// <returns>
    /// The forecast, NaN from where no eigenvalue of Sigma leads; its validity is that of <see cref="RodFlowTheory"/>, the share off v being counted past the rule's
    /// own edge.
    /// </returns>
    /// <exception cref="ArgumentException">The jet has no Krylov part, or the momentum not its length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Forecast Predict(Jet jet, double stepSize, double decay, ReadOnlySpan<double> momentum, int steps)
    {
        ArgumentNullException.ThrowIfNull(jet);
        Require.Positive(stepSize);
        Require.Decay(decay, nameof(decay));
        Require.InRange(steps, 0);
        var model = LocalModel.Whole(jet);
        var n = model.Dimension;
        Require.Length(momentum.Length, n, nameof(momentum));
        var forecast = new ModelForecast(model, jet, steps);
        double[] start = new double[2 * n],
            validity = new double[steps + 1];
        TensorPrimitives.Multiply(momentum, -stepSize * decay, start.AsSpan(n));
        new RodFlow<HeavyBall>(new HeavyBall(model, stepSize, decay), start).Follow(
            steps,
            (t, point, rod, ratio) =>
            {
                forecast.Read(t, point.AsSpan(0, n));
                var past = stepSize * model.MomentAt(2, point.AsSpan(0, n)) > 2 * (1 + decay);
                validity[t] = past ? Math.Max(ratio, RodFlowTheory.ShareOff(rod.AsSpan(0, n))) : ratio;
            }
        );
        return forecast.Build(new RodFlowTheory().Name, validity);
    }

    /// <summary>z = (theta, p), c = -eta, F = (g - p/eta, b g + (1 - b) p/eta).</summary>
    private readonly struct HeavyBall(LocalModel model, double stepSize, double decay) : IRodRule
    {
        public int Dimension => 2 * model.Dimension;

        public double Rate => -stepSize;

        public void Move(ReadOnlySpan<double> state, Span<double> result)
        {
            var n = model.Dimension;
            model.Gradient(state[..n], result[..n]);
            Add(state[n..], result);
        }

        public void Differentiate(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> result)
        {
            var n = model.Dimension;
            model.HessianVector(state[..n], direction[..n], result[..n]);
            Add(direction[n..], result);
        }

        /// <summary>(x, .) := (x - p/eta, b x + (1 - b) p/eta).</summary>
        private void Add(ReadOnlySpan<double> way, Span<double> result)
        {
            for (var (i, n) = (0, way.Length); i < n; i++)
            {
                var steep = way[i] / stepSize;
                result[n + i] = (decay * result[i]) + ((1 - decay) * steep);
                result[i] -= steep;
            }
        }
    }
}
