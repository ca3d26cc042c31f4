using FlatBias.Dynamics;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Samples and the class of each, ready to be learnt.</summary>
/// <remarks>Two instances are equal only if they share their arrays. Not to be changed by those who are handed it.</remarks>
public sealed record LabelledSamples
{
    /// <summary>Puts inputs and labels together.</summary>
    /// <param name="inputs">The normalised inputs, sample after sample; its length is a multiple of the number of labels.</param>
    /// <param name="labels">The class of each sample, from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="features">The number of values in a sample, at least 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number or a label is outside its range.</exception>
    public LabelledSamples(float[] inputs, int[] labels, int features, int classes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        Features = Require.InRange(features, 1);
        Classes = Require.InRange(classes, 1);
        Require.Length(inputs.Length, checked(labels.Length * features), nameof(inputs));
        for (var i = 0; i < labels.Length; i++)
            Require.InRange(labels[i], 0, classes - 1, $"labels[{i}]");
        Inputs = inputs;
        Labels = labels;
    }

    /// <summary>The normalised inputs in row-major order: value j of sample i is at i * Features + j.</summary>
    public float[] Inputs { get; }

    /// <summary>The class of each sample, from 0 to Classes - 1.</summary>
    public int[] Labels { get; }

    /// <summary>The number of samples.</summary>
    public int Count => Labels.Length;

    /// <summary>The number of values in a sample.</summary>
    public int Features { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>A hash of inputs and labels, so that a record can tell one set of samples from another under the same name.</summary>
    /// <returns>Sixteen hexadecimal digits of a SHA-256.</returns>
    public string Hash()
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(
            System.Security.Cryptography.HashAlgorithmName.SHA256
        );
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Inputs.AsSpan()));
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Labels.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
