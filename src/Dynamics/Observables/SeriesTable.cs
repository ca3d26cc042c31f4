using System.Diagnostics.CodeAnalysis;

namespace FlatBias.Dynamics.Observables;

/// <summary>A run's series: named columns of equal length, one row a measurement, NaN where a quantity was not measured.</summary>
public sealed class SeriesTable
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, List<double>> _columns = [];

    /// <summary>The column names in the order in which they first appeared.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>A column by name.</summary>
    /// <param name="name">The column's name.</param>
    /// <exception cref="ArgumentException">There is no such column; the message lists those there are.</exception>
    public IReadOnlyList<double> this[string name] => Column(name);

    /// <summary>Whether there is such a column.</summary>
    /// <param name="name">The column's name.</param>
    public bool Has(string name) => _columns.ContainsKey(name);

    /// <summary>A column as an array.</summary>
    /// <param name="name">The column's name.</param>
    /// <returns>A copy, one number a row.</returns>
    public double[] Array(string name) => [.. Column(name)];

    /// <summary>Starts a new row, NaN throughout until set.</summary>
    public void AddRow()
    {
        foreach (var column in _columns.Values)
            column.Add(double.NaN);
        Rows++;
    }

    /// <summary>Sets a value in the last row, adding the column when it is new.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="value">The value; may be NaN or infinite.</param>
    /// <exception cref="InvalidOperationException">There is no row yet.</exception>
    public void Set(string name, double value)
    {
        if (Rows == 0)
            throw new InvalidOperationException("Add a row before setting a value.");
        if (!_columns.TryGetValue(name, out var column))
        {
            column = [.. Enumerable.Repeat(double.NaN, Rows)];
            _columns.Add(name, column);
            _names.Add(name);
        }

        column[^1] = value;
    }

    /// <summary>Builds a table from whole columns.</summary>
    /// <param name="columns">Name and values of each, all of one length.</param>
    /// <exception cref="ArgumentException">The lengths differ or a name comes twice.</exception>
    public static SeriesTable From(params IReadOnlyList<(string Name, double[] Values)> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var table = new SeriesTable { Rows = columns.Count == 0 ? 0 : columns[0].Values.Length };
        foreach (var (name, values) in columns)
        {
            Require.Length(values.Length, table.Rows, name);
            if (!table._columns.TryAdd(name, [.. values]))
                throw new ArgumentException($"The column {name} is given twice.", nameof(columns));
            table._names.Add(name);
        }

        return table;
    }

    [SuppressMessage("Design", "CA1859", Justification = "The list is the storage; callers see it read-only.")]
    private List<double> Column(string name) =>
        _columns.TryGetValue(name, out var column)
            ? column
            : throw new ArgumentException(
                $"There is no column '{name}'; there are: {string.Join(", ", _names)}.",
                nameof(name)
            );
}
