namespace FlatBias.Dynamics.Observables;

/// <content>Stochastic descent from the reference point of a trial beside its forecast, (4.19), (4.20).</content>
public static partial class Columns
{
    private const string Minibatches = "`flatbias forecast --batch-size`",
        Quantity = "QUANTITY";

    /// <summary>All of them, in the order of the page.</summary>
    private static IReadOnlyList<DeclaredColumn> Stochastic =>
        [
            ForecastMean,
            ForecastLower,
            ForecastUpper,
            BatchMean,
            BatchLower,
            BatchUpper,
            Coverage,
            CoverageLower,
            CoverageUpper,
            ForecastsLost,
            RunsLost,
            NoiseCost,
            GapLeading,
            GapMap,
            GapForecast,
            GapForecastError,
            GapRuns,
            GapRunsError,
        ];

    /// <summary>The mean over the draws of the forecast.</summary>
    public static KeyedColumn ForecastMean { get; } =
        Drawn(
            "_forecast_mean",
            "mean over the draws of a forecast of stochastic descent, of `sharpness`, `displacement` or `loss` on the full batch"
        );

    /// <summary>The lower end of their 90 % band.</summary>
    public static KeyedColumn ForecastLower { get; } = Drawn("_forecast_lower", "lower end of their 90 % band");

    /// <summary>The upper end.</summary>
    public static KeyedColumn ForecastUpper { get; } = Drawn("_forecast_upper", "its upper end");

    /// <summary>The mean over the runs.</summary>
    public static KeyedColumn BatchMean { get; } = Drawn("_batch_mean", "mean over as many runs with minibatches");

    /// <summary>The lower end of their 90 % band.</summary>
    public static KeyedColumn BatchLower { get; } = Drawn("_batch_lower", "lower end of their 90 % band");

    /// <summary>The upper end.</summary>
    public static KeyedColumn BatchUpper { get; } = Drawn("_batch_upper", "its upper end");

    /// <summary>The share of the runs' steps in the forecast's band.</summary>
    public static KeyedColumn Coverage { get; } =
        Drawn(
            "_coverage",
            "share of the runs' steps, the first excepted, in the band of the forecast, in every row"
        ) with
        {
            Range = "0 to 1",
        };

    /// <summary>The lower end of its interval.</summary>
    public static KeyedColumn CoverageLower { get; } =
        Drawn("_coverage_lower", "lower end of its 95 % interval over the runs, in every row");

    /// <summary>The upper end.</summary>
    public static KeyedColumn CoverageUpper { get; } = Drawn("_coverage_upper", "its upper end");

    /// <summary>Draws of the forecast that did not come to the end.</summary>
    public static Column ForecastsLost { get; } =
        OfBatches(
            "forecasts_lost",
            "draws of the forecast that left the finite numbers, in every row",
            "count",
            "(4.19)"
        );

    /// <summary>Runs that did not come to the end.</summary>
    public static Column RunsLost { get; } =
        OfBatches("runs_lost", "runs with minibatches that did, in every row", "count", "(4.19)");

    /// <summary>What the samples' gradients cost.</summary>
    public static Column NoiseCost { get; } =
        OfBatches(
            "noise_cost",
            "what the samples' gradients at the nodes cost, not counted with the jet",
            "gradient-equivalents",
            "(4.19)"
        );

    /// <summary>The first term of the stochastic gap.</summary>
    public static Column GapLeading { get; } =
        OfBatches(
            "gap_leading",
            @"$-\eta \beta s^2 / (4 \alpha)$ from the jet and the noise along $v_1$, in every row; NaN where the jet has none"
        );

    /// <summary>The gap of the map with noise.</summary>
    public static Column GapMap { get; } =
        OfBatches("gap_map", @"stationary mean of $S - 2/\eta$ of the reduced map with that noise, likewise");

    /// <summary>The gap of the forecast.</summary>
    public static Column GapForecast { get; } =
        OfBatches(
            "gap_forecast",
            @"mean of $S - 2/\eta$ over the second half of the steps and the draws of the forecast, in every row"
        );

    /// <summary>Its standard error.</summary>
    public static Column GapForecastError { get; } =
        OfBatches("gap_forecast_error", "its standard error over the draws");

    /// <summary>The gap of the runs.</summary>
    public static Column GapRuns { get; } = OfBatches("gap_batch", "the same of the runs with minibatches");

    /// <summary>Its standard error.</summary>
    public static Column GapRunsError { get; } = OfBatches("gap_batch_error", "its standard error over the runs");

    private static KeyedColumn Drawn(string name, string meaning) =>
        new("", Quantity, name, meaning) { Source = "(4.19)", Runs = Minibatches };

    private static Column OfBatches(string name, string meaning, string unit = OrderTwo, string source = "(4.20)") =>
        new(name, meaning)
        {
            Unit = unit,
            Source = source,
            Runs = Minibatches,
        };
}
