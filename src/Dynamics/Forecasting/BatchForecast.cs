using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;
using MathNet.Numerics.Statistics;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>What one jet says of one batch size, and how it is written beside the runs.</summary>
internal sealed class BatchForecast
{
    private readonly StochasticPaths _draws;
    private readonly (string Quantity, StochasticBand Band)[] _bands;
    private readonly (string Column, double Value)[] _constants;

    public BatchForecast(
        StochasticPaths draws,
        StochasticGap? gap,
        double stepSize,
        int seed,
        double jetCost,
        double noiseCost,
        PathTrust trust
    )
    {
        _draws = draws;
        _bands =
        [
            (Columns.Sharpness, StochasticBand.Of(draws.Sharpness)),
            (Columns.Displacement, StochasticBand.Of(draws.Displacement)),
            (Columns.Loss, StochasticBand.Of(draws.Loss)),
        ];
        var gaps = draws.Gaps(stepSize);
        _constants =
        [
            (Columns.ForecastsLost, draws.Lost),
            (Columns.GapLeading, gap?.Leading ?? double.NaN),
            (Columns.GapMap, gap?.Simulate(StochasticGap.DefaultSteps, seed).Simulated ?? double.NaN),
            (Columns.GapForecast, gaps.Mean()),
            (Columns.GapForecastError, gaps.StandardDeviation() / Math.Sqrt(gaps.Length)),
            (Columns.NoiseCost, noiseCost),
            (Columns.JetCost, jetCost),
            (Columns.TrustPath, trust.Error),
            (Columns.PathCost, trust.Cost),
        ];
    }

    /// <summary>Writes a row for each step of a run at which it was measured.</summary>
    public void Write(SeriesTable series, int size, StochasticPaths runs, RunCadence cadence)
    {
        for (var draw = 0; draw < runs.Draws; draw++)
        for (var t = 0; t <= cadence.Length(draw); t++)
            if (double.IsFinite(runs.Loss[draw][t]))
                WriteRow(draw, t);

        void WriteRow(int draw, int t)
        {
            series.AddRow();
            series.Set(Columns.BatchSize, size);
            series.Set(Columns.Draw, draw + 1);
            series.Set(Columns.Step, t);
            series.Set(Columns.Loss, runs.Loss[draw][t]);
            series.Set(Columns.Displacement, runs.Displacement[draw][t]);
            series.Set(Columns.Sharpness, runs.Sharpness[draw][t]);
            foreach (var (quantity, band) in _bands)
            {
                series.Set(Columns.ForecastMean[quantity], At(band.Mean, t));
                series.Set(Columns.ForecastLower[quantity], At(band.Lower, t));
                series.Set(Columns.ForecastUpper[quantity], At(band.Upper, t));
            }

            foreach (var (column, value) in _constants)
                series.Set(column, value);
        }

        double At(double[] values, int t) => t <= _draws.Steps ? values[t] : double.NaN;
    }
}
