using System.Numerics.Tensors;
using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Jets;

namespace FlatBias.Dynamics.Theories;

/// <summary>
/// The flow (6.12). State: c and d, each in a unit of its own, so that the integrator's absolute tolerance is relative to
/// it.
/// </summary>
internal readonly struct SwingFlow(LocalModel model, double stepSize) : IFlow
{
    // The roundings of the gradient in d, 2^-53 of the centre's way, then stay below the absolute tolerance, 1e-12.
    private const double Least = 1.0 / (1 << 13);

    private readonly double[] _units = [1, 1];
    private readonly double[] _point = new double[model.Dimension],
        _above = new double[model.Dimension],
        _below = new double[model.Dimension],
        _ahead = new double[model.Dimension],
        _first = new double[2 * model.Dimension],
        _whole = new double[2 * model.Dimension];

    public int Dimension => 2 * model.Dimension;

    /// <summary>point := c + sign d.</summary>
    public void Point(ReadOnlySpan<double> state, int sign, double[] point)
    {
        for (var i = 0; i < point.Length; i++)
            point[i] = (_units[0] * state[i]) + (sign * _units[1] * state[point.Length + i]);
    }

    /// <summary>Takes the powers of two next to the lengths of c, or of its coming step, and of d as units.</summary>
    public void Rescale(double[] state)
    {
        var n = model.Dimension;
        Point(state, 0, _point);
        model.Gradient(_point, _above);
        var swing = _units[1] * TensorPrimitives.Norm<double>(state.AsSpan(n));
        var centre = Math.Max(TensorPrimitives.Norm<double>(_point), stepSize * TensorPrimitives.Norm<double>(_above));
        Take(0, state.AsSpan(0, n), Math.Max(centre, swing));
        Take(1, state.AsSpan(n), Math.Max(swing, Least * centre));
    }

    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        var n = model.Dimension;
        Point(state, 1, _point);
        model.Gradient(_point, _above);
        Point(state, -1, _point);
        model.Gradient(_point, _below);
        for (var i = 0; i < n; i++)
        {
            _first[i] = -stepSize / 2 * (_above[i] + _below[i]);
            _first[n + i] = (stepSize / 2 * (_above[i] - _below[i])) - (2 * _units[1] * state[n + i]);
        }

        // H_+ and H_- on what the two ends move by.
        TensorPrimitives.Subtract<double>(_first.AsSpan(0, n), _first.AsSpan(n), _ahead);
        model.HessianVector(_point, _ahead, _below);
        Point(state, 1, _point);
        TensorPrimitives.Add<double>(_first.AsSpan(0, n), _first.AsSpan(n), _ahead);
        model.HessianVector(_point, _ahead, _above);
        for (var i = 0; i < n; i++)
        {
            derivative[i] = (_first[i] + (stepSize / 4 * (_above[i] + _below[i]))) / _units[0];
            derivative[n + i] = ((2 * _first[n + i]) - (stepSize / 4 * (_above[i] - _below[i]))) / _units[1];
        }
    }

    /// <summary>The length of the second-order term over that of the first.</summary>
    public double Unsteadiness(ReadOnlySpan<double> state)
    {
        var n = model.Dimension;
        Derivative(0, state, _whole);
        TensorPrimitives.Multiply(_whole.AsSpan(0, n), _units[0], _whole.AsSpan(0, n));
        TensorPrimitives.Multiply(_whole.AsSpan(n), _units[1], _whole.AsSpan(n));
        var size = TensorPrimitives.Norm<double>(_first);
        return size == 0 ? 0 : TensorPrimitives.Distance<double>(_whole, _first) / size;
    }

    private void Take(int which, Span<double> part, double length)
    {
        if (!(length > 0) || !double.IsFinite(length))
            return;
        var unit = Math.ScaleB(1, Math.ILogB(length));
        TensorPrimitives.Multiply(part, _units[which] / unit, part);
        _units[which] = unit;
    }
}
