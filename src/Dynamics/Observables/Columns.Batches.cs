namespace FlatBias.Dynamics.Observables;

/// <content>A scan of batch sizes from one jet, eqs. (4.19), (4.20): a row is a measured step of a run.</content>
public static partial class Columns
{
    /// <summary>Those of a scan of batch sizes, in the order of the page.</summary>
    public static IReadOnlyList<DeclaredColumn> BatchScan =>
        [
            BatchSize,
            Draw,
            .. OfTheRun(Step, Loss, Displacement, Sharpness),
            ForecastMean,
            ForecastLower,
            ForecastUpper,
            ForecastsLost,
            GapLeading,
            GapMap,
            GapForecast,
            GapForecastError,
            NoiseCost,
            JetCost,
            TrustPath,
            PathCost,
            StepSize with
            {
                Measured = "",
                Error = "",
            },
            Reference,
        ];

    /// <summary>The minibatch of a run.</summary>
    public static Column BatchSize { get; } =
        new("batch_size", "samples of a minibatch") { Unit = "count", Source = "(4.19)" };

    /// <summary>Which run of a size.</summary>
    public static Column Draw { get; } =
        new("draw", "the run of that size, from 1; the first two may go on beyond the horizon of the forecast")
        {
            Unit = "count",
        };
}
