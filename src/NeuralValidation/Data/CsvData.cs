using System.Globalization;
using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Networks;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// A table of numbers with a column to be learnt, separated by commas, with a header line, as text in UTF-8 (or UTF-16 with its byte order mark). The first rows, in the order of the file or shuffled from a seed, are the training set and the rows after them the test set;
/// each feature is standardised by the mean and standard deviation of the training rows, whatever its scale (a feature that is constant there becomes 0). Labels may be any text, compared character by character;
/// classes are numbered in the order of their sorted names. Or the column holds numbers, which are standardised as the features are.
/// </summary>
public sealed class CsvData : DataEntry
{
    /// <summary>The name of the label column unless another is given.</summary>
    public const string DefaultLabel = "label";

    /// <inheritdoc/>
    public override string Name => "csv";

    /// <inheritdoc/>
    public override string Summary =>
        "a table of your own with a header line and a column of labels or numbers to be learnt";

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("label", DefaultLabel, "the name of the label column, which may hold any text"),
        new("target", "", "the name of a column of numbers to be learnt instead of labels"),
        new("shuffle", "", "a seed to shuffle the rows from; without one they stay as they are"),
    ];

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
    /// <param name="shuffle">The seed to shuffle the rows from; null to leave them as they are.</param>
    /// <returns>The training and the test rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More rows are asked for than there are, or fewer than the minimum.</exception>
    /// <exception cref="DataFileException">The file is missing or no text, has no label column or two, or a cell is missing, not a finite number, or of a test row and too far from the training rows for single precision: the message gives line and column.</exception>
    public static (LabelledSamples Train, LabelledSamples Test) Load(
        string path,
        int train,
        int test,
        string label = DefaultLabel,
        int? shuffle = null
    )
    {
        var (table, standards) = Rows(path, train, test, label, false, shuffle);
        var rows = table.Rows;
        string[] classes = [.. rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        int[] labels = [.. rows.Select(row => Array.BinarySearch(classes, row.Label, StringComparer.Ordinal))];
        return (Part(0, train), Part(train, test));

        LabelledSamples Part(int from, int count) =>
            new(
                Inputs(path, table, standards, from, count),
                labels[from..(from + count)],
                table.Features.Length,
                classes.Length
            );
    }

    /// <summary>Loads the first rows of a file with a number to be learnt of each, standardised by the training rows like the features.</summary>
    /// <param name="path">The file.</param>
    /// <param name="train">How many training rows; at least 1.</param>
    /// <param name="test">How many test rows, those that follow; at least 0.</param>
    /// <param name="target">The name of the column to be learnt.</param>
    /// <param name="shuffle">The seed to shuffle the rows from; null to leave them as they are.</param>
    /// <returns>The training and the test rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More rows are asked for than there are, or fewer than the minimum.</exception>
    /// <exception cref="DataFileException">As for labels, and where a target is no finite number.</exception>
    public static (LabelledSamples Train, LabelledSamples Test) LoadNumbers(
        string path,
        int train,
        int test,
        string target,
        int? shuffle = null
    )
    {
        var (table, standards) = Rows(path, train, test, target, true, shuffle);
        var last = table.Features.Length;
        return (Part(0, train), Part(train, test));

        LabelledSamples Part(int from, int count) =>
            LabelledSamples.Regression(
                Inputs(path, table, standards, from, count),
                [
                    .. Enumerable
                        .Range(from, count)
                        .Select(i => Single(path, table.Rows[i], target, table.Rows[i].Values[last], standards[last])),
                ],
                [last],
                1
            );
    }

    internal override bool Recognises(string place) => File.Exists(place);

    // To count the rows every cell is read and checked. All of them are of the training part.
    internal override (int Train, int Test)? Available(DataRequest asked) =>
        (
            DataFile
                .Read(asked.Located, stream => Read(asked.Located, stream, Column(asked), Target(asked) is not null))
                .Rows.Count,
            0
        );

    internal override DataSet LoadSet(DataRequest asked, int train, int test)
    {
        var set = base.LoadSet(asked, train, test);
        return set.Train.Kind == TargetKind.Numbers
            ? set with
            {
                Normalisation =
                    "each feature and the target standardised by mean and standard deviation of the training rows",
            }
            : set with
            {
                Warning = OneSided(set.Train, set.Test),
            };
    }

    internal override (LabelledSamples Train, LabelledSamples Test) Load(DataRequest asked, int train, int test)
    {
        int? shuffle = asked.Values.Text("shuffle").Length > 0 ? asked.Values.Whole("shuffle") : null;
        return Target(asked) is { } target
            ? LoadNumbers(asked.Located, train, test, target, shuffle)
            : Load(asked.Located, train, test, asked.Values.Text("label"), shuffle);
    }

    private static string Column(DataRequest asked) => Target(asked) ?? asked.Values.Text("label");

    private static string? Target(DataRequest asked)
    {
        if (asked.Values.Text("target") is not { Length: > 0 } target)
            return null;
        return asked.Values.Text("label") == DefaultLabel
            ? target
            : throw new ArgumentException("data: csv takes either label or target, the column that is to be learnt.");
    }

    /// <summary>Says which part lacks classes of the other; null where both have all, or where there is no test part.</summary>
    private static string? OneSided(LabelledSamples train, LabelledSamples test)
    {
        if (test.Count == 0)
            return null;
        var (unseen, untested) = (test.Labels.Except(train.Labels).Count(), train.Labels.Except(test.Labels).Count());
        return (unseen, untested) == (0, 0)
            ? null
            : $"of the {train.Classes} classes, {unseen} of the test rows are missing from the training rows and {untested} of the training rows from the test rows; the file may be sorted: shuffle=SEED mixes its rows.";
    }

    private static (Table Table, Standardisation[] Standards) Rows(
        string path,
        int train,
        int test,
        string column,
        bool numbers,
        int? shuffle
    )
    {
        ArgumentNullException.ThrowIfNull(path);
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        var table = DataFile.Read(path, stream => Read(path, stream, column, numbers));
        var rows = table.Rows;
        if ((long)train + test > rows.Count)
            throw new ArgumentOutOfRangeException(
                nameof(train),
                train,
                $"train + test is {(long)train + test}, but {path} holds only {rows.Count} rows."
            );
        if (shuffle is { } seed)
        {
            // Written out, so that the order of a seed is that of these lines.
            var random = new Random(seed);
            for (var i = rows.Count - 1; i > 0; i--)
            {
                var j = random.Next(i + 1);
                (rows[i], rows[j]) = (rows[j], rows[i]);
            }
        }

        var standards = new Standardisation[rows[0].Values.Length];
        var values = new double[train];
        for (var j = 0; j < standards.Length; j++)
        {
            for (var i = 0; i < train; i++)
                values[i] = rows[i].Values[j];
            standards[j] = new Standardisation(values);
        }

        return (table, standards);
    }

    private static float[] Inputs(string path, Table table, Standardisation[] standards, int from, int count)
    {
        var width = table.Features.Length;
        var inputs = new float[checked(count * width)];
        for (var i = 0; i < count; i++)
        for (var j = 0; j < width; j++)
        {
            var row = table.Rows[from + i];
            inputs[(i * width) + j] = Single(path, row, table.Features[j], row.Values[j], standards[j]);
        }

        return inputs;
    }

    private static float Single(string path, Row row, string column, double number, Standardisation standard)
    {
        var value = (float)standard.Of(number);
        return float.IsFinite(value)
            ? value
            : throw new DataFileException(
                path,
                $"line {row.Line}, column {column}: {Text(number)} is too many standard deviations of the training rows from their mean for single precision"
            );
    }

    /// <summary>Every row: the label, and the numbers, that of the column to be learnt the last where it holds numbers.</summary>
    private static Table Read(string path, Stream stream, string label, bool numbers)
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
                $"it has more than one column '{label}'; which is to be learnt cannot be told"
            );
        if (header.Length < 2)
            throw new DataFileException(
                path,
                "it has the column to be learnt alone; at least one feature was expected"
            );
        var rows = new List<Row>();
        while (reader.Next() is var (line, cells))
        {
            if (cells.Length != header.Length)
                throw new DataFileException(
                    path,
                    $"line {line} has {cells.Length} cells; the header has {header.Length}"
                );
            if (!numbers && cells[column].Length == 0)
                throw new DataFileException(path, $"line {line}, column {label}: the label is missing");
            rows.Add(
                new Row(
                    line,
                    cells[column],
                    [
                        .. Enumerable
                            .Range(0, cells.Length)
                            .Where(j => j != column)
                            .Concat(numbers ? [column] : [])
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
