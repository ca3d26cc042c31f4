using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>
/// One line a theory, those right for longest first: how long it was right, how wrong it was on average, its error of S in predictability limits (4.18)
/// where that was measured, what it says of itself; then one line of those that declined, and why.
/// </summary>
internal static class ForecastTable
{
    public static void Print(
        SeriesTable series,
        IReadOnlyList<string> theories,
        SortedDictionary<string, string>? declined
    )
    {
        var limited = series.Names.Contains(Columns.Predictability);
        var width = Math.Max(26, theories.Max(theory => theory.Length) + 1);
        Console.WriteLine();
        var steps = series.Rows - 1;
        // The numbers of steps stand in columns as wide as the longest, with a gap.
        var column = Math.Max(5, $"{steps}".Length + 1);
        Console.WriteLine($"{$"right for, of {steps} steps".PadLeft(width + (3 * column))}{"mean error of", 18}");
        Console.WriteLine(
            $"{"theory".PadRight(width)}{"S".PadLeft(column)}{"u".PadLeft(column)}{"L".PadLeft(column)}{"S", 10}{(limited ? $"{"S/limit", 9}" : "")}{"u", 10}{"turn", 9}  validity at the end"
        );
        var scores = theories.Select(theory => ForecastScore.Of(series, theory)).OfType<ForecastScore>().ToArray();
        foreach (var score in scores.OrderByDescending(WrongFrom).ThenBy(MeanError))
            Console.WriteLine(Line(series, score, width, column));
        string[] silent = [.. theories.Except(scores.Select(score => score.Theory))];
        if (silent.Length > 0)
            Console.WriteLine($"{silent.Length} of {theories.Count} declined: {Reasons(silent, declined)}");
    }

    private static int WrongFrom(ForecastScore score) => ForecastScore.WrongFrom(score.Sharpness);

    // A mean that is no number is worse than any.
    private static double MeanError(ForecastScore score) =>
        score.Sharpness.Length > 0 && score.Sharpness.Average() is var mean && double.IsFinite(mean)
            ? mean
            : double.PositiveInfinity;

    private static string Reasons(string[] silent, SortedDictionary<string, string>? declined) =>
        string.Join(
            "; ",
            silent
                .GroupBy(theory => declined?.GetValueOrDefault(theory))
                .Select(group => $"{group.Key} ({string.Join(", ", group)})")
        );

    private static string Line(SeriesTable series, ForecastScore score, int width, int column)
    {
        var limit = series.Names.Contains(Columns.Predictability)
            ? $"{Multiple(score.Sharpness, series[Columns.Predictability][0]), 9}"
            : "";
        return string.Create(
            Printed.Numbers,
            $"{score.Theory.PadRight(width)}{RightFor(score.Sharpness, column)}{RightFor(score.Displacement, column)}{RightFor(score.Loss, column)}{Mean(score.Sharpness, "P2"), 10}{limit}{Mean(score.Displacement, "P1"), 10}{Mean(score.Rotation, "0.00°"), 9}  {score.Validity[^1]:0.0e+0}"
        );
    }

    // A forecast that is wrong from a step on was right for the steps before it, of which the first is the reference.
    private static string RightFor(double[] errors, int column) =>
        (errors.Length == 0 ? "-" : $"{Math.Max(0, ForecastScore.WrongFrom(errors) - 1)}").PadLeft(column);

    private static string Multiple(double[] errors, double limit) =>
        errors.Length > 0 && limit > 0 && errors.Average() / limit is var multiple && multiple < 1e6
            ? Printed.Text(multiple, "0.#")
            : "-";

    private static string Mean(double[] errors, string format) =>
        errors.Length == 0 ? "-"
        : errors.Average() is var mean && double.IsFinite(mean) && mean < 100 ? Printed.Text(mean, format)
        : "lost";
}
