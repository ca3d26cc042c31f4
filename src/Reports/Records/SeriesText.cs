using System.Globalization;
using System.Text;
using System.Text.Json;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Records;

/// <summary>A series as text that other programs read. Numbers are written so that reading them gives the same bits.</summary>
internal static class SeriesText
{
    /// <summary>Comma-separated, a header line, then one line a row; nan and inf as such.</summary>
    public static void WriteCsv(SeriesTable series, Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', series.Names));
        var columns = series.Names.Select(series.Array).ToArray();
        for (var row = 0; row < series.Rows; row++)
            writer.WriteLine(string.Join(',', columns.Select(c => Number(c[row]))));
    }

    /// <summary>An array with one object a row; what is not finite becomes null.</summary>
    public static void WriteJson(SeriesTable series, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        var columns = series.Names.Select(name => (Name: name, Values: series.Array(name))).ToArray();
        writer.WriteStartArray();
        for (var row = 0; row < series.Rows; row++)
        {
            writer.WriteStartObject();
            foreach (var (name, values) in columns)
            {
                if (double.IsFinite(values[row]))
                    writer.WriteNumber(name, values[row]);
                else
                    writer.WriteNull(name);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Number(double value) =>
        value switch
        {
            double.NaN => "nan",
            double.PositiveInfinity => "inf",
            double.NegativeInfinity => "-inf",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };
}
