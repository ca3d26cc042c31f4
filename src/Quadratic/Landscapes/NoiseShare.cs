using FlatBias.Dynamics;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// Stochastic gradient descent on diagonal regression with the contraction of its imbalances D_i = u_i^2 - v_i^2 split
/// as under (3.12): what the slopes of the minibatches do, and what the full batch's would have done at the same
/// points. The rest is the noise's.
/// </summary>
public static class NoiseShare
{
    /// <summary>Makes the run.</summary>
    /// <param name="landscape">The network on its data.</param>
    /// <param name="theta">The start (u, v); holds the end point afterwards.</param>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    /// <param name="steps">Number of steps, at least 0.</param>
    /// <param name="sampler">Draws the minibatches, from as many samples as the landscape has.</param>
    /// <param name="progress">Called at each step with the number of steps made; may be null.</param>
    /// <param name="cancellation">Ends the run as Cancelled.</param>
    /// <returns>
    /// How it ended, and a row a step, sums being over coordinates and the steps so far: step, loss (full batch),
    /// imbalance (sum of |D_i|), contraction (sum of ln|1 - eta^2 z'_B,i^2|), contraction_full (the same with the
    /// full-batch slopes) and identity_error (largest deviation so far of D_i+ from D_i (1 - eta^2 z'_B,i^2), in units
    /// of rounding).
    /// </returns>
    /// <exception cref="ArgumentException">A number is out of range, or sizes do not agree.</exception>
    public static (SeriesTable Series, DescentResult Result) Run(
        DiagonalRegression landscape,
        double[] theta,
        double stepSize,
        int steps,
        BatchSampler sampler,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(landscape);
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(sampler);
        Require.Length(theta.Length, landscape.Dimension, nameof(theta));
        var (series, split) = (new SeriesTable(), new Split(landscape, Require.Positive(stepSize)));
        Observer<double[]> shares = new(
            1,
            state =>
            {
                if (state.Step > 0)
                    split.Complete(state.Theta);
                series.AddRow();
                series.Set(Columns.Step, state.Step);
                series.Set(Columns.Loss, landscape.Loss(state.Theta));
                split.Write(state.Theta, series);
                if (state.End is null)
                    split.Begin(state.Theta, sampler.At(state.Step));
                progress?.Invoke(state.Step);
            }
        );
        using var rule = new GradientDescent<double[]>(landscape.Space);
        var limits = DescentLimits.AllOf(steps);
        var result = DescentLoop.Run(
            landscape,
            rule,
            stepSize,
            limits,
            theta,
            [shares],
            sampler,
            cancellation: cancellation
        );
        return (series, result);
    }

    /// <summary>The sums, and what is known of a step before it is taken.</summary>
    private sealed class Split(DiagonalRegression landscape, double stepSize)
    {
        private readonly double[] _batch = new double[landscape.Width],
            _full = new double[landscape.Width];
        private readonly double[] _before = new double[landscape.Width];
        private double _contraction,
            _instability,
            _error;

        public void Begin(double[] theta, ReadOnlySpan<int> batch)
        {
            landscape.EffectiveSlopes(theta, batch, _batch);
            landscape.EffectiveSlopes(theta, _full);
            for (var i = 0; i < _before.Length; i++)
                _before[i] = Imbalance(theta, i);
        }

        public void Complete(double[] theta)
        {
            for (var i = 0; i < _batch.Length; i++)
            {
                var (factor, q) = (Factor(_batch[i]), Math.Abs(stepSize * _batch[i]));
                var (u, v) = (theta[i], theta[i + _batch.Length]);
                // What rounding is proportional to: the squares that enter, before the step at most (1 + q)^2 of these.
                var size = ((u * u) + (v * v) + Math.Abs(_before[i])) * (1 + q) * (1 + q);
                _error = Math.Max(
                    _error,
                    Math.Abs(Imbalance(theta, i) - (_before[i] * factor)) / (landscape.Space.UnitRoundoff * size)
                );
                _contraction += Math.Log(Math.Abs(factor));
                _instability += Math.Log(Math.Abs(Factor(_full[i])));
            }
        }

        public void Write(double[] theta, SeriesTable series)
        {
            var imbalance = 0.0;
            for (var i = 0; i < _before.Length; i++)
                imbalance += Math.Abs(Imbalance(theta, i));
            series.Set(NoiseShareColumns.Imbalance, imbalance);
            series.Set(NoiseShareColumns.Contraction, _contraction);
            series.Set(NoiseShareColumns.FullBatchContraction, _instability);
            series.Set(NoiseShareColumns.IdentityError, _error);
        }

        /// <summary>1 - eta^2 z'^2, (3.1).</summary>
        private double Factor(double slope) => 1 - (stepSize * stepSize * slope * slope);

        private double Imbalance(double[] theta, int i)
        {
            var (u, v) = (theta[i], theta[i + _before.Length]);
            return (u - v) * (u + v);
        }
    }
}
