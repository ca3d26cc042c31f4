using FlatBias.Dynamics;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>A network: outputs as a function of a flat parameter vector and inputs.</summary>
public abstract class NetworkModel
{
    private protected NetworkModel(int outputs) => OutputCount = Require.InRange(outputs, 1, name: nameof(outputs));

    /// <summary>The number of outputs, for sequences at each position.</summary>
    public int OutputCount { get; }

    /// <summary>How its tensors lie in the flat vector.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>Whether a sample's outputs depend on other samples (batch statistics): then there are no chunks and no minibatches.</summary>
    public virtual bool TiesSamples => false;

    /// <summary>The outputs.</summary>
    /// <param name="theta">The flat vector, P components.</param>
    /// <param name="inputs">[samples, ...] as the network takes them.</param>
    /// <returns>[samples, ..., outputs].</returns>
    public Tensor Outputs(Tensor theta, Tensor inputs) => Outputs(Layout.Views(theta), inputs);

    /// <summary>The outputs for given tensors, in the order of the layout.</summary>
    internal Tensor Outputs(Tensor[] parameters, Tensor inputs) => Outputs(new ParameterViews(parameters), inputs);

    /// <summary>Throws unless inputs fit the network; asked once, before any work.</summary>
    /// <param name="inputs">[samples, ...].</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    public virtual void Check(Tensor inputs) { }

    private protected abstract Tensor Outputs(ParameterViews parameters, Tensor inputs);
}
