using FlatBias.NeuralValidation.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>Products by reverse mode twice, through the kept graph of the gradient: one reverse pass each.</summary>
internal sealed class ReverseLinearisation : ILinearisation
{
    private readonly ReverseRoute _route;
    private readonly Tensor _theta;
    private readonly SamplePart _part;
    private ReverseGraph _graph;
    private Tensor _gradient;
    private int _binding;

    public ReverseLinearisation(ReverseRoute route, Tensor theta, SamplePart part)
    {
        (_route, _part) = (
            route,
            new SamplePart(
                part.Inputs.alias().DetachFromDisposeScope(),
                part.Targets.alias().DetachFromDisposeScope(),
                part.Total
            )
        );
        _theta = theta.detach().DetachFromDisposeScope();
        (_graph, _gradient) = Build();
        Loss = _graph.Loss.detach().to(ScalarType.Float64).DetachFromDisposeScope();
        Gradient = _gradient.detach().clone().DetachFromDisposeScope();
    }

    public Tensor Loss { get; }

    public Tensor Gradient { get; }

    public Tensor Product(Tensor directions, bool gaussNewton = false)
    {
        Renew();
        return Rows(directions, v => gaussNewton ? _graph.GaussNewton(v) : _graph.Product(_gradient, v), 0);
    }

    public Tensor SampleDerivatives(Tensor directions)
    {
        Renew();
        return Rows(directions, v => _graph.SampleDerivatives(v, _part.Total), 1);
    }

    public void Dispose()
    {
        _graph.Dispose();
        foreach (var tensor in new[] { _gradient, _theta, _part.Inputs, _part.Targets, Loss, Gradient })
            tensor.Dispose();
    }

    private static Tensor Rows(Tensor directions, Func<Tensor, Tensor> product, int dimension)
    {
        using var scope = NewDisposeScope();
        return stack([.. Enumerable.Range(0, (int)directions.shape[0]).Select(j => product(directions[j]))], dimension)
            .detach()
            .MoveToOuterDisposeScope();
    }

    /// <summary>Parameters that a module holds itself are gone once it was evaluated elsewhere: then the graph is made anew.</summary>
    private void Renew()
    {
        if (_binding == _route.Binding)
            return;
        _graph.Dispose();
        _gradient.Dispose();
        (_graph, _gradient) = Build();
    }

    private (ReverseGraph Graph, Tensor Gradient) Build()
    {
        using var scope = NewDisposeScope();
        var graph = _route.Graph(_theta, _part);
        var gradient = graph.Differentiated(graph.Loss, 1, keep: true).DetachFromDisposeScope();
        _binding = _route.Binding;
        return (graph.Kept(), gradient);
    }
}
