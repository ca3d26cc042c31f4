namespace FlatBias.Dynamics.Integration;

/// <summary>
/// Any flow with its Jacobian by forward differences, n + 1 evaluations for each: the increment of component j is sqrt(1e-16 max(|x_j|, 1e-5)) in the direction of its sign, so that entries carry a relative error of about 1e-8.
/// A Rosenbrock method keeps its stability with such a Jacobian and loses accuracy only in proportion to that error.
/// </summary>
/// <typeparam name="TFlow">The flow, a struct.</typeparam>
public readonly struct DifferencedFlow<TFlow> : IJacobianFlow
    where TFlow : struct, IFlow
{
    private readonly TFlow _flow;
    private readonly double[] _point, _base, _shifted;

    /// <summary>Wraps a flow.</summary>
    /// <param name="flow">The flow.</param>
    public DifferencedFlow(TFlow flow)
    {
        var n = Require.InRange(flow.Dimension, 1, name: "the dimension of the flow");
        (_flow, _point, _base, _shifted) = (flow, new double[n], new double[n], new double[n]);
    }

    /// <inheritdoc/>
    public int Dimension => _flow.Dimension;

    /// <inheritdoc/>
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) => _flow.Derivative(time, state, derivative);

    /// <inheritdoc/>
    public void Jacobian(double time, ReadOnlySpan<double> state, Span<double> jacobian)
    {
        _flow.Derivative(time, state, _base);
        state.CopyTo(_point);
        var n = state.Length;
        for (var j = 0; j < n; j++)
        {
            _point[j] = state[j] + Increment(state[j]);
            var exact = _point[j] - state[j];
            _flow.Derivative(time, _point, _shifted);
            for (var i = 0; i < n; i++) jacobian[(i * n) + j] = (_shifted[i] - _base[i]) / exact;
            _point[j] = state[j];
        }
    }

    /// <inheritdoc/>
    public void TimeDerivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        var later = time + Increment(time);
        _flow.Derivative(time, state, _base);
        _flow.Derivative(later, state, derivative);
        for (var i = 0; i < derivative.Length; i++) derivative[i] = (derivative[i] - _base[i]) / (later - time);
    }

    private static double Increment(double value) => Math.CopySign(Math.Sqrt(1e-16 * Math.Max(Math.Abs(value), 1e-5)), value);
}
