using System.Globalization;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>A table of numbers with one column to be learnt, read whole: a message about a cell gives its line and column.</summary>
internal sealed class CsvTable
{
    private readonly string _path;
    private readonly string[] _columns;
    private readonly List<Row> _rows;
    private Standardisation[] _standards = [];

    /// <param name="path">The file, for messages.</param>
    /// <param name="columns">The names of the features, and of the column to be learnt where it holds numbers.</param>
    /// <param name="features">The number of features.</param>
    /// <param name="rows">The rows, at least one, each with a number a column.</param>
    private CsvTable(string path, string[] columns, int features, List<Row> rows) =>
        (_path, _columns, Features, _rows) = (path, columns, features, rows);

    /// <summary>The number of features.</summary>
    public int Features { get; }

    /// <summary>The number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>The cells of the column to be learnt, as they stand there.</summary>
    public IEnumerable<string> Labels => _rows.Select(row => row.Label);

    /// <summary>Reads and checks every cell.</summary>
    /// <param name="path">The file.</param>
    /// <param name="learnt">The name of the column to be learnt.</param>
    /// <param name="numbers">Whether that column holds numbers.</param>
    public static CsvTable Read(string path, string learnt, bool numbers) =>
        DataFile.Read(path, stream => Read(path, stream, learnt, numbers));

    /// <summary>Mixes the rows.</summary>
    public void Shuffle(int seed)
    {
        // Written out, so that the order of a seed is that of these lines.
        var random = new Random(seed);
        for (var i = _rows.Count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (_rows[i], _rows[j]) = (_rows[j], _rows[i]);
        }
    }

    /// <summary>Takes mean and deviation of the first rows as the standard of every column of numbers.</summary>
    public void StandardiseBy(int rows)
    {
        var values = new double[rows];
        _standards = new Standardisation[_columns.Length];
        for (var j = 0; j < _standards.Length; j++)
        {
            for (var i = 0; i < rows; i++)
                values[i] = _rows[i].Values[j];
            _standards[j] = new Standardisation(values);
        }
    }

    /// <summary>The standardised features of some rows, row by row.</summary>
    public float[] Inputs(int from, int count)
    {
        var inputs = new float[checked(count * Features)];
        for (var i = 0; i < count; i++)
        for (var j = 0; j < Features; j++)
            inputs[(i * Features) + j] = Standardised(from + i, j);
        return inputs;
    }

    /// <summary>The standardised numbers to be learnt of some rows.</summary>
    public float[] Numbers(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(row => Standardised(row, Features))];

    private float Standardised(int row, int column)
    {
        var (line, _, values) = _rows[row];
        var value = (float)_standards[column].Of(values[column]);
        return float.IsFinite(value)
            ? value
            : throw new DataFileException(
                _path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"line {line}, column {_columns[column]}: {values[column]:R} is too many standard deviations of the training rows from their mean for single precision"
                )
            );
    }

    private static CsvTable Read(string path, Stream stream, string learnt, bool numbers)
    {
        using var reader = new CsvReader(path, stream);
        var header =
            reader.Next()?.Cells ?? throw new DataFileException(path, "it is empty; a header line was expected");
        var column = Find(path, header, learnt);
        // The column to be learnt is the last where it holds numbers.
        int[] order =
        [
            .. Enumerable.Range(0, header.Length).Where(j => j != column),
            .. numbers ? [column] : Array.Empty<int>(),
        ];
        var rows = new List<Row>();
        while (reader.Next() is var (line, cells))
        {
            if (cells.Length != header.Length)
                throw new DataFileException(
                    path,
                    $"line {line} has {cells.Length} cells; the header has {header.Length}"
                );
            if (!numbers && cells[column].Length == 0)
                throw new DataFileException(path, $"line {line}, column {learnt}: the label is missing");
            double[] values = [.. order.Select(j => Number(path, line, header[j], cells[j]))];
            rows.Add(new Row(line, cells[column], values));
        }

        if (rows.Count == 0)
            throw new DataFileException(path, "it has a header and no rows");
        return new CsvTable(path, [.. order.Select(j => header[j])], header.Length - 1, rows);
    }

    private static int Find(string path, string[] header, string learnt)
    {
        var column = Array.IndexOf(header, learnt);
        if (column < 0)
            throw new DataFileException(
                path,
                $"it has no column '{learnt}'; its columns are {string.Join(", ", header)}"
            );
        if (Array.LastIndexOf(header, learnt) != column)
            throw new DataFileException(
                path,
                $"it has more than one column '{learnt}'; which is to be learnt cannot be told"
            );
        if (header.Length < 2)
            throw new DataFileException(
                path,
                "it has the column to be learnt alone; at least one feature was expected"
            );
        return column;
    }

    private static double Number(string path, long line, string column, string cell)
    {
        if (cell.Length == 0)
            throw new DataFileException(
                path,
                $"line {line}, column {column}: the cell is empty; a number was expected"
            );
        if (
            double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
        )
            return value;
        throw new DataFileException(path, $"line {line}, column {column}: '{cell}' is not a finite number");
    }

    private readonly record struct Row(long Line, string Label, double[] Values);
}
