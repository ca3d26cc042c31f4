namespace FlatBias.Dynamics.Observables;

/// <content>Heavy-ball descent beside its forecast, eq. (4.26).</content>
public static partial class Columns
{
    /// <summary>Those of a trial of heavy-ball descent, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> MomentumTrial =>
        [
            .. OfTheRun(Step, Displacement, Loss, Sharpness),
            OfMomentum(Displacement, "forecast of it; NaN from where the path leaves the model"),
            OfMomentum(Loss, "forecast of it, likewise"),
            OfMomentum(Sharpness, "forecast of it, likewise"),
            new Column(
                Forecast(JetForecast, Validity),
                "share of the last moment in the curvature along $v$ at the point forecast"
            )
            {
                Source = "(4.26)",
            },
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

    private static Column OfMomentum(Column column, string meaning) =>
        new(Forecast(JetForecast, column), meaning) { Unit = column.Unit, Source = "(4.26)" };
}
