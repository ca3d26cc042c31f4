using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Records;

/// <summary>A forecast of stochastic descent and its runs as columns of a record.</summary>
internal static class StochasticSeries
{
    /// <summary>The columns, cut to the rows of the record.</summary>
    public static IEnumerable<(string Name, double[] Values)> Of(StochasticOutcome outcome, int rows)
    {
        var (forecast, runs) = (outcome.Forecast, outcome.Runs);
        foreach (
            var (quantity, drawn, run) in new[]
            {
                (Columns.Sharpness.Name, forecast.Sharpness, runs.Sharpness),
                (Columns.Displacement.Name, forecast.Displacement, runs.Displacement),
                (Columns.Loss.Name, forecast.Loss, runs.Loss),
            }
        )
        {
            StochasticBand band = StochasticBand.Of(drawn),
                real = StochasticBand.Of(run);
            var coverage = band.Coverage(run);
            yield return Cut(Columns.ForecastMean[quantity], band.Mean);
            yield return Cut(Columns.ForecastLower[quantity], band.Lower);
            yield return Cut(Columns.ForecastUpper[quantity], band.Upper);
            yield return Cut(Columns.BatchMean[quantity], real.Mean);
            yield return Cut(Columns.BatchLower[quantity], real.Lower);
            yield return Cut(Columns.BatchUpper[quantity], real.Upper);
            yield return Constant(Columns.Coverage[quantity], coverage.Share);
            yield return Constant(Columns.CoverageLower[quantity], coverage.Lower);
            yield return Constant(Columns.CoverageUpper[quantity], coverage.Upper);
        }

        var (gap, seed) = (outcome.Gap, rows);
        yield return Constant(Columns.ForecastsLost, forecast.Lost);
        yield return Constant(Columns.RunsLost, runs.Lost);
        yield return Constant(Columns.NoiseCost, outcome.NoiseCost);
        yield return Constant(Columns.GapLeading, gap?.Leading ?? double.NaN);
        yield return Constant(Columns.GapMap, gap?.Simulate(StochasticGap.DefaultSteps, seed).Simulated ?? double.NaN);
        double[] predicted = forecast.Gaps(outcome.StepSize),
            measured = runs.Gaps(outcome.StepSize);
        yield return Constant(Columns.GapForecast, predicted.Mean());
        yield return Constant(Columns.GapForecastError, predicted.StandardDeviation() / Math.Sqrt(predicted.Length));
        yield return Constant(Columns.GapRuns, measured.Mean());
        yield return Constant(Columns.GapRunsError, measured.StandardDeviation() / Math.Sqrt(measured.Length));

        (string, double[]) Cut(string name, double[] values) => (name, values[..rows]);
        (string, double[]) Constant(string name, double value) => (name, [.. Enumerable.Repeat(value, rows)]);
    }
}
