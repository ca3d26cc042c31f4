using System.Runtime.InteropServices;
using FlatBias.Dynamics;
using FlatBias.Quadratic.Arithmetic;

namespace FlatBias.Quadratic.Landscapes;

/// <summary>A landscape from residuals and their gradients in closed form, L = 1/2 |z|^2. Q_d v is the slope of grad z_d along v (dual numbers).</summary>
/// <typeparam name="TModel">Loss, residuals and their gradients, a struct.</typeparam>
public abstract class ResidualLandscape<TModel> : ModelLandscape<TModel>, IResidualLandscape
    where TModel : struct, IResidualModel
{
    private readonly Dual<Scalar>[] _line,
        _lineGradient;

    /// <summary>Makes the landscape.</summary>
    /// <param name="name">Its name in records.</param>
    /// <param name="model">Loss, residuals and their gradients.</param>
    /// <param name="dimension">P, at least 1.</param>
    protected ResidualLandscape(string name, TModel model, int dimension)
        : base(name, model, dimension) =>
        (_line, _lineGradient) = (new Dual<Scalar>[dimension], new Dual<Scalar>[dimension]);

    /// <inheritdoc/>
    public int Outputs => Model.Outputs;

    /// <inheritdoc/>
    public virtual bool HasQuadraticResiduals => true;

    /// <inheritdoc/>
    public double Residual(ReadOnlySpan<double> theta, int index)
    {
        RequireIndex(theta, index);
        return Model.Residual(MemoryMarshal.Cast<double, Scalar>(theta), index).Value;
    }

    /// <inheritdoc/>
    public void ResidualGradient(ReadOnlySpan<double> theta, int index, Span<double> gradient)
    {
        RequireIndex(theta, index);
        Require.Length(gradient.Length, Dimension, nameof(gradient));
        Model.ResidualGradient(
            MemoryMarshal.Cast<double, Scalar>(theta),
            index,
            MemoryMarshal.Cast<double, Scalar>(gradient)
        );
    }

    /// <inheritdoc/>
    public void ResidualHessianVector(
        ReadOnlySpan<double> theta,
        int index,
        ReadOnlySpan<double> direction,
        Span<double> result
    )
    {
        RequireIndex(theta, index);
        Require.Length(direction.Length, Dimension, nameof(direction));
        Require.Length(result.Length, Dimension, nameof(result));
        for (var i = 0; i < Dimension; i++)
            _line[i] = new(theta[i], direction[i]);
        Model.ResidualGradient<Dual<Scalar>>(_line, index, _lineGradient);
        for (var i = 0; i < Dimension; i++)
            result[i] = _lineGradient[i].Slope.Value;
    }

    private void RequireIndex(ReadOnlySpan<double> theta, int index)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        Require.InRange(index, 0, Outputs - 1);
    }
}
