using System.Globalization;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Records;

/// <summary>Two series of the same run, compared bit by bit.</summary>
internal sealed class SeriesComparison
{
    private readonly SeriesTable _there,
        _here;

    public SeriesComparison(SeriesTable there, SeriesTable here)
    {
        (_there, _here) = (there, here);
        Shape =
            there.Rows != here.Rows ? $"{there.Rows} rows there and {here.Rows} here"
            : there.Names.FirstOrDefault(name => !here.Has(name)) is { } lost ? $"the column {lost} is there only"
            : here.Names.FirstOrDefault(name => !there.Has(name)) is { } gained ? $"the column {gained} is here only"
            : null;
        var rows = Math.Min(there.Rows, here.Rows);
        Columns =
        [
            .. there
                .Names.Where(here.Has)
                .Select(name => (Name: name, Row: FirstDifference(there[name], here[name], rows)))
                .Where(c => c.Row >= 0)
                .OrderBy(c => c.Row)
                .Select(c => new ColumnDifference(
                    c.Name,
                    c.Row,
                    there[c.Name][c.Row],
                    here[c.Name][c.Row],
                    Largest(there[c.Name], here[c.Name], rows)
                )),
        ];
    }

    /// <summary>How rows or columns differ in number; null where they do not.</summary>
    public string? Shape { get; }

    /// <summary>The columns that differ, in the order of the rows in which they first do.</summary>
    public IReadOnlyList<ColumnDifference> Columns { get; }

    /// <summary>Whether every bit is the same.</summary>
    public bool Same => Shape is null && Columns.Count == 0;

    /// <summary>The differences in one sentence.</summary>
    public string Describe()
    {
        if (Columns.Count == 0)
            return Shape ?? "none";
        var (first, worst) = (Columns[0], Columns.MaxBy(c => c.Largest)!);
        var at = _there.Has(Dynamics.Observables.Columns.Step)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" (step {_there[Dynamics.Observables.Columns.Step][first.Row]})"
            )
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(Shape is null ? "" : $"{Shape}; ")}{Columns.Count} of {_there.Names.Count} columns differ, first {first.Name} in row {first.Row}{at}: {first.There:R} there and {first.Here:R} here; largest difference relative to its column {worst.Largest:G2}, of {worst.Name}"
        );
    }

    private static int FirstDifference(IReadOnlyList<double> there, IReadOnlyList<double> here, int rows)
    {
        for (var row = 0; row < rows; row++)
            if (BitConverter.DoubleToInt64Bits(there[row]) != BitConverter.DoubleToInt64Bits(here[row]))
                return row;
        return -1;
    }

    /// <summary>The largest |difference| over the largest finite |value| of the column; infinite where only one of two is finite.</summary>
    private static double Largest(IReadOnlyList<double> there, IReadOnlyList<double> here, int rows)
    {
        var scale = there.Take(rows).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return Enumerable
            .Range(0, rows)
            .Max(row =>
                there[row].Equals(here[row]) ? 0
                : double.IsFinite(there[row]) && double.IsFinite(here[row])
                    ? Math.Abs(there[row] - here[row]) / (scale > 0 ? scale : 1)
                : double.PositiveInfinity
            );
    }
}

/// <summary>A column of which some bits differ.</summary>
/// <param name="Name">The column.</param>
/// <param name="Row">The first row in which they do, from 0.</param>
/// <param name="There">The record's value there.</param>
/// <param name="Here">The value found now.</param>
/// <param name="Largest">The largest difference relative to the column's largest value.</param>
internal sealed record ColumnDifference(string Name, int Row, double There, double Here, double Largest);
