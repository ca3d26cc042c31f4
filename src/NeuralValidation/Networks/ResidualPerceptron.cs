using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>
/// A residual network of fully connected layers: a linear layer, then blocks x + fc2(f(fc1(norm(x)))), norm, one linear layer. The norm is over the width of each sample, or there is none.
/// </summary>
public sealed class ResidualPerceptron : NetworkModel
{
    private readonly int _features,
        _blocks;
    private readonly bool _normalised;
    private readonly Activation _activation;

    /// <summary>Describes the network.</summary>
    /// <param name="features">The number of values in a sample, which go in as one row.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="width">The width throughout.</param>
    /// <param name="blocks">The number of blocks, at least 0.</param>
    /// <param name="normalised">Whether there is layer normalisation.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public ResidualPerceptron(int features, int outputs, int width, int blocks, bool normalised, Activation activation)
        : base(outputs)
    {
        ArgumentNullException.ThrowIfNull(activation);
        (_features, _blocks) = (Require.InRange(features, 1), Require.InRange(blocks, 0));
        (_normalised, _activation) = (normalised, activation);
        Linear("stem", features, Require.InRange(width, 1));
        for (var block = 1; block <= blocks; block++)
        {
            Norm($"block{block}.norm");
            Linear($"block{block}.fc1", width, width);
            Linear($"block{block}.fc2", width, width, blocks);
        }

        Norm("norm");
        Linear("out", width, outputs);

        void Linear(string name, int wide, int size, int branches = 0) =>
            Layout.Weight($"{name}.weight", [size, wide], branches).Bias($"{name}.bias", size);

        void Norm(string name)
        {
            if (normalised)
                Layout.Normalisation(name, width);
        }
    }

    /// <inheritdoc/>
    /// <param name="inputs">[samples, ...].</param>
    public override void Check(Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (!is_floating_point(inputs) || inputs.numel() != inputs.shape[0] * _features)
            throw new ArgumentException(
                $"the network takes {_features} numbers a sample; these are {inputs.dtype} [{string.Join(", ", inputs.shape)}]."
            );
    }

    private protected override Tensor Outputs(ParameterViews parameters, Tensor inputs)
    {
        var x = Next(inputs.flatten(1), parameters);
        for (var block = 0; block < _blocks; block++)
            x = x.Plus(Next(_activation.Value(Next(Normalised(x, parameters), parameters)), parameters));
        return Next(Normalised(x, parameters), parameters);
    }

    private static Tensor Next(Tensor x, ParameterViews parameters) =>
        Layers.Linear(x, parameters.Next(), parameters.Next());

    private Tensor Normalised(Tensor x, ParameterViews parameters) =>
        _normalised ? Layers.LayerNormalised(x, parameters.Next(), parameters.Next()) : x;
}

/// <summary>The residual network of fully connected layers of the catalogue.</summary>
internal sealed class ResidualPerceptronEntry()
    : NetworkEntry(
        "residual-mlp",
        "a linear layer, residual blocks of two linear layers with the nonlinearity between them, a linear layer",
        new("width", "32", "the width throughout, at least 1"),
        new("blocks", "2", "residual blocks, at least 0"),
        new("normalisation", "layer", "layer, before each block and at the end, or none"),
        NonlinearityOf(Activation.Gelu)
    )
{
    public override NetworkModel Build(ParameterValues values, SampleShape samples) =>
        new ResidualPerceptron(
            samples.Row(Name),
            samples.Outputs,
            values.Size("width", Architecture.MostParameters),
            values.Size("blocks"),
            values.Text("normalisation") switch
            {
                "layer" => true,
                "none" => false,
                var other => throw new ArgumentException($"normalisation is '{other}'; it must be layer or none."),
            },
            Nonlinearity(values)
        );
}
