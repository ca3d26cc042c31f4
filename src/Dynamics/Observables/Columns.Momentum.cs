namespace FlatBias.Dynamics.Observables;

/// <content>Heavy-ball descent beside its forecast, eq. (4.26).</content>
public static partial class Columns
{
    /// <summary>What the columns of the forecast by rod flow begin with.</summary>
    public const string RodForecast = "rod-flow";

    /// <summary>Those of a trial of heavy-ball descent, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> MomentumTrial =>
        [
            .. OfTheRun(Step, Displacement, Loss, Sharpness),
            .. OfMomentum(
                JetForecast,
                "(4.26)",
                "forecast of it; NaN from where the path leaves the model",
                "share of the last moment in the curvature along $v$ at the point forecast"
            ),
            .. OfMomentum(
                RodForecast,
                "(6.10)",
                "forecast of it by rod flow on the same model; NaN likewise",
                "the largest of that share, of the second over the first eigenvalue of $\\Sigma$ and, past the edge, of the share of the rod off $v$"
            ),
            JetCost,
            TrustPath with
            {
                Meaning = "largest relative difference of the two sharpnesses along the path forecast, in every row",
            },
            PathCost,
            StepSize with
            {
                Measured = "",
                Error = "",
            },
            Reference,
        ];

    private static IEnumerable<Column> OfMomentum(string prefix, string source, string meaning, string validity) =>
        [
            .. new[] { Displacement, Loss, Sharpness }.Select(column => new Column(Forecast(prefix, column), meaning)
            {
                Unit = column.Unit,
                Source = source,
            }),
            new Column(Forecast(prefix, Validity), validity) { Source = source },
        ];
}
