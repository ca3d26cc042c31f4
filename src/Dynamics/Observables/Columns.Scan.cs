namespace FlatBias.Dynamics.Observables;

/// <content>A scan of step sizes from one jet, eq. (4.21): a row is a run.</content>
public static partial class Columns
{
    /// <summary>What stands before the columns that a jet alone forecasts, whatever theories there are.</summary>
    public const string JetForecast = "forecast";

    /// <summary>Those of a scan, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> StepScan =>
        [
            StepSize with
            {
                Measured = "",
                Error = "",
            },
            Push,
            PeakLoss,
            LowestSharpness,
            FinalSharpness,
            PeakDisplacement,
            StepsMade,
            OfScan(PeakLoss, "forecast of it; NaN where the model's path leaves the swing that it was measured over"),
            OfScan(LowestSharpness, "forecast of it, likewise"),
            OfScan(FinalSharpness, "forecast of it, likewise"),
            OfScan(PeakDisplacement, "forecast of it, likewise"),
            OfScan(
                StepsMade,
                "steps for which the model's path stays finite and within a tenth beyond that swing; fewer than the horizon is no forecast, of divergence neither"
            ),
            Reference,
            JetCost,
            SwingLow,
            SwingHigh,
            SwingTurning,
        ];

    /// <summary>eta S at the reference point.</summary>
    public static Column Push { get; } =
        new("push", @"$\eta S$ with the sharpness of the reference point, of which 2 is the edge")
        {
            Source = "(4.21)",
        };

    /// <summary>The largest loss of a run.</summary>
    public static Column PeakLoss { get; } =
        new("peak_loss", "largest loss of the run; NaN where it diverged within the horizon")
        {
            Label = "largest loss",
            Unit = "loss units",
            Source = "(4.21)",
        };

    /// <summary>The lowest sharpness of a run.</summary>
    public static Column LowestSharpness { get; } =
        new("lowest_sharpness", "lowest sharpness of the run, likewise")
        {
            Label = "lowest sharpness",
            Unit = OrderTwo,
            Source = "(4.21)",
        };

    /// <summary>The sharpness that a run leaves.</summary>
    public static Column FinalSharpness { get; } =
        new("final_sharpness", "sharpness at the end of the run, the mean of the last two steps, likewise")
        {
            Label = "sharpness at the end",
            Unit = OrderTwo,
            Source = "(4.21)",
        };

    /// <summary>The largest excursion of a run.</summary>
    public static Column PeakDisplacement { get; } =
        new("peak_displacement", @"largest $\lvert u \rvert$ of the run, likewise")
        {
            Unit = "length",
            Source = "(4.21)",
        };

    /// <summary>How far a run came.</summary>
    public static Column StepsMade { get; } =
        new("steps_made", "steps after which the run was still finite: the horizon, unless it diverged")
        {
            Unit = "count",
        };

    private static Column OfScan(Column column, string meaning) =>
        new(Forecast(JetForecast, column), meaning) { Unit = column.Unit, Source = "(4.21)" };
}
