using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>How long and how well a forecast of heavy-ball descent was right.</summary>
internal static class MomentumTable
{
    // Up to here forecasts held on all networks tried.
    private const double Domain = 0.5;

    public static void Print(SeriesTable series, double decay)
    {
        double First(string column) => series[column][0];
        Say(
            $"Heavy ball, b = {decay}, step size {First(Columns.StepSize):G6}, reference after {First(Columns.Reference)} steps: eta S / (2 (1 + b)) = {First(Columns.StepSize) * First(Columns.Sharpness) / (2 * (1 + decay)):0.###} there, largest |u| = {series[Columns.Displacement].Max(Math.Abs):0.###} in {series.Rows - 1} steps."
        );
        Say($"The jet cost {First(Columns.JetCost):F0} gradient-equivalents.");
        Console.WriteLine(CollocationLines.Path(First(Columns.TrustPath), First(Columns.PathCost)));
        if (decay > Domain)
            Say(
                $"With b above {Domain} forecasts of networks were off by several per cent of S and more, also where this check passed, (4.26)."
            );
        Scored("Mean error", Columns.JetForecast);
        if (series.Has(Columns.Forecast(Columns.RodForecast, Columns.Validity)))
            Scored("Rod flow (6.10) on the same model", Columns.RodForecast);

        void Scored(string what, string theory)
        {
            var score = ForecastScore.Of(series, theory)!;
            Say(
                $"{what}: S {Mean(score.Sharpness)}, u {Mean(score.Displacement)} of its peak, L {Mean(score.Loss)} of its range; S is right to 10 % {RightFor(score.Sharpness)}."
            );
        }
    }

    internal static string RightFor(double[] errors) =>
        string.Create(
            Printed.Numbers,
            $"for {Math.Max(0, ForecastScore.WrongFrom(errors) - 1)} of {errors.Length - 1} steps"
        );

    internal static string Mean(double[] errors) =>
        errors.Average() is var mean && double.IsFinite(mean) && mean < 100 ? Printed.Text(mean, "P2") : "lost";

    internal static void Say(FormattableString text) => Console.WriteLine(text.ToString(Printed.Numbers));
}
