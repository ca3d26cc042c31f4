using FlatBias.Dynamics;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Sweeps;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Sweeps;

/// <summary>
/// Tables as files that other programs read: comma-separated text, JSON, or Parquet. docs/python.md reads them.
/// </summary>
public static class TableFiles
{
    /// <summary>Writes a series, one row a measurement. The file is replaced whole.</summary>
    /// <param name="series">The series.</param>
    /// <param name="path">The file; its extension (.csv, .json or .parquet) is the format. Numbers keep their bits; in
    /// JSON what is not finite is null.</param>
    /// <exception cref="ArgumentException">The extension is unknown.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(this SeriesTable series, string path)
    {
        ArgumentNullException.ThrowIfNull(series);
        Write(SeriesText.ColumnsOf(series), path);
    }

    /// <summary>Writes a sweep of descents with all columns of docs/sweeps.md, one row a point that was run.</summary>
    /// <param name="table">The sweep.</param>
    /// <param name="path">The file; its extension (.csv, .json or .parquet) is the format.</param>
    /// <exception cref="ArgumentException">The extension is unknown.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(this SweepTable<DescentOutcome> table, string path)
    {
        ArgumentNullException.ThrowIfNull(table);
        Write(SweepFile.ColumnsOf(table.Plan, LandscapeValues.Instance, [.. Run(table).Select(Placed)]), path);
    }

    /// <summary>
    /// Writes a sweep of any measurement: the point's axes, how it went, and the columns given, one row a point that
    /// was run.
    /// </summary>
    /// <typeparam name="T">What was measured.</typeparam>
    /// <param name="table">The sweep.</param>
    /// <param name="path">The file; its extension (.csv, .json or .parquet) is the format.</param>
    /// <param name="columns">Name and number of each column, NaN where nothing was measured.</param>
    /// <exception cref="ArgumentException">The extension is unknown, or a name comes twice.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save<T>(
        this SweepTable<T> table,
        string path,
        params IReadOnlyList<(string Name, Func<T, double> Select)> columns
    )
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        (int Index, SweepRow<T> Row)[] rows = [.. Run(table)];
        List<(string Name, Array Values)> written = [.. SweepFile.ColumnsOf(table.Plan, rows)];
        foreach (var (name, select) in columns)
        {
            if (written.Any(column => column.Name == name))
                throw new ArgumentException($"The column {name} is given twice.", nameof(columns));
            written.Add((name, rows.Select(r => r.Row.HasValue ? select(r.Row.Value!) : double.NaN).ToArray()));
        }

        Write(written, path);
    }

    /// <summary>Writes columns in a format by its name.</summary>
    internal static void Write(IReadOnlyList<(string Name, Array Values)> columns, string format, Stream stream)
    {
        if (format == "csv")
            SeriesText.WriteCsv(columns, stream);
        else if (format == "json")
            SeriesText.WriteJson(columns, stream);
        else
            stream.Write(ParquetTable.Write(columns));
    }

    private static void Write(IReadOnlyList<(string Name, Array Values)> columns, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var format = Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
        if (format is not ("csv" or "json" or "parquet"))
            throw new ArgumentException(
                $"path is {path}; its extension is \".{format}\" and must be .csv, .json or .parquet.",
                nameof(path)
            );
        AtomicFile.Write(path, stream => Write(columns, format, stream));
    }

    private static PlacedRow Placed((int Index, SweepRow<DescentOutcome> Row) row) =>
        new(row.Index, new(row.Row.Status, row.Row.Value is { } end ? new LandscapeEnd(end) : null, row.Row.Error));

    private static IEnumerable<(int Index, SweepRow<T> Row)> Run<T>(SweepTable<T> table) =>
        table.Select((row, index) => (index, row)).Where(pair => pair.row.Status != SweepStatus.NotRun);
}
