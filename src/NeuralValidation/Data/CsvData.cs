using System.Globalization;
using System.Text;
using FlatBias.Dynamics;
using Microsoft.VisualBasic.FileIO;

namespace FlatBias.NeuralValidation.Data;

/// <summary>
/// A table of numbers with a label column, separated by commas, with a header line. The first rows are the training set and the rows after them the test set; each feature is standardised by the mean and
/// standard deviation of the training rows (a feature that is constant there becomes 0). Labels may be any text; classes are numbered in the order of their sorted names.
/// </summary>
public static class CsvData
{
    /// <summary>The name of the label column unless another is given.</summary>
    public const string DefaultLabel = "label";

    internal const string Normalisation = "each feature standardised by mean and standard deviation of the training rows";

    /// <summary>Loads the first rows of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="train">How many training rows; at least 1.</param>
    /// <param name="test">How many test rows, those that follow; at least 0.</param>
    /// <param name="label">The name of the label column.</param>
    /// <returns>The training and the test rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More rows are asked for than there are, or fewer than the minimum.</exception>
    /// <exception cref="DataFileException">The file is missing, has no label column, or a cell is missing or not a finite number: the message gives line and column.</exception>
    public static (LabelledImages Train, LabelledImages Test) Load(string path, int train, int test, string label = DefaultLabel)
    {
        ArgumentNullException.ThrowIfNull(path);
        Require.InRange(train, 1);
        Require.InRange(test, 0);
        var (features, names) = ReadAll(path, label);
        if ((long)train + test > names.Count)
            throw new ArgumentOutOfRangeException(nameof(train), train, $"train + test is {(long)train + test}, but {path} holds only {names.Count} rows.");
        string[] classes = [.. names.Distinct().Order(StringComparer.Ordinal)];
        int[] labels = [.. names.Select(name => Array.BinarySearch(classes, name, StringComparer.Ordinal))];
        var width = features[0].Length;
        var (means, scales) = Scaling(features, train, width);
        return (Part(0, train), Part(train, test));

        LabelledImages Part(int from, int count)
        {
            var values = new float[checked(count * width)];
            for (var i = 0; i < count; i++)
                for (var j = 0; j < width; j++) values[(i * width) + j] = (float)((features[from + i][j] - means[j]) * scales[j]);
            return new LabelledImages(values, labels[from..(from + count)], width, classes.Length);
        }
    }

    /// <summary>The number of rows of a file, every cell of which has been checked.</summary>
    internal static int Count(string path, string label) => ReadAll(path, label).Labels.Count;

    private static (List<double[]> Features, List<string> Labels) ReadAll(string path, string label)
    {
        try
        {
            return DataFile.Read(path, stream => Read(path, stream, label));
        }
        catch (MalformedLineException e)
        {
            throw new DataFileException(path, $"line {e.LineNumber} is not a line of comma-separated values: a quotation mark is out of place", e);
        }
    }

    private static (List<double[]> Features, List<string> Labels) Read(string path, Stream stream, string label)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        using var parser = new TextFieldParser(reader) { TextFieldType = FieldType.Delimited, Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        var header = parser.ReadFields() ?? throw new DataFileException(path, "it is empty; a header line was expected");
        var column = Array.IndexOf(header, label);
        if (column < 0) throw new DataFileException(path, $"it has no column '{label}'; its columns are {string.Join(", ", header)}");
        if (header.Length < 2) throw new DataFileException(path, "it has the label column alone; at least one feature was expected");
        var (features, labels) = (new List<double[]>(), new List<string>());
        while (!parser.EndOfData)
        {
            var line = parser.LineNumber;
            var cells = parser.ReadFields()!;
            if (cells.Length != header.Length) throw new DataFileException(path, $"line {line} has {cells.Length} cells; the header has {header.Length}");
            if (cells[column].Length == 0) throw new DataFileException(path, $"line {line}, column {label}: the label is missing");
            labels.Add(cells[column]);
            features.Add([.. Enumerable.Range(0, cells.Length).Where(j => j != column).Select(j => Number(path, line, header[j], cells[j]))]);
        }

        return features.Count > 0 ? (features, labels) : throw new DataFileException(path, "it has a header and no rows");
    }

    private static double Number(string path, long line, string column, string cell)
    {
        if (cell.Length == 0) throw new DataFileException(path, $"line {line}, column {column}: the cell is empty; a number was expected");
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)) return value;
        throw new DataFileException(path, $"line {line}, column {column}: '{cell}' is not a finite number");
    }

    private static (double[] Means, double[] Scales) Scaling(List<double[]> features, int rows, int width)
    {
        double[] means = new double[width], scales = new double[width];
        for (var j = 0; j < width; j++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var i = 0; i < rows; i++) sum += features[i][j];
            means[j] = sum / rows;
            for (var i = 0; i < rows; i++) squares += (features[i][j] - means[j]) * (features[i][j] - means[j]);
            scales[j] = squares > 0 ? 1 / Math.Sqrt(squares / rows) : 0;
        }

        return (means, scales);
    }
}
