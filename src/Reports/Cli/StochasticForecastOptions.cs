using System.CommandLine;
using System.Globalization;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Viewing;

namespace FlatBias.Reports.Cli;

/// <summary>The options of flatbias forecast that are about minibatches, (4.19), and what it says of them.</summary>
internal sealed class StochasticForecastOptions
{
    private const string Samples = "samples",
        Gaussian = "gaussian";

    private readonly BatchOptions _batches = new(
        "also forecasts descent with minibatches of so many samples from the jet, and makes as many runs, (4.19); 0 for none"
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

    private readonly Option<string?> _sizes = new("--batch-sizes")
    {
        Description =
            "sizes separated by commas: one collocation jet forecasts descent with minibatches of each, (4.19), and how far from 2/eta they hold S, (4.20); --draws runs of each are made",
        HelpName = "sizes",
    };
    private readonly Option<int> _every = Options.Whole(
        "--measure-every",
        1,
        "with --batch-sizes: runs are measured at every n-th step; an odd number sees u on both sides of the floor"
    );
    private readonly Option<int> _onward = Options.Whole(
        "--onward",
        0,
        "with --batch-sizes: the first two runs of each size go on to this step, for the S at which they settle; 0 for none"
    );

    public IEnumerable<Option> All => [.. _batches.All, _draws, _noise, _sizes, _every, _onward];

    /// <summary>What is asked; null for nothing.</summary>
    public StochasticOptions? Read(ParseResult parsed)
    {
        foreach (var option in (Option[])[_every, _onward])
            if (parsed.GetResult(option) is { Implicit: false })
                throw new ArgumentException($"{option.Name} has no effect without --batch-sizes.");
        return _batches.Read(parsed, _draws, _noise) is { } batch ? Of(parsed, batch) : null;
    }

    /// <summary>Many batch sizes from one jet; null where they are not asked for.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="forecast">How the run gets to the jet.</param>
    /// <param name="excluded">Options that have no effect on a scan.</param>
    /// <exception cref="ArgumentException">The sizes cannot be read, or an option has no effect.</exception>
    public BatchScanPlan? ReadScan(ParseResult parsed, Func<ForecastPlan> forecast, params Option[] excluded)
    {
        if (parsed.GetValue(_sizes) is not { } text)
            return null;
        StepScanChoice.Exclude(parsed, _sizes, [_batches.Size, .. excluded]);
        return new BatchScanPlan(
            forecast(),
            [.. text.Split(',').Select(size => Of(parsed, _batches.Of(parsed, Size(size))))],
            parsed.GetValue(_every),
            parsed.GetValue(_onward)
        );

        int Size(string part) =>
            int.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out var size)
                ? size
                : throw new ArgumentException(
                    $"{_sizes.Name} is '{text}'; it must be whole numbers separated by commas, such as 75,25,7."
                );
    }

    private StochasticOptions Of(ParseResult parsed, BatchPlan batch) =>
        new(
            batch,
            parsed.GetValue(_draws),
            parsed.GetValue(_noise) == Samples ? BatchNoise.Samples : BatchNoise.Gaussian
        );

    public static void Print(SeriesTable series, StochasticOptions options)
    {
        double First(string column) => series[column][0];
        string Covered(Column quantity) =>
            string.Create(
                Printed.Numbers,
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

        static void Line(FormattableString line) => Console.WriteLine(line.ToString(Printed.Numbers));
    }
}
