namespace FlatBias.Dynamics.Observables;

/// <content>RMSProp beside its forecast, eqs. (4.27), (4.28).</content>
public static partial class Columns
{
    /// <summary>What the columns of the run whose preconditioner is frozen begin with.</summary>
    public const string Frozen = "frozen";

    /// <summary>What the columns of the forecast of that run begin with.</summary>
    public const string FrozenForecast = "frozen_forecast";

    /// <summary>Those of a trial of RMSProp, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> RmsPropTrial =>
        [
            .. OfTheRun(Step),
            Displacement with
            {
                Meaning =
                    @"$u = v \cdot P_0^{1/2} (\theta - \theta_0)$, with $P_0$ the preconditioner at the reference point",
            },
            .. OfTheRun(Loss),
            EffectiveSharpness with
            {
                Meaning = @"$\lambda_{\max}(P^{-1/2} H P^{-1/2})$ with the $P$ that the rule has at this step",
                Runs = "",
                Measured = "",
                Error = "",
            },
            .. OfRmsProp(JetForecast, "(4.28)", "forecast of it; NaN from where the path leaves the model"),
            .. OfRmsProp(Frozen, "(4.27)", "of the run whose preconditioner stays $P_0$; NaN from where it diverges"),
            .. OfRmsProp(FrozenForecast, "(4.27)", "forecast of that; NaN from where the path leaves the model"),
            JetCost,
            TrustPath with
            {
                Meaning =
                    "largest relative difference of the two sharpnesses along the path forecast for the rule, both with $P_0$, in every row",
            },
            PathCost,
            StepSize with
            {
                Measured = "",
                Error = "",
            },
            Reference,
        ];

    private static IEnumerable<Column> OfRmsProp(string prefix, string source, string meaning) =>
        new[] { Displacement, Loss, EffectiveSharpness }.Select(column => new Column(Forecast(prefix, column), meaning)
        {
            Unit = column.Unit,
            Source = source,
        });
}
