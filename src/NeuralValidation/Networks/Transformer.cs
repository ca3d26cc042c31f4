using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>
/// A transformer with pre-normalisation (Vaswani et al. 2017; Xiong et al. 2020): token and learned position embeddings, then layers of attention and feed-forward parts, each on the normalised input and added to it,
/// a last normalisation, and a linear layer without bias. Outputs are logits at every position.
/// </summary>
public sealed class Transformer : NetworkModel
{
    private readonly int _layers,
        _heads,
        _positions,
        _vocabulary;
    private readonly bool _causal;
    private readonly Activation _activation;

    /// <summary>Describes the network.</summary>
    /// <param name="vocabulary">The number of tokens; inputs are 64-bit whole numbers from 0 below it, [samples, positions].</param>
    /// <param name="positions">The longest sequence.</param>
    /// <param name="outputs">The number of outputs at each position.</param>
    /// <param name="width">The width of the embeddings.</param>
    /// <param name="heads">Attention heads, a divisor of the width.</param>
    /// <param name="layers">The number of layers, at least 1.</param>
    /// <param name="feedForward">The width of the feed-forward parts.</param>
    /// <param name="causal">Whether a position sees none after it.</param>
    /// <param name="activation">The nonlinearity of the feed-forward parts.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the heads do not divide the width.</exception>
    public Transformer(
        int vocabulary,
        int positions,
        int outputs,
        int width,
        int heads,
        int layers,
        int feedForward,
        bool causal,
        Activation activation
    )
        : base(outputs)
    {
        Require.InRange(layers, 1);
        Require.InRange(feedForward, 1, name: "feed-forward");
        if (Require.InRange(width, 1) % Require.InRange(heads, 1) != 0)
            throw new ArgumentException($"heads is {heads}; it must divide the width, {width}.");
        (_vocabulary, _positions, _layers, _heads, _causal, _activation) = (
            Require.InRange(vocabulary, 1),
            Require.InRange(positions, 1),
            layers,
            heads,
            causal,
            activation
        );
        Layout.Table("position", positions, width).Table("token.weight", vocabulary, width);
        for (var i = 1; i <= layers; i++)
        {
            Layout.Normalisation($"layer{i}.norm1", width);
            foreach (var part in new[] { "query", "key", "value" })
                Linear($"layer{i}.{part}", width, width);
            Linear($"layer{i}.proj", width, width, 2 * layers);
            Layout.Normalisation($"layer{i}.norm2", width);
            Linear($"layer{i}.fc1", width, feedForward);
            Linear($"layer{i}.fc2", feedForward, width, 2 * layers);
        }

        Layout.Normalisation("norm", width).Weight("out.weight", [outputs, width]);

        void Linear(string name, int wide, int size, int branches = 0) =>
            Layout.Weight($"{name}.weight", [size, wide], branches).Bias($"{name}.bias", size);
    }

    /// <inheritdoc/>
    /// <param name="inputs">Tokens, [samples, positions].</param>
    /// <exception cref="ArgumentException">A sequence is too long, or a token outside the vocabulary.</exception>
    public override void Check(Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var tokens = inputs;
        if (tokens.dtype != ScalarType.Int64 || tokens.dim() != 2)
            throw new ArgumentException(
                $"a transformer takes tokens, 64-bit whole numbers [samples, positions]; these are {tokens.dtype} [{string.Join(", ", tokens.shape)}]."
            );
        if (tokens.shape[1] > _positions)
            throw new ArgumentException(
                $"sequences have {tokens.shape[1]} tokens; the network has {_positions} positions."
            );
        var (lowest, highest) = (tokens.min().item<long>(), tokens.max().item<long>());
        if (lowest < 0 || highest >= _vocabulary)
            throw new ArgumentException(
                $"tokens run from {lowest} to {highest}; the vocabulary of {_vocabulary} has 0 to {_vocabulary - 1}."
            );
    }

    private protected override Tensor Outputs(ParameterViews parameters, Tensor inputs)
    {
        var positions = parameters.Next().narrow(0, 0, inputs.shape[1]);
        var x = parameters
            .Next()
            .index_select(0, inputs.flatten())
            .view(inputs.shape[0], inputs.shape[1], -1)
            .Plus(positions);
        for (var i = 0; i < _layers; i++)
        {
            x = x.Plus(Attend(Normalised(x, parameters), parameters));
            var hidden = _activation.Value(Next(Normalised(x, parameters), parameters));
            x = x.Plus(Next(hidden, parameters));
        }

        return Layers.Linear(Normalised(x, parameters), parameters.Next());
    }

    private Tensor Attend(Tensor x, ParameterViews parameters)
    {
        var (queries, keys, values) = (
            Heads(Next(x, parameters)),
            Heads(Next(x, parameters)),
            Heads(Next(x, parameters))
        );
        return Next(Layers.Attention(queries, keys, values, _causal).transpose(1, 2).flatten(2), parameters);

        Tensor Heads(Tensor part) => part.view(part.shape[0], part.shape[1], _heads, -1).transpose(1, 2);
    }

    private static Tensor Next(Tensor x, ParameterViews parameters) =>
        Layers.Linear(x, parameters.Next(), parameters.Next());

    private static Tensor Normalised(Tensor x, ParameterViews parameters) =>
        Layers.LayerNormalised(x, parameters.Next(), parameters.Next());
}

/// <summary>The transformer of the catalogue.</summary>
internal sealed class TransformerEntry()
    : NetworkEntry(
        Transformer,
        "token and learned position embeddings, pre-normalisation layers of attention and feed-forward parts, a linear layer at every position",
        new("width", "16", "the width of the embeddings, at least 1"),
        new("heads", "2", "attention heads, a divisor of width"),
        new("layers", "2", "layers, at least 1"),
        new("feed-forward", "32", "the width of the feed-forward parts, at least 1"),
        new("causal", Parameter.On, "whether a position sees none after it, on or off"),
        NonlinearityOf(Activation.Gelu)
    )
{
    internal const string Transformer = "transformer";

    public override NetworkModel Build(ParameterValues values, SampleShape samples) =>
        samples.IsTokens
            ? new Transformer(
                samples.Targets,
                samples.Sizes[0],
                samples.Outputs,
                values.Size("width"),
                values.Size("heads"),
                values.Size("layers"),
                values.Size("feed-forward"),
                values.Switch("causal"),
                Nonlinearity(values)
            )
            : throw new ArgumentException(
                $"network is {Name}, which takes sequences of tokens; a sample of these data is {samples.Description}."
            );
}
