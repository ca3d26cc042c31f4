using System.Runtime.InteropServices;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>
/// A landscape from loss and gradient in closed form. Column j of the Hessian is the slope of the gradient along e_j (dual numbers); with g(theta + t v) = sum_k g_k t^k (Taylor arithmetic),
/// D^k L[v^k] = (k-1)! v . g_(k-1) and D^(k+1) L[v^k, .] = k! g_k. All exact: no differences anywhere.
/// </summary>
/// <typeparam name="TModel">Loss and gradient, a struct.</typeparam>
public class ModelLandscape<TModel> : Landscape
    where TModel : struct, IModel
{
    private readonly Dual<Scalar>[] _dual,
        _dualGradient;
    private readonly Taylor[] _line,
        _lineGradient;

    /// <summary>Makes the landscape.</summary>
    /// <param name="name">Its name in records.</param>
    /// <param name="model">Loss and gradient.</param>
    /// <param name="dimension">P, at least 1.</param>
    public ModelLandscape(string name, TModel model, int dimension)
        : base(dimension)
    {
        (Name, Model) = (name, model);
        (_dual, _dualGradient) = (new Dual<Scalar>[dimension], new Dual<Scalar>[dimension]);
        (_line, _lineGradient) = (new Taylor[dimension], new Taylor[dimension]);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Loss and gradient.</summary>
    public TModel Model { get; }

    /// <summary>Gradient descent on this landscape as a map, compiled for the model.</summary>
    /// <param name="stepSize">The step size eta, finite and above 0.</param>
    public DescentMap<TModel> AsMap(double stepSize) => new(Model, Dimension, stepSize);

    /// <inheritdoc/>
    public override double Loss(ReadOnlySpan<double> theta) =>
        Model.Loss(MemoryMarshal.Cast<double, Scalar>(theta)).Value;

    /// <inheritdoc/>
    public override void Gradient(ReadOnlySpan<double> theta, Span<double> gradient) =>
        Model.Gradient(MemoryMarshal.Cast<double, Scalar>(theta), MemoryMarshal.Cast<double, Scalar>(gradient));

    /// <inheritdoc/>
    public override void Hessian(ReadOnlySpan<double> theta, Span<double> hessian)
    {
        for (var i = 0; i < Dimension; i++)
            _dual[i] = theta[i];
        for (var j = 0; j < Dimension; j++)
        {
            _dual[j] = new(theta[j], 1.0);
            Model.Gradient<Dual<Scalar>>(_dual, _dualGradient);
            _dual[j] = theta[j];
            // Both halves are written from the same number, so the matrix is symmetric to the bit.
            for (var i = j; i < Dimension; i++)
                hessian[(i * Dimension) + j] = hessian[(j * Dimension) + i] = _dualGradient[i].Slope.Value;
        }
    }

    /// <inheritdoc/>
    public override void DirectionalDerivatives(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        Span<double> derivatives
    )
    {
        AlongLine(theta, direction);
        var factorial = 1.0; // (k-1)!
        for (var k = 1; k <= derivatives.Length; k++)
        {
            var sum = 0.0;
            for (var i = 0; i < Dimension; i++)
                sum += direction[i] * _lineGradient[i][k - 1];
            derivatives[k - 1] = factorial * sum;
            factorial *= k;
        }
    }

    /// <inheritdoc/>
    public override void DirectionalGradient(
        ReadOnlySpan<double> theta,
        ReadOnlySpan<double> direction,
        int order,
        Span<double> gradient
    )
    {
        AlongLine(theta, direction);
        var factorial = 1.0;
        for (var k = 2; k <= order; k++)
            factorial *= k;
        for (var i = 0; i < Dimension; i++)
            gradient[i] = factorial * _lineGradient[i][order];
    }

    private void AlongLine(ReadOnlySpan<double> theta, ReadOnlySpan<double> direction)
    {
        for (var i = 0; i < Dimension; i++)
            _line[i] = Taylor.Line(theta[i], direction[i]);
        Model.Gradient<Taylor>(_line, _lineGradient);
    }
}
