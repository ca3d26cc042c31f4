using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>Gradient descent, eq. (1.1), on a model over any number type: with <see cref="DualMap{TFormula}"/> the tangent map v - eta H v without a Hessian.</summary>
/// <typeparam name="TModel">Loss and gradient, a struct.</typeparam>
public readonly struct DescentFormula<TModel> : IMapFormula
    where TModel : struct, IModel
{
    private readonly TModel _model;
    private readonly double _stepSize;

    /// <summary>Makes the map.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dimension">P, at least 1.</param>
    /// <param name="stepSize">eta, finite and above 0.</param>
    public DescentFormula(TModel model, int dimension, double stepSize) =>
        (_model, Dimension, _stepSize) = (model, Require.InRange(dimension, 1), Require.Positive(stepSize));

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Step<T>(ReadOnlySpan<T> current, Span<T> next)
        where T : struct, IReal<T>
    {
        _model.Gradient(current, next);
        for (var i = 0; i < current.Length; i++)
            next[i] = current[i] - ((T)_stepSize * next[i]);
    }
}
