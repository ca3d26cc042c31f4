using System.Runtime.InteropServices;
using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>
/// A loss with its graph. The native side ends the process where what is differentiated does not depend on one of the
/// leaves, so what may not is tied to all of them first, by adding 0 times theta.
/// </summary>
internal sealed class ReverseGraph : IDisposable
{
    private readonly Tensor[] _leaves;
    private readonly Tensor _outputs,
        _targets;
    private readonly double _share;
    private readonly int _connected;
    private readonly Func<Tensor, Tensor, Tensor> _loss;

    public ReverseGraph(
        Tensor[] leaves,
        int connected,
        Tensor outputs,
        Tensor targets,
        double share,
        Func<Tensor, Tensor, Tensor> loss,
        Tensor mean
    )
    {
        (_leaves, _connected, _outputs, _targets, _share, _loss) = (leaves, connected, outputs, targets, share, loss);
        Loss = mean.Times(share);
    }

    /// <summary>The samples' share of the mean loss, a scalar.</summary>
    public Tensor Loss { get; }

    /// <summary>The gradient of a scalar, [P]; with its graph, or without and freeing that of the scalar.</summary>
    /// <param name="scalar">A derivative of the loss, of one order less.</param>
    /// <param name="order">The order of the result as a derivative of the loss, from 1.</param>
    /// <param name="keep">Whether it is to be differentiated again.</param>
    public Tensor Differentiated(Tensor scalar, int order, bool keep)
    {
        var tied = order - 1 < _connected ? scalar.sum() : scalar.sum().Plus(Nothing().sum());
        var gradient = FlatParameters.Join(Autograd.Gradients(tied, _leaves, createGraph: keep));
        return !keep || order < _connected ? gradient : gradient.Plus(Nothing());
    }

    /// <summary>
    /// Throws where torch lacks the derivative of an operation of this scalar. Plain differentiation would end the
    /// process there; this way round, through the tensors' own gradients, the native side reports it.
    /// </summary>
    public void Probe(Tensor scalar)
    {
        Tensor?[] before = [.. _leaves.Select(leaf => leaf.grad)];
        try
        {
            // What is there would be added to.
            foreach (var leaf in _leaves)
                leaf.grad = null;
            autograd.backward([scalar.sum().Plus(Nothing().sum())], retain_graph: true, inputs: _leaves);
        }
        catch (ExternalException e)
        {
            throw new ArgumentException(
                $"the loss has an operation that torch cannot differentiate so often: {e.Message.Split('\n')[0]}. Its plain mathematical form can be (docs/networks.md).",
                e
            );
        }
        finally
        {
            for (var i = 0; i < before.Length; i++)
                _leaves[i].grad = before[i];
        }
    }

    /// <summary>d(vector . seed)/d theta, [P], of a vector that depends on all leaves; its graph is kept.</summary>
    public Tensor Product(Tensor vector, Tensor seed) =>
        FlatParameters.Join(Autograd.Gradients(vector, _leaves, seed, retainGraph: true));

    /// <summary>J v, of the outputs' shape: reverse mode twice, since u = J^T w is linear in w and its derivative along w is J.</summary>
    public Tensor OutputTangent(Tensor direction)
    {
        var (outputs, w) = (TiedOutputs(), zeros_like(_outputs).requires_grad_(true));
        var u = FlatParameters.Join(Autograd.Gradients(outputs, _leaves, w, createGraph: true)).Plus(w.sum().Times(0));
        return Autograd.Gradient(u, w, direction);
    }

    /// <summary>J^T H_out J v, [P].</summary>
    public Tensor GaussNewton(Tensor direction)
    {
        var z = _outputs.detach().requires_grad_(true);
        var slope = Autograd.Gradient(_loss(z, _targets).Times(_share), z, createGraph: true).Plus(z.Times(0));
        return Product(TiedOutputs(), Autograd.Gradient(slope, z, OutputTangent(direction)));
    }

    /// <summary>The derivative of each sample's own loss along a direction, [samples].</summary>
    public Tensor SampleDerivatives(Tensor direction, long total)
    {
        var z = _outputs.detach().requires_grad_(true);
        var slope = Autograd.Gradient(_loss(z, _targets).Times(_share), z);
        return (slope * OutputTangent(direction)).flatten(1).sum(1).Times(total);
    }

    /// <summary>Takes what it needs out of the current dispose scope; then it is to be disposed.</summary>
    public ReverseGraph Kept()
    {
        foreach (var tensor in Own())
            tensor.DetachFromDisposeScope();
        return this;
    }

    public void Dispose()
    {
        foreach (var tensor in Own())
            tensor.Dispose();
    }

    /// <summary>A module's parameters are the module's.</summary>
    private IEnumerable<Tensor> Own() =>
        [.. _leaves.Where(leaf => leaf is not TorchSharp.Modules.Parameter), _outputs, Loss];

    private Tensor TiedOutputs() => 0 < _connected ? _outputs : _outputs.Plus(Nothing().sum());

    /// <summary>0 times theta, [P].</summary>
    private Tensor Nothing() => FlatParameters.Join(_leaves).Times(0);
}
