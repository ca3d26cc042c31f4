using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>Exchanges the weights of a fully connected network with other programs, through safetensors files.</summary>
/// <remarks>
/// Layer i, counted from 0, is the pair of tensors <c>layers.{i}.weight</c> of shape [out, in] and <c>layers.{i}.bias</c> of shape [out].
/// The flat vector holds for each layer its weight, row after row, and then its bias.
/// </remarks>
public static class NetworkWeights
{
    /// <summary>Reads the weights of a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="widths">Input, hidden and output widths: at least two numbers, each at least 1.</param>
    /// <returns>The flat parameter vector.</returns>
    /// <exception cref="ArgumentException"><paramref name="widths"/> describe no network.</exception>
    /// <exception cref="DataFileException">The file cannot be read, or its tensors are not exactly those of such a network.</exception>
    public static double[] FromSafetensors(string path, IReadOnlyList<int> widths)
    {
        var theta = new double[Architecture.CountParameters(widths)];
        var tensors = SafetensorsFile.Read(path);
        var slots = Slots(widths);
        var expected = slots.Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);
        if (tensors.Keys.FirstOrDefault(name => !expected.Contains(name)) is { } extra)
            throw new DataFileException(path, $"it holds the tensor '{extra}', which a network of widths {string.Join("-", widths)} does not have");
        foreach (var slot in slots)
        {
            var shape = SafeTensor.Format(slot.Shape);
            if (!tensors.TryGetValue(slot.Name, out var tensor))
                throw new DataFileException(path, $"it lacks the tensor '{slot.Name}' of shape {shape}");
            if (!tensor.Shape.AsSpan().SequenceEqual(slot.Shape))
                throw new DataFileException(path, $"its tensor '{slot.Name}' has the shape {SafeTensor.Format(tensor.Shape)}; {shape} was expected");
            if (Array.FindIndex(tensor.Values, value => !double.IsFinite(value)) is var bad and >= 0)
                throw new DataFileException(path, $"its tensor '{slot.Name}' holds {tensor.Values[bad]} at element {bad}; weights must be finite");
            tensor.Values.CopyTo(theta, slot.Begin);
        }
        return theta;
    }

    /// <summary>Writes the weights of a network.</summary>
    /// <param name="path">The file; an existing one is replaced once all is written.</param>
    /// <param name="widths">Input, hidden and output widths: at least two numbers, each at least 1.</param>
    /// <param name="theta">The flat parameter vector.</param>
    /// <param name="dtype">How to store the values: F32, which rounds them, or F64.</param>
    /// <exception cref="ArgumentException">The widths, the vector's length or the data type do not fit.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ToSafetensors(string path, IReadOnlyList<int> widths, double[] theta, string dtype)
    {
        ArgumentNullException.ThrowIfNull(theta);
        Require.Length(theta.Length, Architecture.CountParameters(widths), nameof(theta));
        SafetensorsFile.Write(path, Slots(widths).Select(slot =>
            KeyValuePair.Create(slot.Name, new SafeTensor(slot.Shape, theta[slot.Begin..slot.End], dtype))));
    }

    private static List<Slot> Slots(IReadOnlyList<int> widths)
    {
        var slots = new List<Slot>();
        var begin = 0;
        for (var layer = 0; layer + 1 < widths.Count; layer++)
        {
            var (inputs, outputs) = (widths[layer], widths[layer + 1]);
            var bias = begin + inputs * outputs;
            slots.Add(new Slot($"layers.{layer}.weight", [outputs, inputs], begin, bias));
            slots.Add(new Slot($"layers.{layer}.bias", [outputs], bias, bias + outputs));
            begin = bias + outputs;
        }
        return slots;
    }

    private readonly record struct Slot(string Name, long[] Shape, int Begin, int End);
}
