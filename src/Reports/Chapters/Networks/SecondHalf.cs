using FlatBias.Dynamics.Observables;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>The second half of a run's rows, which the chapters on later papers judge.</summary>
internal static class SecondHalf
{
    /// <summary>The median of a column there, of the rows that have a value; NaN where none has.</summary>
    public static double Median(SeriesTable series, string column) =>
        series.Has(column) ? Median(series.Array(column)) : double.NaN;

    /// <summary>The same of what was computed for each row.</summary>
    public static double Median(double[] rows)
    {
        double[] values = [.. rows[(rows.Length / 2)..].Where(value => !double.IsNaN(value))];
        return values.Length == 0 ? double.NaN : values.Median();
    }
}
