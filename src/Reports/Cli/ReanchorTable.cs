using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>One line a jet: where it was taken, what it cost, how long it was used and how wrong it was; then all of them.</summary>
internal static class ReanchorTable
{
    public static void Print(SeriesTable series)
    {
        double[] errors = [.. Enumerable.Range(0, series.Rows).Select(Error)];
        Say(
            $"Each line is a forecast from the step named, with the run known up to there; step size {series[Columns.StepSize][0]:G6}, step 0 after {series[Columns.Reference][0]} steps."
        );
        Console.WriteLine();
        Console.WriteLine($"{"", 18}{"cost", 15}{"", 10}{"error of S", 20}");
        Console.WriteLine($"{"jet at", 8}{"steps", 10}{"jet", 8}{"check", 7}{"e_S", 10}{"mean", 10}{"largest", 10}");
        var anchors = series[Columns.Anchor];
        foreach (var rows in Enumerable.Range(0, series.Rows).GroupBy(row => anchors[row]))
        {
            var first = rows.First();
            // The first row of all is where the first jet was taken: nothing is forecast there.
            int[] forecast = [.. rows.Where(row => row > 0)];
            Say(
                $"{anchors[first], 8}{forecast.Length, 10}{series[Columns.JetCost][first], 8:F0}{series[Columns.PathCost][first], 7:F0}{series[Columns.TrustPath][first], 10:P2}{forecast.Average(row => errors[row]), 10:P2}{forecast.Max(row => errors[row]), 10:P2}"
            );
        }

        var steps = series.Rows - 1;
        double jets = Sum(Columns.JetCost),
            checks = Sum(Columns.PathCost);
        Console.WriteLine();
        Say(
            $"{steps} steps, S off by {errors.Skip(1).Average():P2} on average and {errors.Max():P2} at most; {(jets + checks) / steps:F1} gradient-equivalents a step ({jets / steps:F1} for jets, {checks / steps:F1} for holding them against the surface) beside {series[Columns.MeasurementCost].Average():F1} for measuring S at every step."
        );

        double Sum(string column) => series[column].Where(double.IsFinite).Sum();

        double Error(int row) =>
            Math.Abs(
                (series[Columns.Forecast(Columns.JetForecast, Columns.Sharpness)][row] / series[Columns.Sharpness][row])
                    - 1
            );
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(Printed.Numbers));
}
