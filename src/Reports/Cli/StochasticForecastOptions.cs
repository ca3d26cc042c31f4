using System.CommandLine;
using System.Globalization;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;

namespace FlatBias.Reports.Cli;

/// <summary>The options of flatbias forecast that are about minibatches, (4.19), and what it says of them.</summary>
internal sealed class StochasticForecastOptions
{
    private const string Samples = "samples",
        Gaussian = "gaussian";

    private readonly BatchOptions _batches = new(
        "also forecasts descent with minibatches of so many samples from the jet, and makes as many runs, (4.19); 0 for none",
        "--batch-seed"
    );
    private readonly Option<int> _draws = Options.Whole(
        "--draws",
        StochasticOptions.DefaultDraws,
        "forecasts and runs with minibatches, 2 to 1000"
    );
    private readonly Option<string> _noise = new Option<string>("--noise")
    {
        Description =
            "the noise of the forecast: of batches drawn, with the samples' own gradients over the swing; or normal with their covariance at the reference point, which is cheaper and too narrow",
        DefaultValueFactory = _ => Samples,
    }.AcceptOnlyFromAmong(Samples, Gaussian);

    public IEnumerable<Option> All => [.. _batches.All, _draws, _noise];

    /// <summary>What is asked; null for nothing.</summary>
    public StochasticOptions? Read(ParseResult parsed) =>
        _batches.Read(parsed, _draws, _noise) is { } batch
            ? new StochasticOptions(
                batch,
                parsed.GetValue(_draws),
                parsed.GetValue(_noise) == Samples ? BatchNoise.Samples : BatchNoise.Gaussian
            )
            : null;

    public static void Print(SeriesTable series, StochasticOptions options)
    {
        double First(string column) => series[column][0];
        string Covered(Column quantity) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{First(Columns.Coverage[quantity]):P0} ({First(Columns.CoverageLower[quantity]):P0} to {First(Columns.CoverageUpper[quantity]):P0})"
            );
        var error = series[Columns.ForecastMean[Columns.Sharpness]]
            .Zip(series[Columns.BatchMean[Columns.Sharpness]], (forecast, run) => Math.Abs((forecast - run) / run))
            .Average();
        Console.WriteLine();
        Line(
            $"Minibatches of {options.Batch.Size}: {options.Draws} forecasts against as many runs, for {First(Columns.NoiseCost):F0} gradient-equivalents beyond the jet; {First(Columns.ForecastsLost)} forecasts and {First(Columns.RunsLost)} runs are lost on the way."
        );
        Line(
            $"The 90 % band of the forecast holds of the runs' steps, with 95 % intervals over the runs: S {Covered(Columns.Sharpness)}, u {Covered(Columns.Displacement)}, L {Covered(Columns.Loss)}. The mean S is off by {error:P2} on average."
        );
        Line(
            $"S - 2/eta over the second half: {First(Columns.GapForecast):G3} +- {First(Columns.GapForecastError):G2} forecast, {First(Columns.GapRuns):G3} +- {First(Columns.GapRunsError):G2} in the runs; stationary by the reduced map (4.20) {First(Columns.GapMap):G3}, its first term {First(Columns.GapLeading):G3}."
        );

        static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
