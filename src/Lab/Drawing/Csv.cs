using System.Globalization;
using System.Text;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Lab.Drawing;

/// <summary>A series as text, as flatbias export writes it: each number as the shortest text that reads back to it.</summary>
internal static class Csv
{
    public static string Of(SeriesTable series)
    {
        var text = new StringBuilder().AppendJoin(',', series.Names).Append('\n');
        for (var row = 0; row < series.Rows; row++)
            text.AppendJoin(',', series.Names.Select(name => series[name][row].ToString("R", CultureInfo.InvariantCulture)))
                .Append('\n');
        return text.ToString();
    }
}
