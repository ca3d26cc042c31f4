using System.Globalization;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;

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
        Console.WriteLine($"{"right until step".PadLeft(width + 10)}{"mean error of", 28}");
        Console.WriteLine(
            $"{"theory".PadRight(width)}{"S", 5}{"u", 5}{"L", 5}{"S", 10}{(limited ? $"{"S/limit", 9}" : "")}{"u", 9}{"turn", 9}  validity at the end"
        );
        var scores = theories.Select(theory => ForecastScore.Of(series, theory)).OfType<ForecastScore>().ToArray();
        foreach (var score in scores.OrderByDescending(RightFor).ThenBy(MeanError))
            Console.WriteLine(Line(series, score, width));
        string[] silent = [.. theories.Except(scores.Select(score => score.Theory))];
        if (silent.Length > 0)
            Console.WriteLine($"{silent.Length} of {theories.Count} declined: {Reasons(silent, declined)}");
    }

    private static int RightFor(ForecastScore score) => ForecastScore.WrongFrom(score.Sharpness);

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

    private static string Line(SeriesTable series, ForecastScore score, int width)
    {
        var limit = series.Names.Contains(Columns.Predictability)
            ? $"{Multiple(score.Sharpness, series[Columns.Predictability][0]), 9}"
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{score.Theory.PadRight(width)}{Until(score.Sharpness), 5}{Until(score.Displacement), 5}{Until(score.Loss), 5}{Mean(score.Sharpness, "P2"), 10}{limit}{Mean(score.Displacement, "P1"), 9}{Mean(score.Rotation, "0.00°"), 9}  {score.Validity[^1]:0.0e+0}"
        );
    }

    private static string Until(double[] errors) =>
        errors.Length == 0 ? "-"
        : ForecastScore.WrongFrom(errors) is var step && step == errors.Length ? "end"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, step - 1)}");

    private static string Multiple(double[] errors, double limit) =>
        errors.Length > 0 && limit > 0 && errors.Average() / limit is var multiple && multiple < 1e6
            ? multiple.ToString("0.#", CultureInfo.InvariantCulture)
            : "-";

    private static string Mean(double[] errors, string format) =>
        errors.Length == 0 ? "-"
        : errors.Average() is var mean && double.IsFinite(mean) && mean < 100
            ? mean.ToString(format, CultureInfo.InvariantCulture)
        : "lost";
}
