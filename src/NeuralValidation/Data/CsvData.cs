using System.Globalization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// A table of numbers with a label column, separated by commas, with a header line, as text in UTF-8 (or UTF-16 with its byte order mark). The first rows are the training set and the rows after them the test set;
/// each feature is standardised by the mean and standard deviation of the training rows, whatever its scale (a feature that is constant there becomes 0). Labels may be any text, compared character by character;
/// classes are numbered in the order of their sorted names.
/// </summary>
public sealed class CsvData : DataEntry
{
    /// <summary>The name of the label column unless another is given.</summary>
    public const string DefaultLabel = "label";

    /// <inheritdoc/>
    public override string Name => "csv";

    /// <inheritdoc/>
    public override string Summary => "a table of your own with a header line and a label column";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [new("label", DefaultLabel, "the name of the label column, which may hold any text")];

    /// <inheritdoc/>
    public override DataPlace Place => DataPlace.File;

    /// <inheritdoc/>
    public override string Normalisation =>
        "each feature standardised by mean and standard deviation of the training rows";

    /// <summary>Loads the first rows of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="train">How many training rows; at least 1.</param>
    /// <param name="test">How many test rows, those that follow; at least 0.</param>
    /// <param name="label">The name of the label column.</param>
    /// <returns>The training and the test rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More rows are asked for than there are, or fewer than the minimum.</exception>
    /// <exception cref="DataFileException">The file is missing or no text, has no label column or two, or a cell is missing, not a finite number, or of a test row and too far from the training rows for single precision: the message gives line and column.</exception>
    public static (LabelledSamples Train, LabelledSamples Test) Load(
        string path,
        int train,
        int test,
        string label = DefaultLabel
    )
    {
        ArgumentNullException.ThrowIfNull(path);
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        var table = DataFile.Read(path, stream => Read(path, stream, label));
        var rows = table.Rows;
        if ((long)train + test > rows.Count)
            throw new ArgumentOutOfRangeException(
                nameof(train),
                train,
                $"train + test is {(long)train + test}, but {path} holds only {rows.Count} rows."
            );
        string[] classes = [.. rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        int[] labels = [.. rows.Select(row => Array.BinarySearch(classes, row.Label, StringComparer.Ordinal))];
        var width = table.Features.Length;
        var standards = new Standardisation[width];
        var values = new double[train];
        for (var j = 0; j < width; j++)
        {
            for (var i = 0; i < train; i++)
                values[i] = rows[i].Values[j];
            standards[j] = new Standardisation(values);
        }

        return (Part(0, train), Part(train, test));

        LabelledSamples Part(int from, int count)
        {
            var inputs = new float[checked(count * width)];
            for (var i = 0; i < count; i++)
            for (var j = 0; j < width; j++)
                inputs[(i * width) + j] = Single(rows[from + i], j);
            return new LabelledSamples(inputs, labels[from..(from + count)], width, classes.Length);
        }

        float Single(Row row, int j)
        {
            var value = standards[j].Of(row.Values[j]);
            return float.IsFinite((float)value)
                ? (float)value
                : throw new DataFileException(
                    path,
                    $"line {row.Line}, column {table.Features[j]}: {Text(row.Values[j])} is too many standard deviations of the training rows from their mean for single precision"
                );
        }
    }

    internal override bool Recognises(string place) => File.Exists(place);

    // To count the rows every cell is read and checked. All of them are of the training part.
    internal override (int Train, int Test)? Available(DataRequest asked) =>
        (DataFile.Read(asked.Located, stream => Read(asked.Located, stream, asked.Values.Text("label"))).Rows.Count, 0);

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test) =>
        Load(asked.Located, train, test, asked.Values.Text("label"));

    private static Table Read(string path, Stream stream, string label)
    {
        using var reader = new CsvReader(path, stream);
        var header =
            reader.Next()?.Cells ?? throw new DataFileException(path, "it is empty; a header line was expected");
        var column = Array.IndexOf(header, label);
        if (column < 0)
            throw new DataFileException(
                path,
                $"it has no column '{label}'; its columns are {string.Join(", ", header)}"
            );
        if (Array.LastIndexOf(header, label) != column)
            throw new DataFileException(
                path,
                $"it has more than one column '{label}'; which holds the labels cannot be told"
            );
        if (header.Length < 2)
            throw new DataFileException(path, "it has the label column alone; at least one feature was expected");
        var rows = new List<Row>();
        while (reader.Next() is var (line, cells))
        {
            if (cells.Length != header.Length)
                throw new DataFileException(
                    path,
                    $"line {line} has {cells.Length} cells; the header has {header.Length}"
                );
            if (cells[column].Length == 0)
                throw new DataFileException(path, $"line {line}, column {label}: the label is missing");
            rows.Add(
                new Row(
                    line,
                    cells[column],
                    [
                        .. Enumerable
                            .Range(0, cells.Length)
                            .Where(j => j != column)
                            .Select(j => Number(path, line, header[j], cells[j])),
                    ]
                )
            );
        }

        if (rows.Count == 0)
            throw new DataFileException(path, "it has a header and no rows");
        return new Table([.. header.Where((_, j) => j != column)], rows);
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

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private readonly record struct Row(long Line, string Label, double[] Values);

    private sealed record Table(string[] Features, List<Row> Rows);
}
