using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// Derivatives of some samples' share of the loss by nested reverse mode alone: g from L, then again and again the gradient of the last derivative times v,
/// D^(k+1) L[v^k, .] = grad (D^k L[v^k]), D^(k+1) L[v^(k+1)] = (D^(k+1) L[v^k, .]) . v. Every pass differentiates the graphs of all passes before it, so the cost grows geometrically
/// with the order. Shares no code with <see cref="Linearisation"/> and only the layers' layout with <see cref="TaylorMode"/>: the second route for both.
/// </summary>
internal sealed class NestedReverse : IDisposable
{
    private readonly Tensor _leaf, _gradient;

    public NestedReverse(Architecture architecture, Tensor theta, SamplePart part)
    {
        using var scope = NewDisposeScope();
        _leaf = theta.detach().requires_grad_(true).DetachFromDisposeScope();
        var loss = ForwardPass.Loss(architecture, ForwardPass.Outputs(architecture, _leaf, part.Inputs), part.Targets).Times(part.Share);
        _gradient = Differentiated(loss).DetachFromDisposeScope();
    }

    /// <summary>H v, [P]: one reverse pass through the gradient's graph, which is kept. Belongs to the current dispose scope.</summary>
    public Tensor HessianVector(Tensor direction) => Autograd.Gradient(_gradient, _leaf, direction, retainGraph: true);

    /// <summary>D^(k+1) L[v^k, .] for k = 0 to <paramref name="order"/>, [P] each. They belong to the current dispose scope.</summary>
    public Tensor[] DirectionalGradients(Tensor direction, int order)
    {
        var gradients = new Tensor[order + 1];
        gradients[0] = _gradient;
        for (var k = 1; k <= order; k++) gradients[k] = Differentiated(gradients[k - 1].dot(direction));
        return [.. gradients.Select(g => g.detach())];
    }

    public void Dispose()
    {
        _gradient.Dispose();
        _leaf.Dispose();
    }

    /// <summary>The gradient with its graph. Adding 0 . theta ties it to theta even where it is constant (a dead network): the native side cannot differentiate what does not depend.</summary>
    private Tensor Differentiated(Tensor scalar) => Autograd.Gradient(scalar, _leaf, createGraph: true).Plus(_leaf.Times(0));
}
