using System.Globalization;
using System.Text;

namespace FlatBias.Lab.Planes;

/// <summary>A plane as text: a line for each point.</summary>
internal static class PlaneCsv
{
    public static string Of(PlaneSettings settings, double[]?[] rows)
    {
        var (columns, _) = settings.Counts();
        var (left, right) = PlaneSettings.Range("x-range", settings.XRange);
        var text = new StringBuilder();
        if (settings.Kind == PlaneSettings.Orbits)
        {
            text.Append(CultureInfo.InvariantCulture, $"step-size,{settings.Y}\n");
            var stepSizes = PlaneJob.Spread(left, right, rows.Length);
            for (var i = 0; i < rows.Length; i++)
                foreach (var value in rows[i] ?? [])
                    text.Append(CultureInfo.InvariantCulture, $"{stepSizes[i]:R},{value:R}\n");
            return text.ToString();
        }

        var (bottom, top) = PlaneSettings.Range("y-range", settings.YRange);
        var (xs, ys) = (PlaneJob.Spread(left, right, columns), PlaneJob.Spread(bottom, top, rows.Length));
        text.Append(CultureInfo.InvariantCulture, $"{settings.X},{settings.Y},{settings.Kind}\n");
        for (var j = 0; j < rows.Length; j++)
        for (var i = 0; i < rows[j]?.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{xs[i]:R},{ys[j]:R},{rows[j]![i]:R}\n");
        return text.ToString();
    }
}
