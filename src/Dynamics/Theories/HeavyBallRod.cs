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
            place = new double[n],
            validity = new double[steps + 1];
        model.Gradient(place, start.AsSpan(0, n));
        var length = stepSize * Math.Max(TensorPrimitives.Norm<double>(start), decay * TensorPrimitives.Norm(momentum));
        var unit = length > 0 && double.IsFinite(length) ? Math.ScaleB(1, Math.ILogB(length)) : 1;
        Array.Clear(start);
        TensorPrimitives.Multiply(momentum, -stepSize * decay / unit, start.AsSpan(n));
        new RodFlow<HeavyBall>(new HeavyBall(model, stepSize, decay, unit), start).Follow(
            steps,
            (t, point, rod, ratio) =>
            {
                TensorPrimitives.Multiply(point.AsSpan(0, n), unit, place);
                forecast.Read(t, place);
                var past = stepSize * model.MomentAt(2, place) > 2 * (1 + decay);
                validity[t] = past ? Math.Max(ratio, RodFlowTheory.ShareOff(rod.AsSpan(0, n))) : ratio;
            }
        );
        return forecast.Build(new RodFlowTheory().Name, validity);
    }

    /// <summary>
    /// z = (theta, p), c = -eta, F = (g - p/eta, b g + (1 - b) p/eta), in units of a length of the first step, so that the
    /// integrator's absolute tolerance is relative to it.
    /// </summary>
    private readonly struct HeavyBall(LocalModel model, double stepSize, double decay, double unit) : IRodRule
    {
        private readonly double[] _place = new double[model.Dimension];

        public int Dimension => 2 * model.Dimension;

        public double Rate => -stepSize;

        public void Move(ReadOnlySpan<double> state, Span<double> result)
        {
            var n = model.Dimension;
            TensorPrimitives.Multiply(state[..n], unit, _place);
            model.Gradient(_place, result[..n]);
            TensorPrimitives.Divide(result[..n], unit, result[..n]);
            Add(state[n..], result);
        }

        public void Differentiate(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> result)
        {
            var n = model.Dimension;
            TensorPrimitives.Multiply(state[..n], unit, _place);
            model.HessianVector(_place, direction[..n], result[..n]);
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
