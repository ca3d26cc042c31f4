using FlatBias.Dynamics.Integration;

namespace FlatBias.Dynamics.Maps;

/// <summary>A flow x' = f(t, x) with its Jacobian, written by hand or made automatically (<see cref="DifferenceFlow{TFlow}"/>), as the product with one vector.</summary>
public interface IDifferentiableFlow : IFlow
{
    /// <summary>image := Df(t, state) direction, the derivative with respect to the state. The spans do not overlap.</summary>
    /// <param name="time">t.</param>
    /// <param name="state">The point x.</param>
    /// <param name="direction">Any vector.</param>
    /// <param name="image">Overwritten.</param>
    void Differential(double time, ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image);
}

/// <summary>The variational equations of a flow as a flow: x' = f(t, x), v_i' = Df(t, x) v_i. The state is (x, v_1, ..., v_k).</summary>
/// <typeparam name="TFlow">The flow, a struct.</typeparam>
public readonly struct VariationalFlow<TFlow> : IFlow
    where TFlow : struct, IDifferentiableFlow
{
    private readonly TFlow _flow;
    private readonly int _base;

    /// <summary>Makes the flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="tangents">k, at least 0.</param>
    public VariationalFlow(TFlow flow, int tangents) => (_flow, _base, Dimension) = (flow, flow.Dimension, flow.Dimension * (1 + Require.InRange(tangents, 0)));

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        var x = state[.._base];
        _flow.Derivative(time, x, derivative[.._base]);
        for (var i = _base; i < Dimension; i += _base) _flow.Differential(time, x, state.Slice(i, _base), derivative.Slice(i, _base));
    }
}

/// <summary>
/// The time-T map of a flow, integrated from t = 0 to T under error control together with its tangent vectors: the flow is autonomous, or periodic in time with period T (stroboscopic map).
/// Where the integration fails the images are NaN: a divergence, as of any map. Owns its integrators, so it is not for use by several threads at once.
/// </summary>
/// <typeparam name="TFlow">The flow, a struct.</typeparam>
public readonly struct FlowMap<TFlow> : ITangentMap
    where TFlow : struct, IDifferentiableFlow
{
    private readonly TFlow _flow;

    // One integrator for states and one for states with tangents: each keeps work space of one dimension.
    private readonly RungeKutta _plain, _variational;
    private readonly double[][] _work;

    /// <summary>Makes the map.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="duration">T, above 0.</param>
    /// <param name="options">Tolerances; they hold for tangent vectors too.</param>
    public FlowMap(TFlow flow, double duration, IntegrationOptions options)
    {
        (_flow, Duration) = (flow, Require.Positive(duration));
        (_plain, _variational) = (new RungeKutta(ButcherTableau.DormandPrince, options), new RungeKutta(ButcherTableau.DormandPrince, options));
        _work = [[]];
    }

    /// <inheritdoc/>
    public int Dimension => _flow.Dimension;

    /// <summary>T.</summary>
    public double Duration { get; }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        current.CopyTo(next);
        var time = 0.0;
        if (_plain.Integrate(_flow, ref time, Duration, next) != IntegrationEnd.Reached) next.Fill(double.NaN);
    }

    /// <inheritdoc/>
    public void StepTangent(ReadOnlySpan<double> current, ReadOnlySpan<double> tangents, Span<double> next, Span<double> images)
    {
        var n = Dimension;
        if (_work[0].Length != n + tangents.Length) _work[0] = new double[n + tangents.Length];
        var work = _work[0].AsSpan();
        current.CopyTo(work);
        tangents.CopyTo(work[n..]);
        var time = 0.0;
        var end = _variational.Integrate(new VariationalFlow<TFlow>(_flow, tangents.Length / n), ref time, Duration, work);
        if (end != IntegrationEnd.Reached) work.Fill(double.NaN);
        work[..n].CopyTo(next);
        work[n..].CopyTo(images);
    }
}
