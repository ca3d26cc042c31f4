using FlatBias.NeuralValidation.Networks;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Curvature;

/// <summary>Outputs as a function of parameters that torch can differentiate.</summary>
internal interface ITorchFunction
{
    /// <summary>P.</summary>
    int ParameterCount { get; }

    /// <summary>Counts the bindings: what was built on an earlier one must be built anew.</summary>
    int Binding { get; }

    /// <summary>What of it torch differentiates wrongly from the third order on, as a part of a sentence; null where nothing is known to be.</summary>
    string? Fused { get; }

    /// <summary>
    /// To what order derivatives of the loss are functions of every tensor that <see cref="Bind"/> returns, whatever
    /// the parameters: 1 for the loss itself, 2 for its gradient too, 0 where nobody knows.
    /// </summary>
    int Connected { get; }

    /// <summary>Puts the parameters where the outputs take them from; returns the tensors that hold them, one after the other in the order of the flat vector, to be differentiated by. They stay alive until the next binding.</summary>
    Tensor[] Bind(Tensor theta);

    /// <summary>The outputs at the parameters bound last.</summary>
    Tensor Outputs(Tensor inputs);
}

/// <summary>
/// Outputs of a network as a function of its tensors, to be differentiated by one by one: by the vector that they are
/// views of, each of them would give a derivative as long as the whole vector, nearly all zeros, to be added up.
/// </summary>
internal sealed class ModelFunction(NetworkModel network) : ITorchFunction
{
    private Tensor[] _leaves = [];

    public int ParameterCount => network.Layout.ParameterCount;

    /// <summary>Every binding has leaves of its own, so that what was built on an earlier one stays right.</summary>
    public int Binding => 0;

    public string? Fused => null;

    /// <summary>Every tensor of a network moves its outputs, and the gradient of every loss depends on these.</summary>
    public int Connected => 2;

    public Tensor[] Bind(Tensor theta) =>
        _leaves = [.. network.Layout.Views(theta.detach()).Select(view => view.requires_grad_(true))];

    public Tensor Outputs(Tensor inputs) => network.Outputs(_leaves, inputs);
}

/// <summary>Outputs as a function of the flat vector itself.</summary>
internal sealed class FlatFunction(int parameterCount, Func<Tensor, Tensor, Tensor> outputs) : ITorchFunction
{
    private Tensor? _leaf;

    public int ParameterCount => parameterCount;

    /// <summary>Every binding has a leaf of its own, so that what was built on an earlier one stays right.</summary>
    public int Binding => 0;

    public string? Fused => null;

    public int Connected => 0;

    public Tensor[] Bind(Tensor theta) => [_leaf = theta.detach().requires_grad_(true)];

    public Tensor Outputs(Tensor inputs) => outputs(_leaf!, inputs);
}
