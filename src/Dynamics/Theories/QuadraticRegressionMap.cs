using System.Numerics.Tensors;
using FlatBias.Dynamics.Maps;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// Gradient descent on quadratic regression without the parameters, eq. (6.6): z+ = z - eta J J^T z + (eta^2/2) Q(J^T z, J^T z), J+ = J - eta Q(J^T z, .).
/// State (z, J), J row by row: D (1 + P) numbers. One step costs D P^2. Owns its work space, so it is not for use by several threads at once.
/// </summary>
public readonly struct QuadraticRegressionMap : IDiscreteMap
{
    private readonly double _stepSize;
    private readonly int _outputs;
    private readonly double[] _curvature, _gradient;

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
        for (var d = 0; d < _outputs; d++) TensorPrimitives.MultiplyAdd(jacobian.Slice(d * n, n), z[d], _gradient, _gradient);
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

            next[d] = z[d] - (_stepSize * TensorPrimitives.Dot(before, _gradient)) + (_stepSize * _stepSize * square / 2);
        }
    }
}
