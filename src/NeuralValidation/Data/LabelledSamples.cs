using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Networks;
using static TorchSharp.torch;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Samples of one shape with what is to be learnt of each: its class, real numbers, or the tokens of a sequence.</summary>
/// <remarks>Two instances are equal only if they share their arrays. Not to be changed by those who are handed it.</remarks>
public sealed record LabelledSamples
{
    /// <summary>Puts rows of features and their classes together.</summary>
    /// <param name="inputs">The normalised inputs, sample after sample; its length is a multiple of the number of labels.</param>
    /// <param name="labels">The class of each sample, from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="features">The number of values in a sample, at least 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number or a label is outside its range.</exception>
    public LabelledSamples(float[] inputs, int[] labels, int features, int classes)
        : this(inputs, labels, [features], classes) { }

    /// <summary>Puts samples of any shape and their classes together.</summary>
    /// <param name="inputs">The normalised inputs, sample after sample, each row by row.</param>
    /// <param name="labels">The class of each sample, from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="shape">The shape of a sample: channels, rows, columns of an image; the number of features otherwise.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number or a label is outside its range.</exception>
    public LabelledSamples(float[] inputs, int[] labels, IReadOnlyList<int> shape, int classes)
        : this(TargetKind.Classes, inputs, [], labels, [], shape, classes)
    {
        Require.Length(inputs.Length, checked(labels.Length * Features), nameof(inputs));
        Check(labels, classes, nameof(labels));
    }

    private LabelledSamples(
        TargetKind kind,
        float[] inputs,
        int[] tokens,
        int[] labels,
        float[] numbers,
        IReadOnlyList<int> shape,
        int outputs
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(shape);
        var features = 1;
        foreach (var size in shape)
            features = checked(features * Require.InRange(size, 1, name: Name(kind)));
        Outputs = Require.InRange(outputs, 1, name: kind == TargetKind.Classes ? "classes" : "outputs");
        (Kind, Inputs, Tokens, Labels, Numbers) = (kind, inputs, tokens, labels, numbers);
        (Shape, Features) = ([.. shape], features);
    }

    /// <summary>What is to be learnt.</summary>
    public TargetKind Kind { get; }

    /// <summary>The normalised inputs in row-major order: value j of sample i is at i * Features + j. Empty for sequences.</summary>
    public float[] Inputs { get; }

    /// <summary>The tokens of sequences, one after the other, from 0 to Outputs - 1; empty for other samples.</summary>
    public int[] Tokens { get; }

    /// <summary>The class of each sample, or for sequences the token to be learnt at each position, from 0 to Outputs - 1; empty for numbers.</summary>
    public int[] Labels { get; }

    /// <summary>The numbers to be learnt, Outputs for each sample; empty for classes and tokens.</summary>
    public float[] Numbers { get; }

    /// <summary>The shape of a sample: channels, rows, columns of an image; the length of a sequence; the number of features otherwise.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The number of samples.</summary>
    public int Count =>
        Kind switch
        {
            TargetKind.Numbers => Numbers.Length / Outputs,
            TargetKind.Tokens => Labels.Length / Features,
            _ => Labels.Length,
        };

    /// <summary>The number of values or tokens in a sample.</summary>
    public int Features { get; }

    /// <summary>How many outputs a network needs, for sequences at each position: one a class, a number, or a token of the vocabulary.</summary>
    public int Outputs { get; }

    /// <summary>The number of classes; 0 where the targets are not classes.</summary>
    public int Classes => Kind == TargetKind.Classes ? Outputs : 0;

    /// <summary>What a network has to know of them.</summary>
    public SampleShape Form => new(Shape, Kind, Outputs);

    /// <summary>Puts samples and the numbers to be learnt of each together.</summary>
    /// <param name="inputs">The inputs, sample after sample.</param>
    /// <param name="numbers">The numbers, sample after sample, all finite.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="outputs">How many numbers there are for each, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or a number is not finite.</exception>
    public static LabelledSamples Regression(float[] inputs, float[] numbers, IReadOnlyList<int> shape, int outputs)
    {
        var samples = new LabelledSamples(TargetKind.Numbers, inputs, [], [], numbers, shape, outputs);
        Require.Length(numbers.Length, checked(samples.Count * outputs), nameof(numbers));
        Require.Length(inputs.Length, checked(samples.Count * samples.Features), nameof(inputs));
        for (var i = 0; i < numbers.Length; i++)
            Require.Finite(numbers[i], $"numbers[{i}]");
        return samples;
    }

