namespace FlatBias.Dynamics.Maps;

/// <summary>A map x+ = f(x) that carries tangent vectors along: v+ = Df(x) v. All that stability analysis asks of a system, map or flow.</summary>
public interface ITangentMap : IDiscreteMap
{
    /// <summary>The time that one step takes, above 0: 1 for a map, T for the time-T map of a flow. Exponents are per unit of it.</summary>
    double Duration { get; }

    /// <summary>One step with any number of tangent vectors. No two spans overlap.</summary>
    /// <param name="current">The state x, n numbers.</param>
    /// <param name="tangents">k tangent vectors one after the other, k n numbers.</param>
    /// <param name="next">Overwritten with f(x).</param>
    /// <param name="images">Overwritten with Df(x) v of every tangent vector, k n numbers.</param>
    void StepTangent(
        ReadOnlySpan<double> current,
        ReadOnlySpan<double> tangents,
        Span<double> next,
        Span<double> images
    );
}

/// <summary>A map with its Jacobian, written by hand or made automatically, as the product with one vector.</summary>
public interface IDifferentiableMap : IDiscreteMap
{
    /// <summary>image := Df(state) direction. The spans do not overlap.</summary>
    /// <param name="state">The point x.</param>
    /// <param name="direction">Any vector.</param>
    /// <param name="image">Overwritten.</param>
    void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image);
}

/// <summary>The tangent map of a map with a Jacobian.</summary>
/// <typeparam name="TMap">The map, a struct.</typeparam>
/// <param name="map">The map.</param>
public readonly struct TangentMap<TMap>(TMap map) : ITangentMap
    where TMap : struct, IDifferentiableMap
{
    // A plain field, because a captured primary-constructor parameter of a readonly struct would be copied at every call.
    private readonly TMap _map = map;

    /// <inheritdoc/>
    public int Dimension => _map.Dimension;

    /// <inheritdoc/>
    public double Duration => 1;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next) => _map.Step(current, next);

    /// <inheritdoc/>
    public void StepTangent(
        ReadOnlySpan<double> current,
        ReadOnlySpan<double> tangents,
        Span<double> next,
        Span<double> images
    )
    {
        var n = Dimension;
        _map.Step(current, next);
        for (var i = 0; i < tangents.Length; i += n)
            _map.Differential(current, tangents.Slice(i, n), images.Slice(i, n));
    }
}

/// <summary>Tangent dynamics as a map of its own: the state is (x, v_1, ..., v_k).</summary>
/// <typeparam name="TMap">The map, a struct.</typeparam>
public readonly struct TangentSystem<TMap> : IDiscreteMap
    where TMap : struct, ITangentMap
{
    private readonly TMap _map;
    private readonly int _base;

    /// <summary>Makes the system.</summary>
    /// <param name="map">The map.</param>
    /// <param name="tangents">k, from 0 to 4096.</param>
    public TangentSystem(TMap map, int tangents)
    {
        (_map, _base) = (map, map.Dimension);
        Dimension = _base * (1 + Require.InRange(tangents, 0, 4096));
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next) =>
        _map.StepTangent(current[.._base], current[_base..], next[.._base], next[_base..]);
}

/// <summary>The n-th iterate of a map, by composition.</summary>
/// <typeparam name="TMap">The map, a struct.</typeparam>
public readonly struct IteratedMap<TMap> : ITangentMap
    where TMap : struct, ITangentMap
{
    private readonly TMap _map;
    private readonly int _times;
    private readonly double[] _state,
        _tangents;

    /// <summary>Makes the iterate. It owns work space for up to <paramref name="tangents"/> vectors, so it is not for use by several threads at once.</summary>
    /// <param name="map">The map.</param>
    /// <param name="times">n, at least 1.</param>
    /// <param name="tangents">The largest number of tangent vectors, at least 0.</param>
    public IteratedMap(TMap map, int times, int tangents)
    {
        (_map, _times) = (map, Require.InRange(times, 1));
        (_state, _tangents) = (new double[map.Dimension], new double[map.Dimension * Require.InRange(tangents, 0)]);
    }

    /// <inheritdoc/>
    public int Dimension => _map.Dimension;

    /// <inheritdoc/>
    public double Duration => _times * _map.Duration;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next) => StepTangent(current, [], next, []);

    /// <inheritdoc/>
    public void StepTangent(
        ReadOnlySpan<double> current,
        ReadOnlySpan<double> tangents,
        Span<double> next,
        Span<double> images
    )
    {
        _map.StepTangent(current, tangents, next, images);
        var work = _tangents.AsSpan(0, tangents.Length);
        for (var t = 1; t < _times; t++)
        {
            next.CopyTo(_state);
            images.CopyTo(work);
            _map.StepTangent(_state, work, next, images);
        }
    }
}

/// <summary>A map that depends on one parameter. Implement it as a struct.</summary>
/// <typeparam name="TMap">The map, a struct.</typeparam>
public interface IMapFamily<TMap>
    where TMap : struct, IDiscreteMap
{
    /// <summary>The map at a parameter; all have the same dimension.</summary>
    /// <param name="parameter">The parameter.</param>
    TMap At(double parameter);
}
