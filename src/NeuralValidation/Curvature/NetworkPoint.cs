using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;
using FlatBias.Dynamics.Vectors;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// A network's loss at one point. Hessian and Gauss-Newton products come from a linearisation, which is computed once and kept when all samples are taken at once;
/// on a surface with a chunk it is rebuilt chunk by chunk for every call, at the price of one more gradient each, so that memory stays bounded.
/// </summary>
public sealed class NetworkPoint : IGaussNewtonPoint<Tensor>, ICubicPoint<Tensor>
{
    private readonly TorchSurface _surface;
    private readonly Tensor _theta;
    private readonly ILinearisation? _kept;

    internal NetworkPoint(TorchSurface surface, Tensor theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        (_surface, _theta) = (surface, theta.detach().DetachFromDisposeScope());
        surface.Cost.Gradients++;
        using var scope = NewDisposeScope();
        if (surface.Samples.Parts == 1)
            _kept = surface.Route.At(_theta, surface.Samples.Part(0));
        Gradient = zeros_like(_theta).DetachFromDisposeScope();
        Loss = surface.Sum(Gradient, part => Linearised(part, at => (at.Loss.clone(), at.Gradient.clone())), _theta);
    }

    /// <inheritdoc/>
    public double Loss { get; }

    /// <inheritdoc/>
    public Tensor Gradient { get; }

    /// <inheritdoc/>
    public void HessianVector(Tensor direction, Tensor result)
    {
        ArgumentNullException.ThrowIfNull(direction);
        using var row = direction.unsqueeze(0);
        Product(row, result, 1, gaussNewton: false);
    }

    /// <summary>result := G direction, with G = J^T H_out J the Gauss-Newton part of the Hessian: J the Jacobian of the
    /// outputs, H_out the Hessian of the loss in the outputs. Positive semidefinite; H - G is the residual part, which
    /// vanishes where every output has zero loss gradient. With a quadratic term (7.6) both have L2 times the identity.
    /// Cost: that of a Hessian product.</summary>
    /// <param name="direction">Any vector, P components.</param>
    /// <param name="result">Overwritten.</param>
    public void GaussNewtonVector(Tensor direction, Tensor result)
    {
        ArgumentNullException.ThrowIfNull(direction);
        using var row = direction.unsqueeze(0);
        Product(row, result, 1, gaussNewton: true);
    }

    /// <inheritdoc/>
    /// <remarks>All directions pass through the layers together. Their tangents take memory in proportion to samples (at most the surface's chunk) times <paramref name="count"/>.</remarks>
    public void HessianBlock(IVectorBlock<Tensor> directions, IVectorBlock<Tensor> results, int count)
    {
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(results);
        Require.InRange(count, 1, Math.Min(directions.Capacity, results.Capacity));
        using var scope = NewDisposeScope();
        var products = zeros(count, _surface.Space.Dimension, _theta.dtype, _theta.device);
        Product(TensorBlock.Matrix(directions, count), products, count, gaussNewton: false);
        for (var i = 0; i < count; i++)
            results[i].copy_(products[i]);
    }

    /// <inheritdoc/>
    public void DirectionalDerivatives(Tensor direction, Span<double> derivatives)
    {
        var order = Require.InRange(derivatives.Length, 1, _surface.MaximumOrder, nameof(derivatives));
        _surface.Route.Book(_surface.Cost, order, differentiated: false);
        using var scope = NewDisposeScope();
        var sum = zeros(order, ScalarType.Float64);
        _surface.Sum(sum, part => (null, _surface.Route.TaylorCoefficients(_theta, direction, part, order)));
        sum.data<double>().CopyTo(derivatives);
        var factorial = 1.0;
        for (var k = 1; k <= order; k++)
            derivatives[k - 1] *= factorial *= k;
        if (_surface.L2 == 0)
            return;
        derivatives[0] += _surface.L2 * _surface.Space.Dot(_theta, direction);
        if (order > 1)
            derivatives[1] += _surface.L2 * _surface.Space.Dot(direction, direction);
    }

    /// <inheritdoc/>
    public void DirectionalGradient(Tensor direction, int order, Tensor result)
    {
        Require.InRange(order, 1, _surface.MaximumOrder);
        _surface.Route.Book(_surface.Cost, order, differentiated: true);
        _surface.Sum(
            result,
            part => (null, _surface.Route.DirectionalGradient(_theta, direction, part, order)),
            order == 1 ? direction : null
        );
    }

    /// <inheritdoc/>
    /// <remarks>One reverse pass for each through the kept graph of H v. The ledger books that graph, the route's differentiated derivative of order 1, and for each vector the pass through it.</remarks>
    public void MixedGradients(Tensor first, IVectorBlock<Tensor> seconds, IVectorBlock<Tensor> results, int count)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(seconds);
        ArgumentNullException.ThrowIfNull(results);
        Require.InRange(count, 1, Math.Min(seconds.Capacity, results.Capacity));
        _surface.Route.Book(_surface.Cost, 1, differentiated: true);
        for (var j = 0; j < count; j++)
            _surface.Cost.AddMixedPass();
        using var scope = NewDisposeScope();
        var products = zeros(count, _surface.Space.Dimension, _theta.dtype, _theta.device);
        var rows = TensorBlock.Matrix(seconds, count);
        _surface.Sum(products, part => (null, _surface.Route.MixedGradients(_theta, first, rows, part)));
        for (var j = 0; j < count; j++)
            results[j].copy_(products[j]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kept?.Dispose();
        Gradient.Dispose();
        _theta.Dispose();
    }

    private void Product(Tensor directions, Tensor result, int count, bool gaussNewton)
    {
        _surface.Cost.HessianVectorProducts += count;
        if (_kept is null)
            _surface.Cost.Gradients++;
        using var scope = NewDisposeScope();
        var sum = result.view(count, -1);
        _surface.Sum(
            sum,
            part => Linearised<(Tensor?, Tensor)>(part, at => (null, at.Product(directions, gaussNewton))),
            directions
        );
    }

    /// <summary>Asks the linearisation of a part: the kept one, or one made for the purpose.</summary>
    private T Linearised<T>(SamplePart part, Func<ILinearisation, T> ask)
    {
        if (_kept is not null)
            return ask(_kept);
        using var at = _surface.Route.At(_theta, part);
        return ask(at);
    }
}
