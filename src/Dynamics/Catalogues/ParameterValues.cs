using System.Globalization;

namespace FlatBias.Dynamics.Catalogues;

/// <summary>The values given to an entry's parameters, defaults filled in.</summary>
public sealed class ParameterValues
{
    private readonly Dictionary<string, string> _values;

    /// <summary>Takes values by name; the rest take their defaults.</summary>
    /// <param name="entry">The entry that they are for.</param>
    /// <param name="given">The values as written.</param>
    /// <exception cref="ArgumentException">The entry has no parameter of that name.</exception>
    public ParameterValues(INamed entry, IReadOnlyDictionary<string, string> given)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(given);
        _values = entry.Parameters.ToDictionary(p => p.Name, p => p.Default);
        foreach (var (name, value) in given)
        {
            if (!_values.ContainsKey(name))
                throw new ArgumentException(
                    $"{entry.Name} has no parameter '{name}'; it has{Listed(entry)}.{Messages.DidYouMean(name, _values.Keys)}",
                    name
                );
            _values[name] = value;
        }
    }

    /// <summary>All values as written, by name.</summary>
    public IReadOnlyDictionary<string, string> All => _values;

    /// <summary>A value as text.</summary>
    /// <param name="name">The parameter.</param>
    public string Text(string name) => _values[name];

    /// <summary>A value as a finite number.</summary>
    /// <param name="name">The parameter.</param>
    public double Number(string name) => Parse(name, _values[name]);

    /// <summary>A value as a whole number.</summary>
    /// <param name="name">The parameter.</param>
    public int Whole(string name) => ParseWhole(name, _values[name]);

    /// <summary>A value as a switch.</summary>
    /// <param name="name">The parameter.</param>
    public bool Switch(string name) =>
        _values[name] switch
        {
            Parameter.On => true,
            Parameter.Off => false,
            var other => throw new ArgumentException(
                $"{name} is '{other}'; it must be {Parameter.On} or {Parameter.Off}.",
                name
            ),
        };

    /// <summary>A value as a list of whole numbers separated by commas.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="largest">The largest of them.</param>
    /// <returns>The numbers, at least one.</returns>
    public int[] Sizes(string name, int largest = 1024) =>
        [.. _values[name].Split(',').Select((item, i) => Bounded($"{name}[{i + 1}]", item, largest))];

    /// <summary>A value as a list of finite numbers separated by commas.</summary>
    /// <param name="name">The parameter.</param>
    /// <returns>The numbers, at least one.</returns>
    public double[] List(string name) => ParseList(name, _values[name]);

    /// <summary>Reads a list of finite numbers separated by commas.</summary>
    /// <param name="name">What the list is called, for messages.</param>
    /// <param name="text">The text.</param>
    /// <returns>The numbers, at least one.</returns>
    /// <exception cref="ArgumentException">An item is not a finite number.</exception>
    public static double[] ParseList(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(',').Select((item, i) => Parse($"{name}[{i + 1}]", item))];
    }

    /// <summary>A value as a size: a whole number small enough that what it sizes fits into memory.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="largest">The largest size.</param>
    /// <returns>The number; what is built checks the lower bound.</returns>
    public int Size(string name, int largest = 1024) => Bounded(name, _values[name], largest);

    private static string Listed(INamed entry) =>
        entry.Parameters.Count == 0 ? " none" : $": {string.Join(", ", entry.Parameters.Select(p => p.Name))}";

    private static int Bounded(string name, string text, int largest) =>
        ParseWhole(name, text) is var size && size <= largest
            ? size
            : throw new ArgumentOutOfRangeException(name, size, $"{name} is {size}; it must be at most {largest}.");

    private static int ParseWhole(string name, string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ArgumentException($"{name} is '{text}'; it must be a whole number.", name);

    private static double Parse(string name, string text) =>
        WrittenNumber.Read(text) is { } value
            ? Require.Finite(value, name)
            : throw new ArgumentException($"{name} is '{text}'; it must be {WrittenNumber.Wanted}.", name);
}
