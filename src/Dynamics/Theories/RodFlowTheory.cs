using System.Numerics.Tensors;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;
using MathNet.Numerics.LinearAlgebra;

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
        var n = model.Dimension;
        var forecast = new ModelForecast(model, jet, steps);
        double[] half = new double[n],
            rod = new double[n],
            point = new double[n],
            validity = new double[steps + 1];
        HalfStep(point, half);
        var flow = new Rod(model, stepSize, half);
        ModelFlow.Follow(
            flow,
            flow.Start(),
            steps,
            (t, state) =>
            {
                validity[t] = flow.Leading(state, rod);
                if (TensorPrimitives.Dot<double>(rod, half) < 0)
                    TensorPrimitives.Negate(rod, rod);
                TensorPrimitives.Subtract(state.AsSpan(0, n), rod, point);
                forecast.Read(t, point);
                if (stepSize * model.MomentAt(2, point) > 2)
                    validity[t] = Math.Max(validity[t], ShareOff(rod));
                TensorPrimitives.Add(state.AsSpan(0, n), rod, point);
                HalfStep(point, half);
            }
        );
        return forecast.Build(Name, validity);

        void HalfStep(double[] from, double[] result)
        {
            model.Gradient(from, result);
            TensorPrimitives.Multiply(result, -stepSize / 2, result);
        }
    }

    /// <summary>1 - (delta . v)^2 / |delta|^2.</summary>
    private static double ShareOff(ReadOnlySpan<double> delta)
    {
        var floor = TensorPrimitives.SumOfSquares(delta[1..]);
        return floor == 0 ? 0 : floor / (floor + (delta[0] * delta[0]));
    }

    /// <summary>State: w, then the lower triangle of Sigma row by row, in units of its first trace so that the integrator's absolute tolerance means the same for rods of any length.</summary>
    private readonly struct Rod : IFlow
    {
        private readonly LocalModel _model;
        private readonly double _stepSize,
            _unit;
        private readonly double[] _delta,
            _above,
            _below,
            _point,
            _product,
            _first;

        public Rod(LocalModel model, double stepSize, double[] first)
        {
            var n = model.Dimension;
            (_model, _stepSize, _first) = (model, stepSize, [.. first]);
            _unit = TensorPrimitives.Dot<double>(first, first) is > 0 and var trace ? trace : 1;
            (_delta, _above, _below, _point, _product) = (
                new double[n],
                new double[n],
                new double[n],
                new double[n],
                new double[n]
            );
        }

        public int Dimension => _model.Dimension * (_model.Dimension + 3) / 2;

        /// <summary>w = delta, the point itself being the origin, and Sigma = delta delta^T.</summary>
        public double[] Start()
        {
            double[] state = [.. _first, .. new double[Dimension - _first.Length]];
            var at = _first.Length;
            for (var i = 0; i < _first.Length; i++)
            for (var j = 0; j <= i; j++)
                state[at++] = _first[i] * _first[j] / _unit;
            return state;
        }

        /// <summary>delta up to its sign, and the ratio of the second to the leading eigenvalue of Sigma.</summary>
        public double Leading(ReadOnlySpan<double> state, Span<double> delta)
        {
            var n = _model.Dimension;
            if (state.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
            {
                delta.Fill(double.NaN);
                return double.NaN;
            }

            var sigma = Matrix<double>.Build.Dense(n, n);
            var at = n;
            for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
                sigma[i, j] = sigma[j, i] = state[at++];
            var (values, vectors) = DenseEigen.Symmetric(sigma);
            var leading = Math.Max(0, values[n - 1]);
            var length = Math.Sqrt(leading * _unit);
            for (var i = 0; i < n; i++)
                delta[i] = length * vectors[i, n - 1];
            return n == 1 || leading == 0 ? 0 : Math.Abs(values[n - 2]) / leading;
        }

        public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
        {
            var n = _model.Dimension;
            var mean = derivative[..n];
            Leading(state, _delta);
            TensorPrimitives.Add(state[..n], _delta, _point);
            _model.Gradient(_point, _above);
            TensorPrimitives.Subtract(state[..n], _delta, _point);
            _model.Gradient(_point, _below);
            TensorPrimitives.Add(_above, _below, _product);
            _model.HessianVector(_point, _product, mean); // H_- (g_+ + g_-)
            TensorPrimitives.Add(state[..n], _delta, _point);
            for (var i = 0; i < n; i++)
                _delta[i] = mean[i]; // _delta is free from here on
            _model.HessianVector(_point, _product, mean);
            for (var i = 0; i < n; i++)
                mean[i] = (-_stepSize / 2 * _product[i]) - (_stepSize * _stepSize / 8 * (mean[i] + _delta[i]));
            var (at, scale) = (n, _stepSize * _stepSize / (4 * _unit));
            for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++, at++)
                derivative[at] = (scale * ((_above[i] * _above[j]) + (_below[i] * _below[j]))) - (2 * state[at]);
        }
    }
}
