using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using TorchSharp;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>How a residual network normalises.</summary>
public enum Normalisation
{
    /// <summary>Each sample by groups of channels.</summary>
    Group,

    /// <summary>Each sample over all channels.</summary>
    Layer,

    /// <summary>Each channel over all samples of the full batch: its curvature is that of the full-batch loss, and a sample's outputs depend on the other samples.</summary>
    Batch,
}

/// <summary>
/// A residual convolutional network with pre-activation (He et al. 2016): a convolution, then blocks x + conv(f(norm(conv(f(norm(x)))))), norm, f, the mean over space, one linear layer. Convolutions have kernels of 3 and no bias.
/// </summary>
public sealed class ResidualNetwork : NetworkModel
{
    private const int Kernel = 3;
    private readonly int _stride,
        _blocks,
        _groups;
    private readonly Normalisation _normalisation;
    private readonly Activation _activation;
    private readonly (int Channels, int Rows, int Columns) _image;

    /// <summary>Describes the network.</summary>
    /// <param name="image">Channels, rows and columns of the inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="channels">Channels throughout.</param>
    /// <param name="stride">The stride of the first convolution, at least 1: what lets the blocks work on a smaller image.</param>
    /// <param name="blocks">The number of blocks, at least 0.</param>
    /// <param name="normalisation">What is normalised over.</param>
    /// <param name="groups">The number of groups, a divisor of <paramref name="channels"/>; for group normalisation only.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the groups do not divide the channels.</exception>
    public ResidualNetwork(
        (int Channels, int Rows, int Columns) image,
        int outputs,
        int channels,
        int stride,
        int blocks,
        Normalisation normalisation,
        int groups,
        Activation activation
    )
        : base(outputs)
    {
        _image = image;
        Require.InRange(channels, 1);
        _stride = Require.InRange(stride, 1);
        Require.InRange(blocks, 0);
        if (Kernel > Math.Min(image.Rows, image.Columns))
            throw new ArgumentException(
                $"the image is {image.Rows} x {image.Columns}; a residual network needs at least {Kernel} x {Kernel}."
            );
        _groups = normalisation == Normalisation.Group ? Require.InRange(groups, 1) : 1;
        if (channels % _groups != 0)
            throw new ArgumentException($"groups is {groups}; it must divide the number of channels, {channels}.");
        (_blocks, _normalisation, _activation) = (blocks, normalisation, activation);
        Convolution("stem", image.Channels);
        for (var block = 1; block <= blocks; block++)
        {
            for (var half = 1; half <= 2; half++)
            {
                Layout.Normalisation($"block{block}.norm{half}", channels);
                Convolution($"block{block}.conv{half}", channels, half == 2 ? blocks : 0);
            }
        }

        Layout.Normalisation("norm", channels).Weight("out.weight", [outputs, channels]).Bias("out.bias", outputs);

        void Convolution(string name, int wide, int branches = 0) =>
            Layout.Weight($"{name}.weight", [channels, wide, Kernel, Kernel], branches);
    }

    /// <inheritdoc/>
    public override bool TiesSamples => _normalisation == Normalisation.Batch;

    /// <inheritdoc/>
    /// <param name="inputs">[samples, channels, rows, columns].</param>
    public override void Check(Tensor inputs) => Layers.CheckImages(inputs, _image);

    private protected override Tensor Outputs(ParameterViews parameters, Tensor inputs)
    {
        var x = Layers.Convolution(inputs, parameters.Next(), null, _stride);
        for (var block = 0; block < _blocks; block++)
        {
            var branch = x;
            for (var half = 0; half < 2; half++)
                branch = Layers.Convolution(Activated(branch, parameters), parameters.Next(), null, 1);
            x = x.Plus(branch);
        }

        return Layers.Linear(Activated(x, parameters).mean([2, 3]), parameters.Next(), parameters.Next());
    }

    private Tensor Activated(Tensor x, ParameterViews parameters)
    {
        var normalised = TiesSamples ? Layers.Standardised(x, 0, 2, 3) : Layers.GroupNormalised(x, _groups);
        return _activation.Value(Layers.ByChannel(normalised, parameters.Next(), parameters.Next()));
    }
}

/// <summary>The residual network of the catalogue.</summary>
internal sealed class ResidualEntry()
    : NetworkEntry(
        "resnet",
        "a convolution, pre-activation residual blocks of two convolutions each, the mean over space, one linear layer",
        new("channels", "8", "channels throughout, at least 1"),
        new("stride", "2", "the stride of the first convolution, at least 1"),
        new("blocks", "2", "residual blocks, at least 0"),
        new(
            "normalisation",
            "group",
            "what is normalised over: group (groups of channels), layer (all channels), each sample for itself; or batch, each channel over the full batch, which goes without chunks and minibatches"
        ),
        new("groups", "2", "groups of channels, a divisor of channels; of group normalisation only"),
        NonlinearityOf(Activation.Gelu)
    )
{
    public override NetworkModel Build(ParameterValues values, SampleShape samples) =>
        new ResidualNetwork(
            samples.Image(Name),
            samples.Outputs,
            values.Size("channels"),
            values.Size("stride"),
            values.Size("blocks"),
            values.Text("normalisation") switch
            {
                "group" => Normalisation.Group,
                "layer" => Normalisation.Layer,
                "batch" => Normalisation.Batch,
                var other => throw new ArgumentException(
                    $"normalisation is '{other}'; it must be group, layer or batch."
                ),
            },
            values.Size("groups"),
            Nonlinearity(values)
        );
}
