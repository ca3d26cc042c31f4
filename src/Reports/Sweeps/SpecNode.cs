using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Sweeps;

/// <summary>A value of a JSON file that knows where it stands, so that what is wrong with it can be said with file, line and path.</summary>
internal sealed class SpecNode
{
    /// <summary>The most items of a list, as many as an axis may have values.</summary>
    private const int MostItems = 1_000_000;

    // Most values are neither, and there may be a million of them.
    private static readonly Dictionary<string, SpecNode> None = [];
    private static readonly List<SpecNode> Empty = [];

    private readonly string _file,
        _path;
    private readonly int _line;
    private readonly JsonTokenType _type;
    private readonly string _text = "";
    private readonly Dictionary<string, SpecNode> _members = None;
    private readonly List<SpecNode> _items = Empty;

    private SpecNode(string file, string path, LineCounter lines, ref Utf8JsonReader reader)
    {
        (_file, _path, _type) = (file, path, reader.TokenType);
        _line = lines.At((int)reader.TokenStartIndex);
        if (_type == JsonTokenType.StartObject)
            ReadMembers(_members = new(StringComparer.Ordinal), lines, ref reader);
        else if (_type == JsonTokenType.StartArray)
            ReadItems(_items = [], lines, ref reader);
        else
            _text = _type == JsonTokenType.String ? Decoded(ref reader) : Encoding.UTF8.GetString(reader.ValueSpan);
    }

    public IReadOnlyList<SpecNode> Items => _type == JsonTokenType.StartArray ? _items : throw Wrong("must be a list");

    public IReadOnlyDictionary<string, SpecNode> Members =>
        _type == JsonTokenType.StartObject ? _members : throw Wrong("must be an object");

    public bool IsText => _type == JsonTokenType.String;

    public static SpecNode Parse(string file, byte[] bytes)
    {
        var reader = new Utf8JsonReader(
            bytes,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        try
        {
            reader.Read();
            var root = new SpecNode(file, "$", new LineCounter(bytes), ref reader);
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            throw new ArgumentException(
                Messages.OneLine(
                    $"{file}, line {e.LineNumber + 1}: this is not JSON: {e.Message.Split(" LineNumber")[0]}"
                ),
                e
            );
        }
    }

    public SpecNode Member(string name) => Members.GetValueOrDefault(name) ?? throw Wrong($"lacks '{name}'");

    /// <summary>Refuses members of other names.</summary>
    public void Allow(params string[] names)
    {
        foreach (var (name, node) in Members)
            if (!names.Contains(name))
                throw node.Wrong($"is not known here; there are: {string.Join(", ", names)}");
    }

    public string Text() => _type == JsonTokenType.String ? _text : throw Wrong("must be a text in quotation marks");

    public double Number() =>
        _type == JsonTokenType.Number
        && double.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : throw Wrong($"is {Shown}; it must be a finite number");

    public int Whole() =>
        _type == JsonTokenType.Number
        && int.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong($"is {Shown}; it must be a whole number");

    /// <summary>A number, a text, or true or false, as written.</summary>
    public string Written() =>
        _type is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False
            ? _text
            : throw Wrong("must be a number, a text, true or false");

    /// <summary>Does something with the value, and says where the value stands if it is refused.</summary>
    public T Guard<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e) when (!e.Message.StartsWith($"{_file}, line ", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                Messages.OneLine($"{_file}, line {_line}: {_path}: {e.Message.Split(" (Parameter '")[0]}"),
                e
            );
        }
    }

    public ArgumentException Wrong(string what) => new(Messages.OneLine($"{_file}, line {_line}: {_path} {what}."));

    private string Shown =>
        _type switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => $"'{_text}'",
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => _text,
            _ => throw new UnreachableException($"a value begins with {_type}"),
        };

    private void ReadItems(List<SpecNode> items, LineCounter lines, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            if (items.Count < MostItems)
                items.Add(new SpecNode(_file, $"{_path}[{items.Count}]", lines, ref reader));
            else
                throw Wrong($"has more than {MostItems} items");
    }

    private void ReadMembers(Dictionary<string, SpecNode> members, LineCounter lines, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Decoded(ref reader);
            reader.Read();
            var node = new SpecNode(
                _file,
                name.Contains('.', StringComparison.Ordinal) ? $"{_path}['{name}']" : $"{_path}.{name}",
                lines,
                ref reader
            );
            if (!members.TryAdd(name, node))
                throw node.Wrong("is given twice");
        }
    }

    private string Decoded(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("is or holds a text that is not Unicode; save the file as UTF-8");
        }
    }

    /// <summary>Says on which line a byte stands, from 1; asked in the order of the bytes, so that each is looked at once.</summary>
    private sealed class LineCounter(byte[] bytes)
    {
        private int _counted,
            _line = 1;

        public int At(int offset)
        {
            _line += bytes.AsSpan(_counted, offset - _counted).Count((byte)'\n');
            _counted = offset;
            return _line;
        }
    }
}
