using System.Numerics.Tensors;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The central flow [R: Cohen et al. 2025], eq. (6.5): the path that gradient descent oscillates about, in the coordinates of <see cref="LocalModel"/>: y' = -eta ( g + 1/2 grad &lt;H, Sigma> ), Sigma >= 0 the covariance of the
/// oscillation on the leading eigenvectors, &lt;Sigma, (2/eta) I - H> = 0. Sigma is found at every evaluation from the complementarity problem (<see cref="SemidefiniteComplementarity"/>)
/// Sigma >= 0, W = K - dH/dt >= 0, &lt;Sigma, W> = 0, with dH/dt = grad H . y' linear in Sigma and K = diag(kappa_i ((2/eta) - lambda_i)), kappa = 1/h below the edge, h the substep: a mode cannot overshoot the edge within a
/// substep, and one that has not reached it takes no part, so that no tolerance decides which modes are critical. With one mode at the edge this is sigma^2 = max(0, 2 &lt;-g, grad S> / |grad S|^2).
/// Below the edge it is gradient flow (6.1). A start above it, which the flow does not know, is drawn to it at the rate kappa = 1 a step. Integrated by the classical Runge-Kutta method in four substeps a step.
/// Forecasts: displacement and sharpness of the path, the time-averaged loss L + tr Sigma / eta, and as amplitude sigma = sqrt(tr Sigma), the size of the oscillation about the path in either direction.
/// Validity: the largest of the share of the last retained moment at u = sigma in the curvature, the excess of the sharpness over the edge, eta S / 2 - 1, and the residual of the complementarity problem; infinite once the flow has left the finite numbers.
/// </summary>
public sealed class CentralFlowTheory : ITheory
{
    private const int Substeps = 4;

    private readonly int _modes;

    /// <summary>Makes the theory.</summary>
    /// <param name="modes">The number of modes that may be unstable, 1 to 4.</param>
    public CentralFlowTheory(int modes) => _modes = Require.InRange(modes, 1, 4);

    /// <inheritdoc/>
    public string Name => $"central-flow-{_modes}";

    /// <inheritdoc/>
    public string Summary =>
        $"time average of the oscillation with {(_modes == 1 ? "one unstable mode" : $"up to {_modes} unstable modes")}, eq. (6.5)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Order: 3, Krylov: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.SmallSteps;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.Flow, TheoryOrigin.Rival, "Cohen et al. 2025");

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var model = new LocalModel(jet, jet.Order, jet.Krylov!.Coupling is not null);
        var flow = new CentralFlow(model, stepSize, _modes, 1.0 / Substeps);
        var forecast = new ModelForecast(model, jet, steps);
        double[] state = new double[model.Dimension],
            rate = new double[model.Dimension],
            sigma = new double[steps + 1],
            validity = new double[steps + 1];
        for (var t = 0; ; t++)
        {
            forecast.Read(t, state);
            var (covariance, residual, sharpness) = flow.Rate(state, rate);
            sigma[t] = Math.Sqrt(covariance);
            var worst = Math.Max(
                Share(model, state, sigma[t], sharpness),
                Math.Max(residual, (stepSize * sharpness / 2) - 1)
            );
            validity[t] = double.IsNaN(worst) ? double.PositiveInfinity : worst;
            if (t == steps)
                break;
            for (var s = 0; s < Substeps; s++)
                flow.Advance(state);
        }

