using FlatBias.Dynamics;

namespace FlatBias.NeuralValidation.Data;

/// <summary>Images and the class of each, ready to be learnt.</summary>
/// <remarks>Two instances are equal only if they share their arrays. Not to be changed by those who are handed it.</remarks>
public sealed record LabelledImages
{
    /// <summary>Puts images and labels together.</summary>
    /// <param name="pixels">The normalised pixels, image after image; its length is a multiple of the number of labels.</param>
    /// <param name="labels">The class of each image, from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="features">The number of pixels in an image, at least 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number or a label is outside its range.</exception>
    public LabelledImages(float[] pixels, int[] labels, int features, int classes)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        Features = Require.InRange(features, 1);
        Classes = Require.InRange(classes, 1);
        Require.Length(pixels.Length, checked(labels.Length * features), nameof(pixels));
        for (var i = 0; i < labels.Length; i++) Require.InRange(labels[i], 0, classes - 1, $"labels[{i}]");
        Pixels = pixels;
        Labels = labels;
    }

    /// <summary>The normalised pixels in row-major order: pixel j of image i is at i * Features + j.</summary>
    public float[] Pixels { get; }

    /// <summary>The class of each image, from 0 to Classes - 1.</summary>
    public int[] Labels { get; }

    /// <summary>The number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>The number of pixels in an image.</summary>
    public int Features { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>A hash of pixels and labels, so that a record can tell one set of images from another under the same name.</summary>
    /// <returns>Sixteen hexadecimal digits of a SHA-256.</returns>
    public string Hash()
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Pixels.AsSpan()));
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Labels.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
