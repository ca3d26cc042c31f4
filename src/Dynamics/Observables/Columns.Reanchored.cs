namespace FlatBias.Dynamics.Observables;

/// <content>A long forecast by several jets, eq. (4.17).</content>
public static partial class Columns
{
    /// <summary>Those of a forecast by several jets, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> Reanchored =>
        [
            .. OfTheRun(Step, Loss, Sharpness),
            MeasurementForwardPasses,
            MeasurementGradients,
            MeasurementProducts,
            MeasurementCost,
            Anchor,
            OfJets(Loss, "forecast of the loss by the jet in use; NaN beyond the end of its path"),
            OfJets(Sharpness, "its forecast of the sharpness, likewise"),
            FirstSharpness,
            JetCost with
            {
                Meaning = "what a jet cost, in the first row that it forecasts; NaN in the others",
            },
            TrustPath with
            {
                Meaning =
                    "largest relative difference of the two sharpnesses along the part of the path that the jet was used for, in the same row",
            },
            PathCost with
            {
                Meaning = "what holding it against the surface cost until that part was found",
            },
            StepSize with
            {
                Measured = "",
                Error = "",
            },
            Reference,
        ];

    /// <summary>Where the jet in use was taken.</summary>
    public static Column Anchor { get; } =
        new("anchor", "the step at which the jet in use was taken, with the run known up to there")
        {
            Unit = "count",
            Source = "(4.17)",
        };

    /// <summary>What there would be without new jets.</summary>
    public static Column FirstSharpness { get; } =
        new(
            "first_sharpness",
            "forecast of the sharpness by the first jet alone, carried on over all steps; NaN beyond the end of its path"
        )
        {
            Unit = OrderTwo,
            Source = "(4.17)",
        };

    private static Column OfJets(Column column, string meaning) =>
        new(Forecast(JetForecast, column), meaning) { Unit = column.Unit, Source = "(4.17)" };
}
