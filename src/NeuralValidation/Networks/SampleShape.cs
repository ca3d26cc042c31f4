namespace FlatBias.NeuralValidation.Networks;

/// <summary>What a network has to know of the samples that it is for.</summary>
/// <param name="Sizes">Channels, rows and columns of an image; the length of a sequence; the number of features otherwise.</param>
/// <param name="Kind">What is to be learnt of a sample.</param>
/// <param name="Targets">How many classes, numbers or tokens there are.</param>
public sealed record SampleShape(IReadOnlyList<int> Sizes, TargetKind Kind, int Targets)
{
    /// <summary>The number of outputs that a network is to have, for sequences at each position: as many as there are targets, unless the loss has it otherwise.</summary>
    public int Outputs { get; init; } = Targets;

    /// <summary>Whether a sample is a sequence of tokens.</summary>
    public bool IsTokens => Kind == TargetKind.Tokens;

    /// <summary>The number of values in a sample.</summary>
    public int Features => Sizes.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Channels, rows and columns.</summary>
    /// <param name="network">Which network asks, for the message.</param>
    /// <exception cref="ArgumentException">The samples are not images.</exception>
    internal (int Channels, int Rows, int Columns) Image(string network) =>
        !IsTokens && Sizes is [var channels, var rows, var columns]
            ? (channels, rows, columns)
            : throw new ArgumentException(
                $"network is {network}, which takes images, channels x rows x columns; a sample of these data is {Description}."
            );

    /// <summary>The number of values of samples that go in as one row.</summary>
    /// <param name="network">Which network asks, for the message.</param>
    /// <exception cref="ArgumentException">The samples are sequences of tokens.</exception>
    internal int Row(string network) =>
        IsTokens
            ? throw new ArgumentException(
                $"network is {network}, which takes numbers; a sample of these data is {Description}: choose {TransformerEntry.Transformer}."
            )
            : Features;

    /// <summary>What a sample is, in words.</summary>
    internal string Description =>
        IsTokens ? $"a sequence of {Sizes[0]} tokens"
        : Sizes.Count == 1 ? $"a row of {Sizes[0]} numbers"
        : $"an array of {string.Join(" x ", Sizes)} numbers";
}
