using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Sweeps;

/// <summary>The columns of a sweep's table: one row a point.</summary>
internal static class SweepColumns
{
    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<DeclaredColumn> All =>
        [
            Point,
            Axis,
            Status,
            Error,
            Reason,
            Steps,
            Columns.Loss with
            {
                Meaning = "loss at the end",
                Measured = "",
                Error = "",
            },
            LargestLoss,
            InitialSharpness,
            Columns.Sharpness with
            {
                Meaning = @"$\lambda_1$ at the end",
                Measured = "",
                Error = "",
            },
            ForecastSharpness,
            ForecastLoss,
            ForecastValidity,
            Forecast,
            Coordinates,
            Columns.Coordinate with
            {
                Meaning = "the end point",
                Measured = "",
                Error = "",
                Runs = "",
            },
        ];

    public static Column Point { get; } = new("point", "index of the point in the sweep, from 0");

    /// <summary>An axis of steps or of sharpness must not collide with what was measured.</summary>
    public static KeyedColumn Axis { get; } =
        new("at_", "AXIS", "", "the point's value on that axis, dashes written as underscores");

    public static Column Status { get; } = new("status", "`Done`, `Diverged`, `Failed` or `NotRun`");

    public static Column Error { get; } = new("error", "the message of a point that failed");

    public static Column Reason { get; } = new("end_reason", "why the run ended");

    public static Column Steps { get; } = new("steps", "steps taken") { Unit = "count" };

    public static Column Cost { get; } =
        new("gradient_equivalents", "the cost of the training and its measurements") { Unit = "gradients" };

    public static Column LargestLoss { get; } =
        new("largest_loss", "largest loss on the way") { Unit = Columns.Loss.Unit };

    public static Column InitialSharpness { get; } =
        new("initial_sharpness", @"$\lambda_1$ at the start")
        {
            Unit = Columns.Sharpness.Unit,
            Source = Columns.Sharpness.Source,
        };

    public static Column ForecastSharpness { get; } =
        new("forecast_sharpness", "the sharpness of the end as the theory forecast it; NaN without one")
        {
            Unit = Columns.Sharpness.Unit,
        };

    public static Column ForecastLoss { get; } =
        new("forecast_loss", "the loss of the end as the theory forecast it") { Unit = Columns.Loss.Unit };

    public static Column ForecastValidity { get; } =
        new("forecast_validity", "the theory's own diagnostic, small against 1 while the forecast may be believed");

    public static Column Forecast { get; } = new("forecast", "1 where a theory was asked, else 0");

    /// <summary>Whether every sweep has a column, whatever it measures.</summary>
    public static bool IsShared(string name) =>
        new DeclaredColumn[] { Point, Axis, Status, Error, Reason, Steps }.Any(column => column.Covers(name));

    public static Column Coordinates { get; } =
        new("coordinates", "how many coordinates the end has") { Unit = "count" };
}
