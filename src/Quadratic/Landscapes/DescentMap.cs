using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Maps;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Gradient descent, eq. (1.1), on a model as a discrete map: theta+ = theta - eta g(theta), compiled for the model, for iteration at the speed of a loop written by hand.</summary>
/// <typeparam name="TModel">Loss and gradient, a struct.</typeparam>
public readonly struct DescentMap<TModel> : IDiscreteMap
    where TModel : struct, IModel
{
    // From here on vector instructions repay their call.
    private const int Wide = 16;

    private readonly TModel _model;
    private readonly double _stepSize;

    internal DescentMap(TModel model, int dimension, double stepSize) =>
        (_model, Dimension, _stepSize) = (model, dimension, Require.Positive(stepSize, "step-size"));

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        _model.Gradient(MemoryMarshal.Cast<double, Scalar>(current), MemoryMarshal.Cast<double, Scalar>(next));
        if (next.Length >= Wide)
            TensorPrimitives.MultiplyAdd(next, -_stepSize, current, next);
        else
            for (var i = 0; i < next.Length && i < current.Length; i++)
                next[i] = current[i] - (_stepSize * next[i]);
    }
}

/// <summary>Gradient descent on a two-parameter network as a discrete map, compiled for its link.</summary>
/// <typeparam name="TLink">The link z, a struct.</typeparam>
public readonly struct TwoParameterMap<TLink> : IDiscreteMap
    where TLink : struct, ILink
{
    private readonly TLink _link;
    private readonly double _stepSize;

    internal TwoParameterMap(TLink link, double stepSize) => (_link, _stepSize) = (link, stepSize);

    /// <inheritdoc/>
    public int Dimension => 2;

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<double> current, Span<double> next)
    {
        var (first, second) = (current[0], current[1]);
        var pull = _stepSize * _link.Slope(first * second);
        next[0] = first - (pull * second);
        next[1] = second - (pull * first);
    }
}
