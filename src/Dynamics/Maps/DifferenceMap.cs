using FlatBias.Dynamics.Integration;
using FlatBias.Dynamics.Numerics;

namespace FlatBias.Dynamics.Maps;

/// <summary>
/// The automatic Jacobian of any map: Df(x) v = [f(x + h v) - f(x - h v)] / (2 h), with h from the sizes of the
/// components by eq. (10.12). Truncation and rounding are both about 3e-11 of the scale of the map.
/// Without stated sizes all components are taken to have one unit, and its size is that of the state or, where the
/// state is small beside its image, of the image; where both are zero it is 1. State sizes where the units differ, or
/// near a fixed point
/// at the origin whose surroundings are not of size 1. Owns its work space, so it is not for use by several threads at
/// once.
/// </summary>
/// <typeparam name="TMap">The map, a struct.</typeparam>
public readonly struct DifferenceMap<TMap> : IDifferentiableMap
    where TMap : struct, IDiscreteMap
{
    private readonly TMap _map;
    private readonly double[] _moved,
        _ahead,
        _sizes;

    /// <summary>Wraps a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="sizes">
    /// The size of each component, above 0, below which it counts as small; null to read one off state and image.
    /// </param>
    public DifferenceMap(TMap map, IReadOnlyList<double>? sizes = null)
    {
        (_map, _moved, _ahead, _sizes) = (map, new double[map.Dimension], new double[map.Dimension], [.. sizes ?? []]);
        if (sizes is null)
            return;
        Require.Length(_sizes.Length, map.Dimension, nameof(sizes));
        for (var i = 0; i < _sizes.Length; i++)
            Require.Positive(_sizes[i], $"size {i}");
    }

    /// <inheritdoc/>
    public int Dimension => _map.Dimension;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next) => _map.Step(current, next);

    /// <inheritdoc/>
    public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
    {
        var size = _sizes.Length > 0 ? 0 : Size(state);
        var h =
            _sizes.Length > 0 ? DifferenceStep.Along(direction, state, _sizes) : DifferenceStep.Along(direction, size);
        Sample(state, direction, h, image);
        if (_sizes.Length == 0 && Unresolved(image, size) is { } larger)
        {
            h = DifferenceStep.Along(direction, larger);
            Sample(state, direction, h, image);
        }

        CentralDifference.Finish(_ahead, h, image);
    }

    private double Size(ReadOnlySpan<double> state)
    {
        var size = Magnitude.Largest(state);
        if (size != 0)
            return size;
        _map.Step(state, _ahead);
        size = Magnitude.Largest(_ahead);
        return size == 0 ? 1 : size;
    }

    /// <summary>
    /// The size of the images where they are larger than the state and so nearly the same that their difference is
    /// rounding.
    /// </summary>
    private double? Unresolved(ReadOnlySpan<double> behind, double size)
    {
        var (largest, change) = (Math.Max(Magnitude.Largest(_ahead), Magnitude.Largest(behind)), 0.0);
        for (var i = 0; i < behind.Length; i++)
            change = Math.Max(change, Math.Abs(_ahead[i] - behind[i]));
        // At the balanced step a map of slope s at its size changes by 2 s times that fraction: an eighth of it costs a
        // digit.
        return largest > size && change < DifferenceStep.SecondOrder / 8 * largest ? largest : null;
    }

    private void Sample(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, double h, Span<double> behind)
    {
        CentralDifference.Move(state, direction, h, _moved);
        _map.Step(_moved, _ahead);
        CentralDifference.Move(state, direction, -h, _moved);
        _map.Step(_moved, behind);
    }
}

/// <summary>
/// The automatic Jacobian of any flow, by central differences. The size of a component in eq. (10.12) is |x_i| or, if
/// that is more, the size at which its absolute and relative tolerance weigh the same. Not for use by several threads
/// at once.
/// </summary>
/// <typeparam name="TFlow">The flow, a struct.</typeparam>
public readonly struct DifferenceFlow<TFlow> : IDifferentiableFlow
    where TFlow : struct, IFlow
{
    private readonly TFlow _flow;
    private readonly double[] _moved,
        _ahead,
        _sizes;

    /// <summary>Wraps a flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="options">The tolerances that it is integrated with.</param>
    public DifferenceFlow(TFlow flow, IntegrationOptions options)
    {
        var n = flow.Dimension;
        (_flow, _moved, _ahead, _sizes) = (flow, new double[n], new double[n], new double[n]);
        var norm = new ErrorNorm(options);
        norm.Prepare(n);
        for (var i = 0; i < n; i++)
            _sizes[i] = norm.Size(i);
    }

    /// <inheritdoc/>
    public int Dimension => _flow.Dimension;

    /// <inheritdoc/>
    public void Derivative(double time, ReadOnlySpan<double> state, Span<double> derivative) =>
        _flow.Derivative(time, state, derivative);

    /// <inheritdoc/>
    public void Differential(
        double time,
        ReadOnlySpan<double> state,
        ReadOnlySpan<double> direction,
        Span<double> image
    )
    {
        var h = DifferenceStep.Along(direction, state, _sizes);
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
    /// <summary>moved := state + h direction.</summary>
    public static void Move(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, double h, Span<double> moved)
    {
        for (var i = 0; i < state.Length; i++)
            moved[i] = state[i] + (h * direction[i]);
    }

    /// <summary>behind := (ahead - behind) / (2 h); zero for h = 0.</summary>
    public static void Finish(ReadOnlySpan<double> ahead, double h, Span<double> behind)
    {
        var scale = h > 0 ? 0.5 / h : 0;
        for (var i = 0; i < behind.Length; i++)
            behind[i] = scale * (ahead[i] - behind[i]);
    }
}
