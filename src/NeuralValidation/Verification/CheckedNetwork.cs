using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;

namespace FlatBias.NeuralValidation.Verification;

/// <summary>A network that is computed on a device and on the CPU, with what it is trained on.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Network">The network.</param>
/// <param name="Loss">The loss of its outputs.</param>
/// <param name="Samples">The samples.</param>
internal sealed record CheckedNetwork(string Name, NetworkChoice Network, NetworkLoss Loss, LabelledSamples Samples)
{
    // Tokens of a sequence, and how many there are to draw from.
    private const int Tokens = 6;

    // Convolutions cost some hundred times what the other networks do, and their arithmetic is the same on few images.
    private const int Fewer = 4;

    /// <summary>Rules that are not compared: they take a step of full size however small a gradient is, and some of this network's gradients are zero but for rounding.</summary>
    public IReadOnlyList<string> Without { get; private init; } = [];

    /// <summary>One of each kind of arithmetic: matrices under the losses and nonlinearities with routes of their own, convolutions, normalisation, attention and embeddings.</summary>
    /// <param name="images">The images.</param>
    /// <param name="width">The width of the hidden layers of the fully connected ones.</param>
    public static IReadOnlyList<CheckedNetwork> All(LabelledSamples images, int width)
    {
        var few = FashionMnist.Load(null, images.Count / Fewer, 1).Train;
        var sequences = Sorting.Draw(few.Count, 0, Tokens, Tokens, 1).Train;
        return
        [
            Connected("tanh, squared error", Activation.Tanh, NetworkLoss.MeanSquaredError),
            Connected("softplus, cross-entropy", Activation.Softplus, NetworkLoss.CrossEntropy),
            Connected("relu, cross-entropy", Activation.Relu, NetworkLoss.CrossEntropy),
            Of("convolutional", NetworkChoice.Of("cnn").With("channels", "4,4").With("strides", "2"), few),
            Of(
                "residual",
                NetworkChoice.Of("resnet").With("channels", "4").With("blocks", "1").With("stride", "4"),
                few
            ),
            // Attention does not depend on the biases of the keys.
            Of("transformer", NetworkChoice.Of("transformer").With("width", "8").With("layers", "1"), sequences) with
            {
                Without = ["sign", "muon"],
            },
        ];

        CheckedNetwork Connected(string name, Activation activation, NetworkLoss loss) =>
            new(name, NetworkChoice.FullyConnected([width, width], activation), loss, images);

        static CheckedNetwork Of(string name, NetworkChoice network, LabelledSamples samples) =>
            new(name, network, NetworkLoss.CrossEntropy, samples);
    }
}
