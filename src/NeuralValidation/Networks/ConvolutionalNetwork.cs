using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>A plain convolutional network: for each layer a convolution with bias, the nonlinearity, average pooling; then all features of the last into one linear layer.</summary>
public sealed class ConvolutionalNetwork : NetworkModel
{
    private readonly (int Stride, int Pool)[] _layers;
    private readonly Activation _activation;
    private readonly (int Channels, int Rows, int Columns) _image;

    /// <summary>Describes the network.</summary>
    /// <param name="image">Channels, rows and columns of the inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="channels">Channels of each convolution, at least one.</param>
    /// <param name="kernel">The side of the kernels, odd.</param>
    /// <param name="strides">The stride of each convolution, at least 1; of the length of <paramref name="channels"/>.</param>
    /// <param name="pools">The side of the squares averaged over after each, 1 for none; of the length of <paramref name="channels"/>.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <exception cref="ArgumentException">A size is out of range, or nothing of the image is left.</exception>
    public ConvolutionalNetwork(
        (int Channels, int Rows, int Columns) image,
        int outputs,
        IReadOnlyList<int> channels,
        int kernel,
        IReadOnlyList<int> strides,
        IReadOnlyList<int> pools,
        Activation activation
    )
        : base(outputs)
    {
        _image = image;
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(strides);
        ArgumentNullException.ThrowIfNull(pools);
        Require.InRange(channels.Count, 1, name: "number of convolutions");
        Require.Length(strides.Count, channels.Count, nameof(strides));
        Require.Length(pools.Count, channels.Count, nameof(pools));
        if (Require.InRange(kernel, 1) % 2 == 0)
            throw new ArgumentOutOfRangeException(
                nameof(kernel),
                $"kernel is {kernel}; it must be odd, so that the image keeps its place."
            );
        (_activation, _layers) = (activation, [.. strides.Zip(pools)]);
        var (wide, rows, columns) = image;
        for (var i = 0; i < channels.Count; i++)
        {
            if (kernel > Math.Min(rows, columns))
                throw new ArgumentOutOfRangeException(
                    nameof(kernel),
                    $"kernel is {kernel}, but the image is {rows} x {columns} at convolution {i + 1}; choose a smaller kernel, less stride or less pooling."
                );
            Require.InRange(channels[i], 1, name: $"channels[{i + 1}]");
            Require.InRange(strides[i], 1, name: $"strides[{i + 1}]");
            Require.InRange(pools[i], 1, name: $"pools[{i + 1}]");
            Layout
                .Weight($"conv{i + 1}.weight", [channels[i], wide, kernel, kernel])
                .Bias($"conv{i + 1}.bias", channels[i]);
            (wide, rows, columns) = (channels[i], After(rows, i), After(columns, i));
            if (Math.Min(rows, columns) < 1)
                throw new ArgumentException(
                    $"nothing of the image is left after convolution {i + 1}; choose less stride or less pooling."
                );
        }

        var features = wide * rows * columns;
        Layout.Weight("out.weight", [outputs, features]).Bias("out.bias", outputs);

        int After(int size, int i) => (((size - 1) / strides[i]) + 1) / pools[i];
    }

    /// <inheritdoc/>
    /// <param name="inputs">[samples, channels, rows, columns].</param>
    public override void Check(Tensor inputs) => Layers.CheckImages(inputs, _image);

    private protected override Tensor Outputs(ParameterViews parameters, Tensor inputs)
    {
        var x = inputs;
        foreach (var (stride, pool) in _layers)
            x = Layers.AveragePool(
                _activation.Value(Layers.Convolution(x, parameters.Next(), parameters.Next(), stride)),
                pool
            );
        return Layers.Linear(x.flatten(1), parameters.Next(), parameters.Next());
    }
}

/// <summary>The plain convolutional network of the catalogue.</summary>
internal sealed class ConvolutionalEntry()
    : NetworkEntry(
        "cnn",
        "for each layer a convolution, the nonlinearity and average pooling; then one linear layer",
        new("channels", "8,16", "channels of each convolution, each at least 1"),
        new("kernel", "3", "the side of the kernels, odd"),
        new("strides", "1", "the stride of each convolution, or one number for all"),
        new("pools", "2", "the side of the squares averaged over after each, 1 for none, or one number for all"),
        NonlinearityOf(Activation.Tanh)
    )
{
    public override NetworkModel Build(ParameterValues values, SampleShape samples)
    {
        var channels = values.Sizes("channels");
        return new ConvolutionalNetwork(
            samples.Image(Name),
            samples.Outputs,
            channels,
            values.Size("kernel"),
            ForAll("strides"),
            ForAll("pools"),
            Nonlinearity(values)
        );

        int[] ForAll(string name) =>
            values.Sizes(name) is [var one] ? [.. Enumerable.Repeat(one, channels.Length)] : values.Sizes(name);
    }
}