    /// <summary>Puts sequences of tokens and the tokens to be learnt at their positions together.</summary>
    /// <param name="tokens">The sequences, one after the other; each token from 0 to <paramref name="vocabulary"/> - 1.</param>
    /// <param name="targets">The token to be learnt at each position.</param>
    /// <param name="length">The length of a sequence, at least 1.</param>
    /// <param name="vocabulary">The number of tokens that there are, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or a token is outside its range.</exception>
    public static LabelledSamples Sequences(int[] tokens, int[] targets, int length, int vocabulary)
    {
        var samples = new LabelledSamples(TargetKind.Tokens, [], tokens, targets, [], [length], vocabulary);
        Require.Length(targets.Length, checked(samples.Count * length), nameof(targets));
        Require.Length(tokens.Length, targets.Length, nameof(tokens));
        Check(tokens, vocabulary, nameof(tokens));
        Check(targets, vocabulary, nameof(targets));
        return samples;
    }

    /// <summary>The samples with labels redrawn: each with the same chance, to any class alike, its own among them.</summary>
    /// <param name="chance">The chance of a label to be redrawn, from 0 to 1; the labels of a smaller one stay redrawn under a larger one, to the same class.</param>
    /// <param name="seed">Seeds the draws, two for each sample, so that the first samples have the same labels whatever their number.</param>
    /// <returns>These samples for a chance of 0; others that share their inputs otherwise.</returns>
    /// <exception cref="ArgumentException">The chance is out of range, or above 0 where the targets are not classes.</exception>
    public LabelledSamples WithLabelNoise(double chance, int seed)
    {
        CheckLabelNoise(chance);
        if (chance == 0)
            return this;
        var random = new Random(unchecked(seed ^ 0x3c6ef372));
        int[] labels =
        [
            .. Labels.Select(label =>
            {
                var (draw, other) = (random.NextDouble(), random.Next(Outputs));
                return draw < chance ? other : label;
            }),
        ];
        return new LabelledSamples(Inputs, labels, Shape, Outputs);
    }

    /// <summary>The samples as a surface takes them.</summary>
    /// <param name="type">The precision of what is not a whole number.</param>
    /// <param name="device">Where they are to lie.</param>
    /// <returns>Inputs [samples, shape], 64-bit whole numbers for tokens; targets [samples] (classes) or [samples, length] (tokens) as 64-bit whole numbers, or [samples, outputs] as numbers. The caller frees them.</returns>
    public (Tensor Inputs, Tensor Targets) Tensors(ScalarType type, Device device)
    {
        long[] shape = [Count, .. Shape.Select(size => (long)size)];
        return (
            Kind == TargetKind.Tokens ? Whole(Tokens, shape) : tensor(Inputs, shape, type, device),
            Kind == TargetKind.Numbers
                ? tensor(Numbers, [Count, Outputs], type, device)
                : Whole(Labels, Kind == TargetKind.Tokens ? shape : [Count])
        );

        Tensor Whole(int[] values, long[] sizes) =>
            tensor(Array.ConvertAll(values, value => (long)value), sizes, ScalarType.Int64, device);
    }

    /// <summary>A hash of inputs and targets, so that a record can tell one set of samples from another under the same name.</summary>
    /// <returns>Sixteen hexadecimal digits of a SHA-256.</returns>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(Inputs.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Tokens.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Labels.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Numbers.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Refuses a chance at which labels cannot be redrawn.</summary>
    internal void CheckLabelNoise(double chance)
    {
        if (Require.Share(chance, "label-noise") > 0 && Kind != TargetKind.Classes)
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"label-noise is {chance} and the targets are {Kind.ToString().ToLowerInvariant()}; only classes can be redrawn."
                )
            );
    }

    private static string Name(TargetKind kind) => kind == TargetKind.Tokens ? "length" : "features";

    private static void Check(int[] values, int below, string name)
    {
        for (var i = 0; i < values.Length; i++)
            Require.InRange(values[i], 0, below - 1, $"{name}[{i}]");
    }
}
