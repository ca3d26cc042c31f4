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
    public VariationalFlow(TFlow flow, int tangents) =>
        (_flow, _base, Dimension) = (flow, flow.Dimension, flow.Dimension * (1 + Require.InRange(tangents, 0)));

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative)
    {
        var x = state[.._base];
        _flow.Derivative(time, x, derivative[.._base]);
        for (var i = _base; i < Dimension; i += _base)
            _flow.Differential(time, x, state.Slice(i, _base), derivative.Slice(i, _base));
    }
}

/// <summary>
/// The time-T map of a flow, integrated from t = 0 to T under error control together with its tangent vectors: the flow is autonomous, or periodic in time with period T (stroboscopic map).
/// A tangent vector has no length of its own, so it is integrated in a multiple of itself whose largest component is as
/// large as the size at which that component's tolerances weigh the same, eq. (10.13).
/// Where the integration fails the images are NaN: a divergence, as of any map. Owns its integrators, so it is not for use by several threads at once.
/// </summary>
/// <typeparam name="TFlow">The flow, a struct.</typeparam>
public readonly struct FlowMap<TFlow> : ITangentMap
    where TFlow : struct, IDifferentiableFlow
{
    private readonly TFlow _flow;
    private readonly RungeKutta _plain;
    private readonly Variational _variational;

    /// <summary>Makes the map.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="duration">T, above 0.</param>
    /// <param name="options">Tolerances, for states and, in their own units, for tangent vectors.</param>
    public FlowMap(TFlow flow, double duration, IntegrationOptions options)
    {
        (_flow, Duration) = (flow, Require.Positive(duration));
        (_plain, _variational) = (
            new RungeKutta(ButcherTableau.DormandPrince, options),
            new Variational(options, flow.Dimension)
        );
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
        if (_plain.Integrate(_flow, ref time, Duration, next) != IntegrationEnd.Reached)
            next.Fill(double.NaN);
    }

    /// <inheritdoc/>
    public void StepTangent(
        ReadOnlySpan<double> current,
        ReadOnlySpan<double> tangents,
        Span<double> next,
        Span<double> images
    )
    {
        var n = Dimension;
        var work = _variational.Begin(current, tangents);
        var time = 0.0;
        var flow = new VariationalFlow<TFlow>(_flow, tangents.Length / n);
        if (_variational.Integrator.Integrate(flow, ref time, Duration, work) != IntegrationEnd.Reached)
            work.Fill(double.NaN);
        work[..n].CopyTo(next);
        _variational.End(images);
    }
}

/// <summary>What integrates a state with tangents: made anew when their number changes.</summary>
internal sealed class Variational
{
    private readonly IntegrationOptions _options;
    private readonly double[] _sizes;
    private double[] _work = [],
        _units = [];

    public Variational(IntegrationOptions options, int dimension)
    {
        var norm = new ErrorNorm(options);
        norm.Prepare(dimension);
        (_options, _sizes) = (options, new double[dimension]);
        for (var i = 0; i < dimension; i++)
            _sizes[i] = norm.Size(i);
        Integrator = new RungeKutta(ButcherTableau.DormandPrince, options);
    }

    public RungeKutta Integrator { get; private set; }

    /// <summary>The start: the state, and each tangent in its unit.</summary>
    public Span<double> Begin(ReadOnlySpan<double> state, ReadOnlySpan<double> tangents)
    {
        var n = _sizes.Length;
        if (_work.Length != n + tangents.Length)
            Resize(tangents.Length / n);
        state.CopyTo(_work);
        for (var k = 0; k < _units.Length; k++)
        {
            var tangent = tangents.Slice(k * n, n);
            var unit = 0.0;
            for (var i = 0; i < n; i++)
                unit = Math.Max(unit, Math.Abs(tangent[i]) / _sizes[i]);
            _units[k] = unit > 0 ? unit : 1;
            for (var i = 0; i < n; i++)
                _work[((k + 1) * n) + i] = tangent[i] / _units[k];
        }

        return _work;
    }

    /// <summary>The images, in the units of the tangents given.</summary>
    public void End(Span<double> images)
    {
        var n = _sizes.Length;
        for (var i = 0; i < images.Length; i++)
            images[i] = _work[n + i] * _units[i / n];
    }

    private void Resize(int tangents)
    {
        (_work, _units) = (new double[_sizes.Length * (1 + tangents)], new double[tangents]);
        Integrator = new RungeKutta(
            ButcherTableau.DormandPrince,
            _options with
            {
                RelativeByComponent = Repeated(_options.RelativeByComponent, tangents),
                AbsoluteByComponent = Repeated(_options.AbsoluteByComponent, tangents),
            }
        );
    }

    private static double[]? Repeated(IReadOnlyList<double>? tolerances, int tangents) =>
        tolerances is null ? null : [.. Enumerable.Repeat(tolerances, 1 + tangents).SelectMany(each => each)];
}
