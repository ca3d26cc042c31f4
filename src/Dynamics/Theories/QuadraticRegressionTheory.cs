using System.Numerics.Tensors;
using FlatBias.Dynamics.Jets;
using FlatBias.Dynamics.Maps;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Gradient descent on quadratic regression without the parameters, eq. (6.6): z+ = z - eta J J^T z + (eta^2/2) Q(J^T z, J^T z), J+ = J - eta Q(J^T z, .).
/// State (z, J), J row by row: D (1 + P) numbers. One step costs D P^2. Owns its work space, so it is not for use by several threads at once.
/// </summary>
public readonly struct QuadraticRegressionMap : IDiscreteMap
{
    private readonly double _stepSize;
    private readonly int _outputs;
    private readonly double[] _curvature,
        _gradient;

    /// <summary>Makes the map.</summary>
    /// <param name="stepSize">eta, finite and above 0.</param>
    /// <param name="outputs">D, at least 1.</param>
    /// <param name="parameters">P, at least 1.</param>
    /// <param name="curvature">Q, D P^2 numbers, last index fastest and symmetric in the last two; kept, not copied.</param>
    public QuadraticRegressionMap(double stepSize, int outputs, int parameters, double[] curvature)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        (_stepSize, _outputs, _curvature) = (Require.Positive(stepSize), Require.InRange(outputs, 1), curvature);
        _gradient = new double[Require.InRange(parameters, 1)];
        Require.Length(curvature.Length, outputs * parameters * parameters, nameof(curvature));
    }

    /// <inheritdoc/>
    public int Dimension => _outputs * (1 + _gradient.Length);

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        var n = _gradient.Length;
        var z = current[.._outputs];
        var jacobian = current[_outputs..];
        Array.Clear(_gradient);
        for (var d = 0; d < _outputs; d++)
            TensorPrimitives.MultiplyAdd(jacobian.Slice(d * n, n), z[d], _gradient, _gradient);
        for (var d = 0; d < _outputs; d++)
        {
            var before = jacobian.Slice(d * n, n);
            var after = next.Slice(_outputs + (d * n), n);
            var square = 0.0;
            for (var i = 0; i < n; i++)
            {
                var image = TensorPrimitives.Dot(_curvature.AsSpan(((d * n) + i) * n, n), _gradient);
                square += image * _gradient[i];
                after[i] = before[i] - (_stepSize * image);
            }

            next[d] =
                z[d] - (_stepSize * TensorPrimitives.Dot(before, _gradient)) + (_stepSize * _stepSize * square / 2);
        }
    }
}

/// <summary>
/// Quadratic regression as a theory [R: Agarwala et al. 2022], eq. (6.6): z+ = z - eta J J^T z + (eta^2/2) Q(J^T z, J^T z), J+ = J - eta Q(J^T z, .), with the curvature Q of the residual frozen at the reference point.
/// It runs in the coordinates of <see cref="ResidualJet"/>, where it is gradient descent itself as long as z is quadratic. The forecast Hessian J^T J + sum_d z_d Q_d gives sharpness and rotation of v_1; orthogonal
/// to those coordinates the Hessian is sum_d z_d Q_d alone, which is left out: it can lead only while residuals are large.
/// Domain: a sum of squares whose coordinates close below <see cref="ResidualJet.LargestDimension"/>.
/// Validity: 0 for quadratic residuals; otherwise the change of J relative to itself, |J_t - J_0| / |J_0|, what is frozen being the second order of that change.
/// </summary>
public sealed class QuadraticRegressionTheory : ITheory
{
    /// <inheritdoc/>
    public string Name => "quadratic-regression";

    /// <inheritdoc/>
    public string Summary => "residuals with their curvature frozen, eq. (6.6)";

    /// <inheritdoc/>
    public JetNeeds Needs => new(Direction: false, Residuals: true);

    /// <inheritdoc/>
    public TheoryLimit Limit => TheoryLimit.OwnLandscape;

    /// <inheritdoc/>
    public TheoryStanding Standing => new(TheoryFamily.OwnLandscape, TheoryOrigin.Rival, "Agarwala et al. 2022");

    /// <inheritdoc/>
    public Forecast Predict(Jet jet, double stepSize, int steps)
    {
        if (TheoryContract.Refusal(this, jet, stepSize, steps) is { } reason)
            return Forecast.Decline(Name, reason);
        var residual = jet.Residuals!;
        if (!residual.IsClosed)
            return Forecast.Decline(
                Name,
                $"the residuals' coordinates do not close within {ResidualJet.LargestDimension}"
            );
        var map = new QuadraticRegressionMap(stepSize, residual.Outputs, residual.Dimension, residual.Curvature);
        double[] state = [.. residual.Residuals, .. residual.Jacobian],
            next = new double[state.Length];
        double[] displacement = new double[steps + 1],
            sharpness = new double[steps + 1],
            loss = new double[steps + 1],
            rotation = new double[steps + 1],
            validity = new double[steps + 1];
        for (var t = 0; ; t++)
        {
            loss[t] = TensorPrimitives.SumOfSquares(state.AsSpan(0, residual.Outputs)) / 2;
            (sharpness[t], rotation[t]) = Leading(residual, state);
            validity[t] = residual.IsQuadratic ? 0 : Change(residual, state);
            if (t == steps)
                break;
            displacement[t + 1] = displacement[t] - (stepSize * SlopeAlongReference(residual, state));
            map.Step(state, next);
            (state, next) = (next, state);
        }

        return new Forecast(Name, null, displacement, sharpness, loss, validity) { Rotation = rotation };
    }

    /// <summary>|J_t - J_0| / |J_0|; infinite once the forecast has left the finite numbers, 0 where J_0 and its change are.</summary>
    private static double Change(ResidualJet residual, double[] state)
    {
        var change = TensorPrimitives.Distance(state.AsSpan(residual.Outputs), residual.Jacobian);
        return change == 0 ? 0
            : double.IsNaN(change) ? double.PositiveInfinity
            : change / TensorPrimitives.Norm(residual.Jacobian);
    }

    /// <summary>(J^T z)_0, the gradient along v_1.</summary>
    private static double SlopeAlongReference(ResidualJet residual, double[] state)
    {
        var sum = 0.0;
        for (var d = 0; d < residual.Outputs; d++)
            sum += state[d] * state[residual.Outputs + (d * residual.Dimension)];
        return sum;
    }

    /// <summary>The leading eigenvalue of J^T J + sum_d z_d Q_d, and the angle of its eigenvector from v_1; NaN once the forecast has left the finite numbers.</summary>
    private static (double Sharpness, double Rotation) Leading(ResidualJet residual, double[] state)
    {
        var (outputs, r) = (residual.Outputs, residual.Dimension);
        var hessian = new double[r * r];
        for (var d = 0; d < outputs; d++)
        {
            TensorPrimitives.MultiplyAdd(residual.Curvature.AsSpan(d * r * r, r * r), state[d], hessian, hessian);
            var row = state.AsSpan(outputs + (d * r), r);
            for (var i = 0; i < r; i++)
                TensorPrimitives.MultiplyAdd(row, row[i], hessian.AsSpan(i * r, r), hessian.AsSpan(i * r, r));
        }

        return SymmetricEigen.Leading(hessian, r);
    }
}
