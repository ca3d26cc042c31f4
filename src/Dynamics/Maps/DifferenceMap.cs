using FlatBias.Dynamics.Integration;

namespace FlatBias.Dynamics.Maps;

/// <summary>
/// The automatic Jacobian of any map: Df(x) v = [f(x + h v) - f(x - h v)] / (2 h). With h |v| = (3 u)^(1/3) max(1, |x|) in the largest component, u the unit roundoff,
/// truncation (h |v|)^2 f''' / 6 and rounding u |f| / (h |v|) are both about 3e-11 of the scale of the map. Owns its work space, so it is not for use by several threads at once.
/// </summary>
/// <typeparam name="TMap">The map, a struct.</typeparam>
public readonly struct DifferenceMap<TMap> : IDifferentiableMap
    where TMap : struct, IDiscreteMap
{
    private readonly TMap _map;
    private readonly double[] _moved, _ahead;

    /// <summary>Wraps a map.</summary>
    /// <param name="map">The map.</param>
    public DifferenceMap(TMap map) => (_map, _moved, _ahead) = (map, new double[map.Dimension], new double[map.Dimension]);

    /// <inheritdoc/>
    public int Dimension => _map.Dimension;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next) => _map.Step(current, next);

    /// <inheritdoc/>
    public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
    {
        var h = CentralDifference.Length(state, direction);
        CentralDifference.Move(state, direction, h, _moved);
        _map.Step(_moved, _ahead);
        CentralDifference.Move(state, direction, -h, _moved);
        _map.Step(_moved, image);
        CentralDifference.Finish(_ahead, h, image);
    }
}

/// <summary>The automatic Jacobian of any flow, by the differences of <see cref="DifferenceMap{TMap}"/>. Not for use by several threads at once.</summary>
/// <typeparam name="TFlow">The flow, a struct.</typeparam>
public readonly struct DifferenceFlow<TFlow> : IDifferentiableFlow
    where TFlow : struct, IFlow
{
    private readonly TFlow _flow;
    private readonly double[] _moved, _ahead;

    /// <summary>Wraps a flow.</summary>
    /// <param name="flow">The flow.</param>
    public DifferenceFlow(TFlow flow) => (_flow, _moved, _ahead) = (flow, new double[flow.Dimension], new double[flow.Dimension]);

    /// <inheritdoc/>
    public int Dimension => _flow.Dimension;

    /// <inheritdoc/>
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) => _flow.Derivative(time, state, derivative);

    /// <inheritdoc/>
    public void Differential(double time, ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
    {
        var h = CentralDifference.Length(state, direction);
        CentralDifference.Move(state, direction, h, _moved);
        _flow.Derivative(time, _moved, _ahead);
        CentralDifference.Move(state, direction, -h, _moved);
        _flow.Derivative(time, _moved, image);
        CentralDifference.Finish(_ahead, h, image);
    }
}

/// <summary>The arithmetic of a central difference along a vector.</summary>
internal static class CentralDifference
{
    /// <summary>(3 u)^(1/3), where truncation and rounding of a second-order difference balance.</summary>
    private const double Relative = 6.9e-6;

    /// <summary>h such that h |direction| is the balanced step; 0 for a zero direction.</summary>
    public static double Length(ReadOnlySpan<double> state, ReadOnlySpan<double> direction)
    {
        var (scale, size) = (1.0, 0.0);
        for (var i = 0; i < state.Length; i++)
        {
            scale = Math.Max(scale, Math.Abs(state[i]));
            size = Math.Max(size, Math.Abs(direction[i]));
        }

        return size > 0 ? Relative * scale / size : 0;
    }

    /// <summary>moved := state + h direction.</summary>
    public static void Move(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, double h, Span<double> moved)
    {
        for (var i = 0; i < state.Length; i++) moved[i] = state[i] + (h * direction[i]);
    }

    /// <summary>behind := (ahead - behind) / (2 h); zero for h = 0.</summary>
    public static void Finish(ReadOnlySpan<double> ahead, double h, Span<double> behind)
    {
        var scale = h > 0 ? 0.5 / h : 0;
        for (var i = 0; i < behind.Length; i++) behind[i] = scale * (ahead[i] - behind[i]);
    }
}
