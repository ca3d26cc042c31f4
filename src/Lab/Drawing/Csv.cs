using System.Globalization;
using System.Text;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Lab.Drawing;

/// <summary>
/// A series as text, as flatbias export writes it: each number as the shortest text that reads back to it.
/// </summary>
internal static class Csv
{
    public static string Of(SeriesTable series)
    {
        var text = new StringBuilder().AppendJoin(',', series.Names).Append('\n');
        for (var row = 0; row < series.Rows; row++)
            text.AppendJoin(',', series.Names.Select(name => Number(series[name][row]))).Append('\n');
        return text.ToString();
    }

    /// <summary>A number; what is not finite as nan, inf or -inf.</summary>
    public static string Number(double value) =>
        value switch
        {
            double.NaN => "nan",
            double.PositiveInfinity => "inf",
            double.NegativeInfinity => "-inf",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };
}
