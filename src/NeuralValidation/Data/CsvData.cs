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
        var table = Table(path, train, test, label, false, shuffle);
        string[] classes = [.. table.Labels.Distinct().Order(StringComparer.Ordinal)];
        int[] labels = [.. table.Labels.Select(row => Array.BinarySearch(classes, row, StringComparer.Ordinal))];
        return (Part(0, train), Part(train, test));

        LabelledSamples Part(int from, int count) =>
            new(table.Inputs(from, count), labels[from..(from + count)], table.Features, classes.Length);
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
        var table = Table(path, train, test, target, true, shuffle);
        return (Part(0, train), Part(train, test));

        LabelledSamples Part(int from, int count) =>
            LabelledSamples.Regression(table.Inputs(from, count), table.Numbers(from, count), [table.Features], 1);
    }

    internal override bool Recognises(string place) => File.Exists(place);

    // To count the rows every cell is read and checked. All of them are of the training part.
    internal override (int Train, int Test)? Available(DataRequest asked) =>
        (CsvTable.Read(asked.Located, Column(asked), Target(asked) is not null).Count, 0);

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

    /// <summary>The rows in their order, with the training rows as the standard.</summary>
    private static CsvTable Table(string path, int train, int test, string column, bool numbers, int? shuffle)
    {
        ArgumentNullException.ThrowIfNull(path);
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        var table = CsvTable.Read(path, column, numbers);
        if ((long)train + test > table.Count)
            throw new ArgumentOutOfRangeException(
                nameof(train),
                train,
                $"train + test is {(long)train + test}, but {path} holds only {table.Count} rows."
            );
        if (shuffle is { } seed)
            table.Shuffle(seed);
        table.StandardiseBy(train);
        return table;
    }
}
