using FlatBias.Dynamics.Observables;
using FlatBias.NeuralValidation.Training;

namespace FlatBias.Reports.Records;

/// <summary>The rows of one batch size in a record of <see cref="BatchScanSpec"/>, and what they say.</summary>
internal sealed class BatchSizeRows
{
    private readonly SeriesTable _series;
    private readonly BatchScanPlan _plan;
    private readonly int[][] _runs;

    private BatchSizeRows(SeriesTable series, BatchScanPlan plan, int size, int draws, IEnumerable<int> rows)
    {
        (_series, _plan, Size) = (series, plan, size);
        var byRun = rows.ToLookup(row => (int)series[Columns.Draw][row]);
        // A run that was lost at once has no rows, and is one of them all the same.
        _runs = [.. Enumerable.Range(1, draws).Select(draw => byRun[draw].ToArray())];
        Edge = 2 / series[Columns.StepSize][0];
    }

    /// <summary>Samples of a minibatch.</summary>
    public int Size { get; }

    /// <summary>2/eta.</summary>
    public double Edge { get; }

    /// <summary>The number of runs.</summary>
    public int Draws => _runs.Length;

    /// <summary>The rows of each run.</summary>
    public IReadOnlyList<int[]> Runs => _runs;

    /// <summary>The rows of the run that was measured most often within the horizon.</summary>
    public int[] Longest => [.. _runs.Select(run => run.Where(IsForecast).ToArray()).MaxBy(run => run.Length)!];

    /// <summary>The sizes in the order of the plan.</summary>
    public static BatchSizeRows[] Of(SeriesTable series, BatchScanPlan plan)
    {
        var rows = Enumerable.Range(0, series.Rows).ToLookup(row => (int)series[Columns.BatchSize][row]);
        return
        [
            .. plan.Batches.Select(b => new BatchSizeRows(series, plan, b.Batch.Size, b.Draws, rows[b.Batch.Size])),
        ];
    }

    /// <summary>Whether a row is within the horizon.</summary>
    public bool IsForecast(int row) => At(row) <= _plan.Forecast.Horizon;

    /// <summary>A column in some rows.</summary>
    public double[] Of(IEnumerable<int> rows, string column) => [.. rows.Select(row => _series[column][row])];

    /// <summary>A number that all rows of the size share; NaN where it has none.</summary>
    public double Constant(string column) =>
        _runs.SelectMany(run => run).Select(row => _series[column][row]).FirstOrDefault(double.NaN);

    /// <summary>
    /// For each run the share of its measured steps after the first, up to the horizon, at which a quantity is in the band
    /// of the forecast. A step that a run did not come to is outside.
    /// </summary>
    public double[] Covered(string quantity)
    {
        var (horizon, every) = (_plan.Forecast.Horizon, _plan.Every);
        double measured = (horizon + every - 1) / every;
        return [.. _runs.Select(run => run.Count(row => At(row) > 0 && IsForecast(row) && Holds(row)) / measured)];

        bool Holds(int row) =>
            _series[quantity][row] >= _series[Columns.ForecastLower[quantity]][row]
            && _series[quantity][row] <= _series[Columns.ForecastUpper[quantity]][row];
    }

    /// <summary>The mean over the measured steps of the relative error of the forecast mean of S against that of the runs.</summary>
    public double MeanError =>
        _runs
            .SelectMany(run => run)
            .Where(row => At(row) > 0 && IsForecast(row))
            .GroupBy(At)
            .Select(step =>
                Math.Abs(
                    (
                        _series[Columns.ForecastMean[Columns.Sharpness]][step.First()]
                        / step.Average(row => _series[Columns.Sharpness][row])
                    ) - 1
                )
            )
            .DefaultIfEmpty(double.NaN)
            .Average();

    /// <summary>S - 2/eta of the runs over the second half of the horizon.</summary>
    public double Gap => MeanGap(_plan.Forecast.Horizon / 2, _plan.Forecast.Horizon);

    /// <summary>The same of the runs that go on, over the second half of all their steps; NaN where none does.</summary>
    public double Settled => _plan.Onward > 0 ? MeanGap(_plan.Onward / 2, _plan.Onward) : double.NaN;

    // Over runs that came that far.
    private double MeanGap(int from, int to) =>
        _runs
            .Where(run => run.Any(row => At(row) == to))
            .Select(run =>
                run.Where(row => At(row) >= from && At(row) <= to).Average(row => _series[Columns.Sharpness][row])
            )
            .DefaultIfEmpty(double.NaN)
            .Average() - Edge;

    private double At(int row) => _series[Columns.Step][row];
}
