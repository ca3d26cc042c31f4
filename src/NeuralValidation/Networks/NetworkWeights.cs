using FlatBias.Dynamics;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>Reads and writes the weights of a network as safetensors files, which other programs share.</summary>
public static class NetworkWeights
{
    /// <summary>Reads the weights of a network. Tensors are taken by name; where names differ, as those of <c>nn.Sequential</c> do, by shape in the order of the names (<see cref="WeightMapping"/>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">The network's tensors.</param>
    /// <param name="mapping">Which tensor of the file became which of the network.</param>
    /// <param name="renamed">Names of the network by names of the file, where neither way finds them; null for none.</param>
    /// <exception cref="DataFileException">The file cannot be read, its tensors are not those of such a network, or a value is not finite.</exception>
    public static double[] FromSafetensors(
        string path,
        ParameterLayout layout,
        out WeightMapping mapping,
        IReadOnlyDictionary<string, string>? renamed = null
    )
    {
        ArgumentNullException.ThrowIfNull(layout);
        var tensors = SafetensorsFile.Read(path);
        mapping = WeightMapping.Of(
            path,
            tensors.ToDictionary(t => t.Key, t => t.Value.Shape),
            layout,
            renamed ?? new Dictionary<string, string>()
        );
        var theta = new double[layout.ParameterCount];
        foreach (var slot in layout)
        {
            // A bias that the file has not is 0.
            if (!mapping.Stored.TryGetValue(slot.Name, out var name))
                continue;
            var values = tensors[name].Values;
            if (Array.FindIndex(values, value => !double.IsFinite(value)) is var bad and >= 0)
                throw new DataFileException(
                    path,
                    $"its tensor '{name}' holds {values[bad]} at element {bad}; weights must be finite"
                );
            values.CopyTo(theta, slot.Begin);
        }

        return theta;
    }

    /// <summary>Writes the weights of a network under the names of its layout.</summary>
    /// <param name="path">The file; an existing one is replaced once all is written.</param>
    /// <param name="layout">The network's tensors.</param>
    /// <param name="theta">The flat parameter vector.</param>
    /// <param name="dtype">How to store the values: F32, which rounds them, or F64.</param>
    /// <exception cref="ArgumentException">The vector's length or the data type do not fit.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ToSafetensors(string path, ParameterLayout layout, double[] theta, string dtype)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(theta);
        Require.Length(theta.Length, layout.ParameterCount, nameof(theta));
        SafetensorsFile.Write(
            path,
            layout.Select(slot =>
                KeyValuePair.Create(
                    slot.Name,
                    new SafeTensor([.. slot.Shape], theta[slot.Begin..(slot.Begin + slot.Length)], dtype)
                )
            )
        );
    }
}
