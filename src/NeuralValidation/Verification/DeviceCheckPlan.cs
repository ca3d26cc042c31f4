using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.NeuralValidation.Verification;

/// <summary>What a check of a device computes there and on the CPU.</summary>
public sealed record DeviceCheckPlan
{
    /// <summary>The device held against the CPU, as <see cref="Devices.Resolve"/> returns it; cpu holds the CPU against
    /// itself.</summary>
    public string Device { get; init; } = "cuda";

    /// <summary>The images of the networks compared: the first of the embedded set, at least 40.</summary>
    public int Images { get; init; } = 200;

    /// <summary>The width of their two hidden layers, at least 2.</summary>
    public int HiddenWidth { get; init; } = 24;

    /// <summary>The networks timed, on inputs drawn at random.</summary>
    public IReadOnlyList<TimedNetwork> Timed { get; init; } =
    [
        new([784, 32, 32, 32, 10], 1000),
        new([784, 10], 500) { Images = NetworkChoice.Of("resnet") },
        new([784, 512, 512, 10], 5000),
        new([3072, 1024, 1024, 10], 5000),
        new([3072, 4096, 4096, 10], 20_000),
    ];

    /// <summary>
    /// The time after which nothing new is begun, above 0; what is left out is said to be. The operations timed are cut
    /// so that the last one begun ends soon.
    /// </summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(200);

    /// <summary>Checks the numbers, before any work.</summary>
    /// <exception cref="ArgumentException">One is outside its range.</exception>
    public void Validate()
    {
        Require.InRange(Images, 40, FashionMnist.EmbeddedTrain, "images");
        Require.InRange(HiddenWidth, 2, 1024, "hidden width");
        Require.Positive(Limit.TotalSeconds, "limit");
    }
}

/// <summary>A network whose operations are timed.</summary>
/// <param name="Widths">Input, hidden and output widths.</param>
/// <param name="Samples">The number of samples, at least 1.</param>
public sealed record TimedNetwork(IReadOnlyList<int> Widths, int Samples)
{
    /// <summary>A network for square images of one channel in place of the fully connected one; there are no hidden
    /// widths then.</summary>
    public NetworkChoice? Images { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Images is null ? "" : $"{Images.Name} ")}{string.Join('-', Widths)}, {Samples} samples";

    internal NetworkModel Build(SampleShape shape) =>
        (Images ?? NetworkChoice.FullyConnected([.. Widths.Skip(1).SkipLast(1)], Activation.Tanh)).Build(shape);
}