        var built = forecast.Build(Name, validity);
        return built with
        {
            Loss = [.. built.Loss.Zip(sigma, (loss, x) => loss + (x * x / stepSize))],
            Amplitude = sigma,
        };
    }

    /// <summary>|m_K sigma^(K-2)/(K-2)!| / S.</summary>
    private static double Share(LocalModel model, double[] state, double sigma, double sharpness)
    {
        var term = model.Moment(model.Order, state.AsSpan(1));
        for (var k = 1; k <= model.Order - 2; k++)
            term *= sigma / k;
        return Math.Abs(term / sharpness);
    }

    /// <summary>The right-hand side, per step.</summary>
    private sealed class CentralFlow(LocalModel model, double stepSize, int modes, double substep)
    {
        private readonly int _modes = Math.Min(modes, model.Dimension);
        private readonly double[] _gradient = new double[model.Dimension],
            _hessian = new double[model.Dimension * model.Dimension];
        private readonly double[][] _stages = [.. Enumerable.Range(0, 5).Select(_ => new double[model.Dimension])];

        /// <summary>One substep by the classical Runge-Kutta method.</summary>
        public void Advance(double[] state)
        {
            var shifted = _stages[4];
            for (var i = 0; i < 4; i++)
            {
                state.CopyTo(shifted, 0);
                if (i > 0)
                    TensorPrimitives.MultiplyAdd(_stages[i - 1], i == 3 ? substep : substep / 2, shifted, shifted);
                Rate(shifted, _stages[i]);
            }

            for (var i = 0; i < 4; i++)
                TensorPrimitives.MultiplyAdd(_stages[i], substep * (i is 0 or 3 ? 1 : 2) / 6, state, state);
        }

        /// <summary>rate := y'. Returns tr Sigma, the residual of the complementarity problem and S; NaN where the flow has left the finite numbers.</summary>
        public (double Trace, double Residual, double Sharpness) Rate(double[] state, double[] rate)
        {
            var n = model.Dimension;
            model.Gradient(state, _gradient);
            model.Hessian(state, _hessian);
            if (SymmetricEigen.Of(_hessian, n) is not { } evd)
                return Left(rate);
            var sharpness = evd.Values[n - 1];
            var (operation, offset, slopes) = Problem(state, evd.Vectors, evd.Values);
            if (!offset.All(double.IsFinite) || !operation.Cast<double>().All(double.IsFinite))
                return Left(rate);
            TensorPrimitives.Multiply(_gradient, -stepSize, rate);
            var solution = SemidefiniteComplementarity.Solve(operation, offset);
            var packed = SemidefiniteComplementarity.Pack(solution.Solution);
            for (var a = 0; a < slopes.Length; a++)
                TensorPrimitives.MultiplyAdd(slopes[a], -stepSize * packed[a] / 2, rate, rate);
            return (solution.Solution.Trace(), solution.Residual, sharpness);
        }

        private static (double Trace, double Residual, double Sharpness) Left(double[] rate)
        {
            Array.Fill(rate, double.NaN);
            return (double.NaN, double.NaN, double.NaN);
        }

        /// <summary>
        /// With h_a = grad &lt;H, E_a> over the packed basis matrices E_a on the leading eigenvectors: M_ab = (eta/2) h_a . h_b and q_a = K_a + eta h_a . g.
        /// </summary>
        private (double[,] Operation, double[] Offset, double[][] Slopes) Problem(
            double[] state,
            Matrix<double> vectors,
            double[] values
        )
        {
            var edge = 2 / stepSize;
            var slopes = new double[_modes * (_modes + 1) / 2][];
            var room = Matrix<double>.Build.Dense(_modes, _modes);
            var at = 0;
            for (var i = 0; i < _modes; i++)
            {
                var gap = edge - values[values.Length - 1 - i];
                room[i, i] = gap > 0 ? gap / substep : gap;
                for (var j = 0; j <= i; j++)
                    slopes[at++] = Slope(state, vectors, i, j);
            }

            var offset = SemidefiniteComplementarity.Pack(room);
            var operation = new double[slopes.Length, slopes.Length];
            for (var a = 0; a < slopes.Length; a++)
            {
                offset[a] += stepSize * TensorPrimitives.Dot(slopes[a], _gradient);
                for (var b = 0; b < slopes.Length; b++)
                    operation[a, b] = stepSize / 2 * TensorPrimitives.Dot(slopes[a], slopes[b]);
            }

            return (operation, offset, slopes);
        }

        /// <summary>D^3 L[v_i, v_i, .], or for i other than j sqrt 2 D^3 L[v_i, v_j, .] by polarisation.</summary>
        private double[] Slope(double[] state, Matrix<double> vectors, int i, int j)
        {
            var n = model.Dimension;
            Vector<double> first = vectors.Column(n - 1 - i),
                second = vectors.Column(n - 1 - j);
            var slope = new double[n];
            if (i == j)
            {
                model.CurvatureGradient(state, first.AsArray(), slope);
                return slope;
            }

            var other = new double[n];
            model.CurvatureGradient(state, (first + second).AsArray(), slope);
            model.CurvatureGradient(state, (first - second).AsArray(), other);
            for (var c = 0; c < n; c++)
                slope[c] = Math.Sqrt(2) * (slope[c] - other[c]) / 4;
            return slope;
        }
    }
}
