using FlatBias.NeuralValidation.Curvature;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Tests.Networks;

/// <summary>A tiny instance of every network of the catalogue, with smooth nonlinearities, and data that it takes.</summary>
internal static class TinyNetworks
{
    /// <summary>By a name for the test's own row: at least one instance of each entry.</summary>
    public static IReadOnlyDictionary<string, NetworkChoice> All { get; } =
        new Dictionary<string, NetworkChoice>
        {
            ["mlp"] = NetworkChoice.FullyConnected([3], Activation.Tanh),
            ["linear"] = NetworkChoice.FullyConnected([], Activation.Tanh),
            ["residual-mlp"] = NetworkChoice.Of("residual-mlp").With("width", "3").With("blocks", "1"),
            ["residual-mlp-plain"] = NetworkChoice
                .Of("residual-mlp")
                .With("width", "3")
                .With("normalisation", "none")
                .With("activation", "silu"),
            ["cnn"] = NetworkChoice.Of("cnn").With("channels", "2,2").With("pools", "2,1"),
            ["cnn-strided"] = NetworkChoice.Of("cnn").With("channels", "3").With("strides", "2").With("pools", "1"),
            ["resnet-group"] = Resnet("group"),
            ["resnet-layer"] = Resnet("layer"),
            ["resnet-batch"] = Resnet("batch"),
            ["transformer"] = Transformer,
            ["transformer-all"] = Transformer.With("causal", "off").With("activation", "tanh"),
        };

    private static NetworkChoice Transformer =>
        NetworkChoice
            .Of("transformer")
            .With("width", "4")
            .With("heads", "2")
            .With("layers", "1")
            .With("feed-forward", "4");

    /// <summary>Images of 6 x 6, or sequences of 3 tokens out of 3.</summary>
    public static (LabelledSamples Train, LabelledSamples Test) Data(NetworkChoice network)
    {
        if (network.Name == "transformer")
            return Sorting.Draw(8, 4, 3, 3, 1);
        var random = new Random(7);
        return (Images(9), Images(4));

        LabelledSamples Images(int count) =>
            new(
                [.. Enumerable.Range(0, count * 36).Select(_ => (float)((2 * random.NextDouble()) - 1))],
                [.. Enumerable.Range(0, count).Select(i => i % 3)],
                [1, 6, 6],
                3
            );
    }

    public static TrainingSpec Spec(NetworkChoice network) =>
        new()
        {
            Network = network,
            Train = 8,
            Test = 4,
            StepSize = 0.1,
            Steps = 4,
            MeasureEvery = 2,
            Eigenpairs = 2,
            TrailingEvery = 10,
            Precision = "float64",
        };

    public static NetworkSurface Surface(NetworkChoice network, NetworkLoss? loss = null, int? chunk = null)
    {
        var train = Data(network).Train;
        return new(network.Build(train.Form), loss ?? NetworkLoss.CrossEntropy, train, ScalarType.Float64, CPU, chunk);
    }

    /// <summary>Weights at which nothing is as it starts: biases and scales moved, too.</summary>
    public static double[] Weights(NetworkSurface surface)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, surface.Space.Dimension).Select(_ => 0.8 * ((2 * random.NextDouble()) - 1))];
    }

    private static NetworkChoice Resnet(string normalisation) =>
        NetworkChoice
            .Of("resnet")
            .With("channels", "2")
            .With("blocks", "1")
            .With("groups", "2")
            .With("normalisation", normalisation);
}
