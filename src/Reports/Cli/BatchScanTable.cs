using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;
using FlatBias.Reports.Viewing;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Cli;

/// <summary>One line a batch size: how much of the runs the forecast's band holds, and how far from 2/eta they hold S.</summary>
internal static class BatchScanTable
{
    public static void Print(SeriesTable series, BatchScanPlan plan)
    {
        double First(string column) => series[column][0];
        Say(
            $"One jet after {First(Columns.Reference)} steps, step size {First(Columns.StepSize):G6}; it cost {First(Columns.JetCost):F0} gradient-equivalents, the samples' noise {First(Columns.NoiseCost):F0}. Without minibatches:"
        );
        Console.WriteLine(CollocationLines.Path(First(Columns.TrustPath), First(Columns.PathCost)));
        Say(
            $"The 90 % band of the forecast holds so much of the runs' measured steps, with the binomial interval of as many trials as there are runs. S - 2/eta is over the second half of the {plan.Forecast.Horizon} steps{(plan.Onward > 0 ? $", settled over that of {plan.Onward}" : "")}; stationary is what (4.20) has."
        );
        Console.WriteLine();
        Console.WriteLine($"{"", 6}{"S in the band", 20}{"u", 6}{"L", 6}{"error of", 11}{"S - 2/eta", 22}");
        Console.WriteLine(
            $"{"batch", 6}{"", 32}{"mean S", 11}{"forecast", 10}{"runs", 9}{"settled", 9}{"stationary", 12}"
        );
        foreach (var size in BatchSizeRows.Of(series, plan))
        {
            var covered = size.Covered(Columns.Sharpness);
            var interval = QuantityKind.ShareOf((int)Math.Round(covered.Sum()), covered.Length);
            Say(
                $"{size.Size, 6}{$"{covered.Mean():P0} ({interval.Low:P0} to {interval.High:P0})", 20}{size.Covered(Columns.Displacement).Mean(), 6:P0}{size.Covered(Columns.Loss).Mean(), 6:P0}{size.MeanError, 11:P2}{Number(size.Constant(Columns.GapForecast)), 10}{Number(size.Gap), 9}{Number(size.Settled), 9}{Number(size.Constant(Columns.GapMap)), 12}"
            );
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "-" : Printed.Text(value, "G3");

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(Printed.Numbers));
}
