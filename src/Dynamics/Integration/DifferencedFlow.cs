namespace FlatBias.Dynamics.Integration;

/// <summary>
/// Any flow with its Jacobian by forward differences, n + 1 evaluations for each, and its derivative in time by three.
/// The lengths are the integrator's, made of its step and tolerances, eqs. (10.10) and (10.11): they follow the units
/// of the
/// problem, and <see cref="IntegrationOptions.AbsoluteByComponent"/> says what counts as small in each. Entries carry a
/// relative error of about 1e-8 of what the column does over the size of its component.
/// A Rosenbrock method keeps its stability with such a Jacobian and loses accuracy only in proportion to that error.
/// </summary>
/// <typeparam name="TFlow">The flow, a struct.</typeparam>
public readonly struct DifferencedFlow<TFlow> : IJacobianFlow
    where TFlow : struct, IFlow
{
    private readonly TFlow _flow;
    private readonly double[] _point,
        _base,
        _shifted;

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
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) =>
        _flow.Derivative(time, state, derivative);

    /// <inheritdoc/>
    public void Jacobian(
        double time,
        ReadOnlySpan<double> state,
        ReadOnlySpan<double> increments,
        Span<double> jacobian
    )
    {
        _flow.Derivative(time, state, _base);
        state.CopyTo(_point);
        var n = state.Length;
        for (var j = 0; j < n; j++)
        {
            _point[j] = state[j] + increments[j];
            var exact = _point[j] - state[j];
            _flow.Derivative(time, _point, _shifted);
            for (var i = 0; i < n; i++)
                jacobian[(i * n) + j] = (_shifted[i] - _base[i]) / exact;
            _point[j] = state[j];
        }
    }

    /// <inheritdoc/>
    public void TimeDerivative(double time, ReadOnlySpan<double> state, double increment, Span<double> derivative)
    {
        // The line of second order through three points on one side: no time before this one is asked for, where the
        // flow may jump.
        var (near, far) = (time + increment, time + (2 * increment));
        var (a, b) = (near - time, far - time);
        _flow.Derivative(time, state, _base);
        _flow.Derivative(near, state, _shifted);
        _flow.Derivative(far, state, derivative);
        for (var i = 0; i < derivative.Length; i++)
            derivative[i] = (((_shifted[i] - _base[i]) / a * b) - ((derivative[i] - _base[i]) / b * a)) / (b - a);
    }
}
