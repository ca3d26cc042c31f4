using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Records;

/// <summary>The columns of a grid: one row a run, its end alone.</summary>
internal static class GridColumns
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> All =>
        [
            Value,
            Columns.StepSize with
            {
                Meaning = @"$\eta$ of the run",
                Measured = "",
                Error = "",
            },
            Start,
            Reason,
            Steps,
            InitialSharpness,
            Columns.Loss with
            {
                Meaning = "loss at the end, infinite or NaN where the run overflowed",
                Measured = "",
                Error = "",
            },
            Columns.Sharpness with
            {
                Meaning = @"$\lambda_1$ at the end; NaN for a run that diverged",
                Measured = "",
                Error = "",
            },
            Columns.Coordinate with
            {
                Meaning = "the end point",
                Measured = "",
                Error = "",
                Runs = "",
            },
        ];

    public static Column Value { get; } =
        new("value", "index of the parameter's value, from 0; always 0 without a parameter axis");

    public static Column Start { get; } = new("start", "index of the start, from 0; the starts are in the manifest");

    public static Column Reason { get; } =
        new(
            "reason",
            @"why it ended: 0 all steps taken, 1 converged ($\lvert g \rvert$ at most the tolerance), 2 diverged, "
                + "3 cancelled, 4 the loss reached its target"
        );

    public static Column Steps { get; } = new("steps", "steps taken") { Unit = "count" };

    public static Column InitialSharpness { get; } =
        new("initial_sharpness", @"$\lambda_1$ at the start")
        {
            Unit = Columns.Sharpness.Unit,
            Source = Columns.Sharpness.Source,
        };
}
