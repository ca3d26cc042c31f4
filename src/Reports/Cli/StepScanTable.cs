using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>One line a step size: what one jet said of it, and what its run did.</summary>
internal static class StepScanTable
{
    public static void Print(SeriesTable series, int horizon)
    {
        Say(
            $"One jet after {series[Columns.Reference][0]} steps, eta S / 2 = 1 at step size {2 * series[Columns.StepSize][0] / series[Columns.Push][0]:G6}; it cost {series[Columns.JetCost][0]:F0} gradient-equivalents and looked at the surface from u = {series[Columns.SwingLow][0]:G3} to {series[Columns.SwingHigh][0]:G3}."
        );
        Say(
            $"No forecast stands where the jet's model leaves that swing: it ends there, and says nothing of divergence. The largest safe step size is not forecast."
        );
        Console.WriteLine();
        Console.WriteLine($"{"", 18}{"peak loss", 22}{"lowest S", 22}{"S at the end", 22}");
        Console.WriteLine(
            $"{"push", 8}{"step size", 10}{"forecast", 12}{"run", 10}{"forecast", 12}{"run", 10}{"forecast", 12}{"run", 10}"
        );
        for (var row = 0; row < series.Rows; row++)
            Console.WriteLine(Line(series, row, horizon));
    }

    private static string Line(SeriesTable series, int row, int horizon)
    {
        double At(string column) => series[column][row];
        double Forecast(string column) => At(Columns.Forecast(Columns.JetForecast, column));
        string Pair(Column column) =>
            string.Create(Printed.Numbers, $"{Number(Forecast(column)), 12}{Number(At(column)), 10}");
        var ends = Forecast(Columns.StepsMade) < horizon ? $"  model ends after {Forecast(Columns.StepsMade)}" : "";
        var diverged = At(Columns.StepsMade) < horizon ? $"  run diverges after {At(Columns.StepsMade)}" : "";
        return string.Create(
            Printed.Numbers,
            $"{At(Columns.Push), 8:F3}{At(Columns.StepSize), 10:G5}{Pair(Columns.PeakLoss)}{Pair(Columns.LowestSharpness)}{Pair(Columns.FinalSharpness)}{ends}{diverged}"
        );
    }

    private static string Number(double value) => double.IsNaN(value) ? "-" : Printed.Text(value, "G5");

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(Printed.Numbers));
}
