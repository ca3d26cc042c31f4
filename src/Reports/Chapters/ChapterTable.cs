using FlatBias.Reports.Claims;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Chapters;

/// <summary>A table of what a chapter found.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Heads">The heads of its columns; the first names the rows, the others are of numbers.</param>
/// <param name="Rows">The rows.</param>
internal sealed record ChapterTable(
    string Title,
    IReadOnlyList<string> Heads,
    IReadOnlyList<IReadOnlyList<string>> Rows
)
{
    /// <summary>A table with a row for each of some things.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="things">What the things are: the head of the column of their names.</param>
    /// <param name="rows">The things.</param>
    /// <param name="name">The name of one.</param>
    /// <param name="columns">The other columns: the head, and what stands below it for a thing.</param>
    public static ChapterTable Of<T>(
        string title,
        string things,
        IEnumerable<T> rows,
        Func<T, string> name,
        params (string Head, Func<T, string> Cell)[] columns
    ) =>
        new(
            title,
            [things, .. columns.Select(column => column.Head)],
            [.. rows.Select(row => (string[])[name(row), .. columns.Select(column => column.Cell(row))])]
        );

    /// <summary>A number in a cell; a dash where there is none, and ∞ for what is lost.</summary>
    public static string Number(double value) =>
        double.IsNaN(value) ? "–"
        : double.IsInfinity(value) ? "∞"
        : Claim.Format(value);

    /// <summary>The median of several numbers with the smallest and the largest, at two digits; of those that are numbers, and a dash where none is.</summary>
    public static string Spread(IEnumerable<double> values)
    {
        double[] numbers = [.. values.Where(value => !double.IsNaN(value))];
        return numbers.Length switch
        {
            0 => "–",
            1 => Number(numbers[0]),
            _ =>
                $"{Short(Middle(numbers))}\n({Short(numbers.Min())}{(numbers.Min() < 0 ? " to " : "–")}{Short(numbers.Max())})",
        };
    }

    // The mean of two infinite numbers in the middle would be none.
    private static double Middle(double[] numbers) =>
        numbers.Median() is var median && double.IsNaN(median) ? double.PositiveInfinity : median;

    private static string Short(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return Number(value);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 1);
        return Number(Math.Round(value / unit) * unit);
    }
}
