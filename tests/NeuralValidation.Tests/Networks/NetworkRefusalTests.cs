using FlatBias.Dynamics.Descent;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.NeuralValidation.Tests.Networks;

/// <summary>What does not fit is told in one line, before any work.</summary>
public class NetworkRefusalTests
{
    private static readonly TrainingSpec Tied = TinyNetworks.Spec(TinyNetworks.All["resnet-batch"]);

    [Theory]
    [InlineData("mlp", "widths", "3,0", "widths[2] is 0")]
    [InlineData("mlp", "widths", "3,x", "widths[2] is 'x'; it must be a whole number")]
    [InlineData("mlp", "widths", "", "widths[1] is ''; it must be a whole number")]
    [InlineData("mlp", "widths", "90000,90000", "parameters")]
    [InlineData("mlp", "activation", "mish", "activation is 'mish'; it must be tanh")]
    [InlineData("residual-mlp", "width", "0", "width is 0")]
    [InlineData("residual-mlp", "blocks", "-1", "blocks is -1")]
    [InlineData("residual-mlp", "normalisation", "batch", "normalisation is 'batch'; it must be layer or none.")]
    [InlineData("cnn", "kernel", "7", "kernel is 7, but the image is 6 x 6")]
    [InlineData("cnn", "kernel", "4", "kernel is 4; it must be odd")]
    [InlineData("cnn", "channels", "2,0", "channels[2] is 0")]
    [InlineData("cnn", "pools", "7", "nothing of the image is left after convolution 1")]
    [InlineData("cnn", "strides", "1,1,1", "strides")]
    [InlineData("cnn", "strides", "0", "strides[1] is 0")]
    [InlineData("resnet-group", "groups", "3", "groups is 3; it must divide the number of channels, 2.")]
    [InlineData("resnet-group", "stride", "0", "stride is 0")]
    [InlineData("resnet-group", "groups", "0", "groups is 0")]
    [InlineData(
        "resnet-group",
        "normalisation",
        "instance",
        "normalisation is 'instance'; it must be group, layer or batch."
    )]
    [InlineData("transformer", "heads", "3", "heads is 3; it must divide the width, 4.")]
    [InlineData("transformer", "causal", "yes", "causal is 'yes'; it must be on or off.")]
    [InlineData("transformer", "layers", "0", "layers is 0")]
    [InlineData("transformer", "feed-forward", "0", "feed-forward is 0")]
    public void Validate_ParameterOutOfRange_NamesIt(string row, string parameter, string value, string words)
    {
        var network = TinyNetworks.All[row].With(parameter, value);
        Refuses(TinyNetworks.Spec(network), words);
    }

    [Theory]
    [InlineData(
        "cnn",
        "transformer",
        "network is transformer, which takes sequences of tokens; a sample of these data is an array of 1 x 6 x 6 numbers."
    )]
    [InlineData(
        "transformer",
        "cnn",
        "network is cnn, which takes images, channels x rows x columns; a sample of these data is a sequence of 3 tokens."
    )]
    [InlineData("transformer", "resnet-layer", "network is resnet, which takes images")]
    [InlineData(
        "transformer",
        "mlp",
        "network is mlp, which takes numbers; a sample of these data is a sequence of 3 tokens: choose transformer."
    )]
    [InlineData("transformer", "residual-mlp", "network is residual-mlp, which takes numbers")]
    public void Validate_DataOfAnotherKind_SaysWhatItTakes(string data, string row, string words)
    {
        var samples = TinyNetworks.Data(TinyNetworks.All[data]).Train;
        var error = Assert.ThrowsAny<ArgumentException>(() =>
            TinyNetworks.Spec(TinyNetworks.All[row]).Validate(samples)
        );
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BatchNormalisation_GoesWithoutPartsOfTheData()
    {
        Refuses(Tied with { Chunk = 4 }, "chunk is given; with batch normalisation");
        Refuses(Tied with { Batch = new BatchPlan(4, 1, false) }, "batch-size is given; with batch normalisation");
        Refuses(Tied with { MeasureNoise = true }, "measure-noise is given; with batch normalisation");
        Tied.Validate(TinyNetworks.Data(Tied.Network).Train);
    }

    [Fact]
    public void Validate_GroupThatIsNone_ListsTheLayers()
    {
        var spec = TinyNetworks.Spec(TinyNetworks.All["cnn"]);
        Refuses(
            spec with
            {
                Group = "conv3",
            },
            "group is 'conv3'; it must be a layer of the network or what several begin with: conv1, conv2, out."
        );
        Refuses(spec with { Group = "conv" }, "group is 'conv'");
        Refuses(spec with { Group = "conv1.bias", Eigenpairs = 3 }, "eigenpairs of conv1.bias is 3");
    }

    [Fact]
    public void Validate_OneRoute_HasNothingToCheckItWith() =>
        Refuses(
            TinyNetworks.Spec(TinyNetworks.All["cnn"]) with
            {
                CheckRoutes = true,
            },
            "check-routes is for mlp; there is but one route to the curvature of cnn"
        );

    [Fact]
    public void With_ParameterOfAnotherNetwork_SaysWhichThereAre() =>
        Assert.Contains(
            "cnn has no parameter 'widths'; it has: channels, kernel, strides, pools, activation.",
            Assert.ThrowsAny<ArgumentException>(() => NetworkChoice.Of("cnn").With("widths", "3")).Message,
            StringComparison.Ordinal
        );

    private static void Refuses(TrainingSpec spec, string words)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => spec.Validate(TinyNetworks.Data(spec.Network).Train));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
