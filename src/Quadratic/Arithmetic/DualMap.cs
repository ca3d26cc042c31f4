using FlatBias.Dynamics.Maps;

namespace FlatBias.Quadratic.Arithmetic;

/// <summary>A map written once over a generic number type. Implement it as a struct; <see cref="DualMap{TFormula}"/> gives its exact Jacobian.</summary>
public interface IMapFormula
{
    /// <summary>The number of state variables.</summary>
    int Dimension { get; }

    /// <summary>One step. The spans do not overlap.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="current">The state x.</param>
    /// <param name="next">Overwritten with f(x).</param>
    void Step<T>(ReadOnlySpan<T> current, Span<T> next)
        where T : struct, IReal<T>;
}

/// <summary>A map with its automatic Jacobian by dual numbers, exact to rounding: one evaluation over dual numbers a vector. Owns its work space, so it is not for use by several threads at once.</summary>
/// <typeparam name="TFormula">The map, a struct.</typeparam>
public readonly struct DualMap<TFormula> : IDifferentiableMap
    where TFormula : struct, IMapFormula
{
    private readonly TFormula _formula;
    private readonly Dual<Scalar>[] _current,
        _next;

    /// <summary>Wraps a formula.</summary>
    /// <param name="formula">The map.</param>
    public DualMap(TFormula formula) =>
        (_formula, _current, _next) = (
            formula,
            new Dual<Scalar>[formula.Dimension],
            new Dual<Scalar>[formula.Dimension]
        );

    /// <inheritdoc/>
    public int Dimension => _formula.Dimension;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next) =>
        _formula.Step(
            System.Runtime.InteropServices.MemoryMarshal.Cast<double, Scalar>(current),
            System.Runtime.InteropServices.MemoryMarshal.Cast<double, Scalar>(next)
        );

    /// <inheritdoc/>
    public void Differential(ReadOnlySpan<double> state, ReadOnlySpan<double> direction, Span<double> image)
    {
        for (var i = 0; i < _current.Length; i++)
            _current[i] = new(state[i], direction[i]);
        _formula.Step<Dual<Scalar>>(_current, _next);
        for (var i = 0; i < _next.Length; i++)
            image[i] = _next[i].Slope.Value;
    }
}
