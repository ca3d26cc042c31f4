using System.Globalization;
using System.Text.RegularExpressions;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Networks;

/// <summary>Which tensor of a file is which of a network.</summary>
/// <param name="Stored">The file's name by the network's; biases that the file has not are missing.</param>
public sealed partial record WeightMapping(IReadOnlyDictionary<string, string> Stored)
{
    /// <summary>Whether every tensor has its own name in the file.</summary>
    public bool IsByName => Stored.All(pair => pair.Key == pair.Value);

    /// <summary>One line for each tensor: FILE -> NETWORK.</summary>
    public override string ToString() =>
        string.Join(Environment.NewLine, Stored.Select(pair => $"{pair.Value} -> {pair.Key}"));

    /// <summary>
    /// Matches names first, those given included; what is left, by order: the file's remaining names sorted with their numbers as numbers, weight before bias, must have the shapes of the network's remaining tensors one by one.
    /// Biases may all be missing.
    /// </summary>
    internal static WeightMapping Of(
        string path,
        IReadOnlyDictionary<string, long[]> stored,
        ParameterLayout layout,
        IReadOnlyDictionary<string, string> renamed
    )
    {
        foreach (var (file, network) in renamed)
        {
            if (!stored.ContainsKey(file))
                throw new DataFileException(path, $"it has no tensor '{file}' to rename; it has {Names(stored.Keys)}");
            if (layout.All(slot => slot.Name != network))
                throw new DataFileException(
                    path,
                    $"the network has no tensor '{network}' to rename '{file}' to; it has {Names(layout.Select(slot => slot.Name))}"
                );
        }

        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in stored.Keys)
            result[renamed.GetValueOrDefault(name, name)] = name;
        var left = layout.Where(slot => !result.ContainsKey(slot.Name)).ToList();
        var extra = stored
            .Keys.Where(name => layout.All(slot => slot.Name != renamed.GetValueOrDefault(name, name)))
            .OrderBy(Sortable, StringComparer.Ordinal)
            .ToList();
        foreach (var name in extra)
            result.Remove(renamed.GetValueOrDefault(name, name));
        if (left.Count(IsBias) == layout.Count(IsBias) && left.Count(slot => !IsBias(slot)) == extra.Count)
            left.RemoveAll(IsBias);
        if (extra.Count > left.Count)
            throw new DataFileException(
                path,
                $"it holds the tensor '{extra[left.Count]}' {SafeTensor.Format(stored[extra[left.Count]])}, which the network does not have; the network has {Names(layout.Select(slot => slot.Name))}"
            );
        for (var i = 0; i < left.Count; i++)
        {
            var shape = SafeTensor.Format([.. left[i].Shape]);
            if (i >= extra.Count)
                throw new DataFileException(path, $"it lacks the tensor '{left[i].Name}' of shape {shape}");
            if (!stored[extra[i]].SequenceEqual(left[i].Shape))
                throw new DataFileException(
                    path,
                    $"its tensor '{extra[i]}' has the shape {SafeTensor.Format(stored[extra[i]])}, where '{left[i].Name}' of shape {shape} comes next; say which is which by --rename FILE=NETWORK"
                );
            result[left[i].Name] = extra[i];
        }

        foreach (var slot in layout)
            if (result.TryGetValue(slot.Name, out var name) && !stored[name].SequenceEqual(slot.Shape))
                throw new DataFileException(
                    path,
                    $"its tensor '{name}' has the shape {SafeTensor.Format(stored[name])}; {SafeTensor.Format([.. slot.Shape])} was expected"
                );
        return new WeightMapping(
            layout
                .Where(slot => result.ContainsKey(slot.Name))
                .ToDictionary(slot => slot.Name, slot => result[slot.Name])
        );
    }

    private static bool IsBias(ParameterSlot slot) => slot.Name.EndsWith("bias", StringComparison.Ordinal);

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);

    /// <summary>Numbers filled up to ten digits, and weights before biases.</summary>
    private static string Sortable(string name) =>
        Number()
            .Replace(name, digits => digits.Value.PadLeft(10, '0'))
            .Replace("weight", "0weight", StringComparison.Ordinal)
            .ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
