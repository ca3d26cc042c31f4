using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Cli;

/// <summary>How long and how well a forecast of RMSProp was right, and what freezing its preconditioner costs.</summary>
internal static class RmsPropTable
{
    public static void Print(SeriesTable series)
    {
        double First(string column) => series[column][0];
        var (stepSize, sharpness) = (First(Columns.StepSize), First(Columns.EffectiveSharpness));
        MomentumTable.Say(
            $"RMSProp, step size {stepSize:G6}, reference after {First(Columns.Reference)} steps: eta S_eff / 2 = {stepSize * sharpness / 2:0.###} there, largest |u| = {series[Columns.Displacement].Max(Math.Abs):G3} in the metric of its preconditioner there, in {series.Rows - 1} steps."
        );
        MomentumTable.Say($"The jet cost {First(Columns.JetCost):F0} gradient-equivalents.");
        Console.WriteLine(CollocationLines.Path(First(Columns.TrustPath), First(Columns.PathCost)));
        var steps = Array.FindIndex(series.Array(Frozen(Columns.Loss)), double.IsNaN);
        if (steps >= 0)
            MomentumTable.Say($"The run with the preconditioner frozen diverges after {steps - 1} steps.");
        Print(series, "Forecast with it frozen against that run", Columns.FrozenForecast, Frozen);
        Print(series, "Forecast with it let go against the rule", Columns.JetForecast, column => column);
        Print(series, "The frozen run itself against the rule", Columns.Frozen, column => column);

        static string Frozen(string column) => Columns.Forecast(Columns.Frozen, column);
    }

    /// <summary>The errors of one path against another.</summary>
    private static void Print(SeriesTable series, string words, string forecast, Func<string, string> run)
    {
        var score = Score(series, forecast, run);
        MomentumTable.Say(
            $"{words}: mean error of S_eff {MomentumTable.Mean(score.Sharpness)}, u {MomentumTable.Mean(score.Displacement)} of its peak, L {MomentumTable.Mean(score.Loss)} of its range; S_eff is right to 10 % {MomentumTable.RightFor(score.Sharpness)}."
        );
    }

    /// <summary>The score of one path as a forecast of another, whose S is its effective sharpness.</summary>
    internal static ForecastScore Score(SeriesTable series, string forecast, Func<string, string> run)
    {
        const string name = Columns.JetForecast;
        (string, double[]) Both(string column, string source, Func<string, string> of) =>
            (column, series.Array(of(source)));
        string Forecast(string column) => Columns.Forecast(forecast, column);
        return ForecastScore.Of(
            SeriesTable.From([
                Both(Columns.Displacement, Columns.Displacement, run),
                Both(Columns.Loss, Columns.Loss, run),
                Both(Columns.Sharpness, Columns.EffectiveSharpness, run),
                Both(Columns.Forecast(name, Columns.Displacement), Columns.Displacement, Forecast),
                Both(Columns.Forecast(name, Columns.Loss), Columns.Loss, Forecast),
                Both(Columns.Forecast(name, Columns.Sharpness), Columns.EffectiveSharpness, Forecast),
                (Columns.Forecast(name, Columns.Validity), new double[series.Rows]),
            ]),
            name
        )!;
    }
}
