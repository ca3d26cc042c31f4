using System.Globalization;
using System.Text;
using System.Text.Json;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Records;

/// <summary>
/// A table as text that other programs read. Numbers are written so that reading them gives the same bits.
/// </summary>
internal static class SeriesText
{
    /// <summary>The columns of a series.</summary>
    public static IReadOnlyList<(string Name, Array Values)> ColumnsOf(SeriesTable series) =>
        [.. series.Names.Select(name => (name, (Array)series.Array(name)))];

    /// <summary>
    /// Comma-separated, a header line, then one line a row; nan and inf as such, words in quotes where they hold what
    /// separates.
    /// </summary>
    /// <param name="columns">Columns of double, int or string, of one length.</param>
    /// <param name="stream">Where to.</param>
    public static void WriteCsv(IReadOnlyList<(string Name, Array Values)> columns, Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', columns.Select(column => Word(column.Name))));
        for (var row = 0; row < Rows(columns); row++)
            writer.WriteLine(string.Join(',', columns.Select(column => Cell(column.Values, row))));
    }

    /// <summary>An array with one object a row; what is not finite becomes null.</summary>
    /// <param name="columns">Columns of double, int or string, of one length.</param>
    /// <param name="stream">Where to.</param>
    public static void WriteJson(IReadOnlyList<(string Name, Array Values)> columns, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        for (var row = 0; row < Rows(columns); row++)
        {
            writer.WriteStartObject();
            foreach (var (name, values) in columns)
            {
                if (values is string[] words)
                    writer.WriteString(name, words[row]);
                else if (values is int[] whole)
                    writer.WriteNumber(name, whole[row]);
                else if (((double[])values)[row] is var number && double.IsFinite(number))
                    writer.WriteNumber(name, number);
                else
                    writer.WriteNull(name);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static int Rows(IReadOnlyList<(string Name, Array Values)> columns) =>
        columns.Count == 0 ? 0 : columns[0].Values.Length;

    private static string Cell(Array values, int row) =>
        values switch
        {
            string[] words => Word(words[row]),
            int[] whole => whole[row].ToString(CultureInfo.InvariantCulture),
            _ => Number(((double[])values)[row]),
        };

    private static string Word(string word) =>
        word.AsSpan().ContainsAny(",\"\r\n") ? $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : word;

    private static string Number(double value) =>
        value switch
        {
            double.NaN => "nan",
            double.PositiveInfinity => "inf",
            double.NegativeInfinity => "-inf",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };
}
