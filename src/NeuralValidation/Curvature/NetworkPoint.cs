using FlatBias.Dynamics;
using FlatBias.Dynamics.Surfaces;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>A network's loss at one point. The gradient's graph is built once, and each Hessian-vector product is one more reverse pass through it.</summary>
internal sealed class NetworkPoint : ISurfacePoint<Tensor>
{
    private readonly NetworkSurface _surface;
    private readonly Tensor _leaf, _graph;

    public NetworkPoint(NetworkSurface surface, Tensor theta)
    {
        _surface = surface;
        surface.Cost.Gradients++;
        using var scope = NewDisposeScope();
        _leaf = theta.detach().requires_grad_(true).DetachFromDisposeScope();
        var loss = surface.Loss(_leaf);
        // Adding 0 . theta ties the graph to theta even where the gradient is constant (a dead network): the native side cannot differentiate what does not depend.
        _graph = (Autograd.Gradient(loss, _leaf, createGraph: true) + (_leaf * 0)).DetachFromDisposeScope();
        Loss = loss.to(ScalarType.Float64).item<double>();
        Gradient = _graph.detach().DetachFromDisposeScope();
    }

    public double Loss { get; }

    public Tensor Gradient { get; }

    public void HessianVector(Tensor direction, Tensor result)
    {
        _surface.Cost.HessianVectorProducts++;
        using var scope = NewDisposeScope();
        result.copy_(Autograd.Gradient(_graph, _leaf, direction, retainGraph: true));
    }

    public void DirectionalDerivatives(Tensor direction, Span<double> derivatives)
    {
        Require.InRange(derivatives.Length, 1, _surface.MaximumOrder, nameof(derivatives));
        _surface.Cost.AddTaylorPass(derivatives.Length, differentiated: false);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var series = _surface.LossSeries(_leaf, direction, derivatives.Length);
        var factorial = 1.0;
        for (var k = 1; k <= derivatives.Length; k++)
            derivatives[k - 1] = (factorial *= k) * series[k].to(ScalarType.Float64).item<double>();
    }

    public void DirectionalGradient(Tensor direction, int order, Tensor result)
    {
        Require.InRange(order, 1, _surface.MaximumOrder);
        _surface.Cost.AddTaylorPass(order, differentiated: true);
        using var scope = NewDisposeScope();
        var coefficient = _surface.LossSeries(_leaf, direction, order)[order];
        var factorial = Enumerable.Range(1, order).Aggregate(1.0, (product, k) => product * k);
        result.copy_(Autograd.Gradient((coefficient * factorial) + (_leaf.sum() * 0), _leaf));
    }

    public void Dispose()
    {
        _graph.Dispose();
        Gradient.Dispose();
        _leaf.Dispose();
    }
}
