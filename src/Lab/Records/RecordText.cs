using System.Globalization;
using System.Text.Json;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Lab.Records;

/// <summary>Reads what flatbias export writes, CSV or JSON.</summary>
internal static class RecordText
{
    // As much as a chart can show: a run of a hundred thousand steps with a dozen columns.
    public const int LargestFile = 32 << 20,
        MostNumbers = 2_000_000;

    /// <summary>Reads a series.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="FormatException">It is no series; the message says what is wrong and where.</exception>
    public static SeriesTable Read(string name, string text)
    {
        var trimmed = text.TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        if (trimmed.Length == 0)
            throw new FormatException($"{name} is empty.");
        return trimmed[0] is '[' or '{' ? ReadJson(name, trimmed) : ReadCsv(name, trimmed);
    }

    private static SeriesTable ReadCsv(string name, string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var names = lines[0].Split(',');
        Check(name, names, lines.Length - 1);
        var columns = names.Select(_ => new double[lines.Length - 1]).ToArray();
        for (var row = 1; row < lines.Length; row++)
        {
            var cells = lines[row].Split(',');
            if (cells.Length != names.Length)
                throw new FormatException(
                    $"{name}, line {row + 1} has {cells.Length} numbers; the first line names {names.Length} columns."
                );
            for (var i = 0; i < cells.Length; i++)
                columns[i][row - 1] =
                    Parse(cells[i])
                    ?? throw new FormatException($"{name}, line {row + 1}: '{Short(cells[i])}' is no number.");
        }

        return SeriesTable.From([.. names.Zip(columns)]);
    }

    private static SeriesTable ReadJson(string name, string text)
    {
        using var document = Document(name, text);
        var root = document.RootElement;
        if (
            root.ValueKind != JsonValueKind.Array
            || root.GetArrayLength() == 0
            || root[0].ValueKind != JsonValueKind.Object
        )
            throw new FormatException($"{name} is no series: a list with an object for each row is wanted.");
        string[] names = [.. root[0].EnumerateObject().Select(property => property.Name)];
        Check(name, names, root.GetArrayLength());
        var columns = names.Select(_ => new double[root.GetArrayLength()]).ToArray();
        var row = 0;
        foreach (var item in root.EnumerateArray())
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(names[i], out var value))
                    throw new FormatException($"{name}, row {row + 1} has no '{Short(names[i])}'.");
                columns[i][row] = value.ValueKind switch
                {
                    JsonValueKind.Number => value.GetDouble(),
                    JsonValueKind.Null => double.NaN,
                    _ => throw new FormatException($"{name}, row {row + 1}: '{Short(names[i])}' is no number."),
                };
            }

            row++;
        }

        return SeriesTable.From([.. names.Zip(columns)]);
    }

    private static JsonDocument Document(string name, string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{name} is no JSON (line {e.LineNumber + 1}).", e);
        }
    }

    private static void Check(string name, string[] names, int rows)
    {
        if (!names.Contains((string)Columns.Step) && names.Contains("status"))
            throw new FormatException($"{name} is the table of a sweep, without steps; flatbias plot draws it.");
        if (!names.Contains((string)Columns.Step))
            throw new FormatException($"{name} has no column 'step': it is no series that flatbias export wrote.");
        if (names.Distinct().Count() != names.Length)
            throw new FormatException($"{name} names a column twice.");
        if (rows == 0)
            throw new FormatException($"{name} has no rows.");
        if ((long)rows * names.Length > MostNumbers)
            throw new FormatException(
                $"{name} has {rows} rows of {names.Length} columns; the page takes at most {MostNumbers} numbers."
            );
    }

    private static double? Parse(string text) =>
        text switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
        };

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
