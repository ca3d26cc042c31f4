using System.Diagnostics.CodeAnalysis;

namespace FlatBias.Lab.Addresses;

/// <summary>
/// The state of a view as the query of the page's address: names and values in the order in which they were set.
/// </summary>
public sealed class Address
{
    private readonly List<KeyValuePair<string, string>> _items = [];

    /// <summary>Reads a query; what has no name is left out, and of two of one name the last is taken.</summary>
    /// <param name="query">With or without its question mark.</param>
    public static Address Parse(string query)
    {
        var address = new Address();
        foreach (var item in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(item);
            if (name.Length > 0)
                address.Set(name, value);
        }

        return address;
    }

    /// <summary>The value of a name, or a fallback where it is not given.</summary>
    [return: NotNullIfNotNull(nameof(fallback))]
    public string? Get(string name, string? fallback = null)
    {
        foreach (var (key, value) in _items)
            if (key == name)
                return value;
        return fallback;
    }

    /// <summary>All values whose names begin with a prefix, by what follows it.</summary>
    public Dictionary<string, string> Under(string prefix) =>
        _items
            .Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(item => item.Key[prefix.Length..], item => item.Value);

    /// <summary>Sets a value, in its old place where the name is known.</summary>
    public Address Set(string name, string value)
    {
        var at = _items.FindIndex(item => item.Key == name);
        if (at < 0)
            _items.Add(new(name, value));
        else
            _items[at] = new(name, value);
        return this;
    }

    /// <summary>Sets a value where it is not the one that is meant when nothing is said.</summary>
    public Address SetUnless(string name, string value, string fallback) => value == fallback ? this : Set(name, value);

    /// <summary>
    /// The query with its question mark. Commas and colons are left as they are, which a query allows.
    /// </summary>
    public override string ToString() =>
        "?" + string.Join('&', _items.Select(item => $"{Escape(item.Key)}={Escape(item.Value)}"));

    private static (string Name, string Value) Split(string item)
    {
        var at = item.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (Unescape(item), "") : (Unescape(item[..at]), Unescape(item[(at + 1)..]));
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string Escape(string text) =>
        Uri.EscapeDataString(text)
            .Replace("%2C", ",", StringComparison.Ordinal)
            .Replace("%3A", ":", StringComparison.Ordinal);
}
