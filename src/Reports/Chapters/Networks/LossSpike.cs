using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Theories;

namespace FlatBias.Reports.Chapters.Networks;

/// <summary>A loss spike of a run, found from the loss alone, and what went before it: rows of the series.</summary>
/// <param name="Edge">Where the stability number last came to 1 before the peak, after the spike before; null where
/// it did not.</param>
/// <param name="Low">The least loss between the spike before and the peak.</param>
/// <param name="Peak">The peak, by the detector of (1.8) that sees no curvature.</param>
internal sealed record LossSpike(int? Edge, int Low, int Peak)
{
    /// <summary>All spikes, in order.</summary>
    public static IReadOnlyList<LossSpike> Find(SeriesTable series)
    {
        var (loss, number) = (series.Array(Columns.Loss), series.Array(Columns.StabilityNumber));
        var (spikes, from) = (new List<LossSpike>(), 0);
        foreach (var peak in Instability.LossPeaks(loss))
        {
            var low = from;
            int? edge = null;
            for (var i = from; i <= peak; i++)
            {
                if (i < peak && loss[i] < loss[low])
                    low = i;
                if (i > from && number[i] >= 1 && number[i - 1] < 1)
                    edge = i;
            }

            spikes.Add(new(edge, low, peak));
            from = peak;
        }

        return spikes;
    }

    /// <summary>q = |g| / |P| of (9.11) where the stability number came to 1; NaN where it did not.</summary>
    public double RatioAtEdge(SeriesTable series) =>
        Edge is { } row ? series[Columns.GradientNorm][row] / series[Columns.DivisorNorm][row] : double.NaN;
}

/// <summary>The first spike of a run of Adam, and what (7.14) says of it from where |g| is first |P| / 10.</summary>
/// <param name="Series">The run.</param>
/// <param name="Decoupled">That row, within the edge.</param>
/// <param name="First">The spike.</param>
/// <param name="Forecast">The forecast, in steps from that row.</param>
internal sealed record FirstSpike(SeriesTable Series, int Decoupled, LossSpike First, AdaptiveSpike Forecast)
{
    /// <summary>Steps from the row of the forecast to the edge; NaN where the spike has none.</summary>
    public double ToEdge => First.Edge is { } edge ? Steps(edge) : double.NaN;

    /// <summary>Steps from the row of the forecast to the peak of the loss.</summary>
    public double ToPeak => Steps(First.Peak);

    /// <summary>The divisor's share of the rise of ln S_eff from there to the edge, (9.11).</summary>
    public double DivisorShare =>
        First.Edge is { } edge
            ? 1 - (Rise(Columns.Sharpness, edge) / Rise(Columns.EffectiveSharpness, edge))
            : double.NaN;

    /// <summary>
    /// The first spike of a run; null where none comes, or none after a row that (7.14) may start from.
    /// </summary>
    public static FirstSpike? Of(SeriesTable series)
    {
        var (gradient, divisor, number) = (
            series.Array(Columns.GradientNorm),
            series.Array(Columns.DivisorNorm),
            series.Array(Columns.StabilityNumber)
        );
        var row = SpikeStages.Find(gradient, divisor, number).Decoupled;
        if (LossSpike.Find(series) is not [var first, ..] || row >= first.Peak)
            return null;
        // The correction of both moments for their start is still to go.
        var bias = Math.Sqrt(1 - Math.Pow(LaterRulesRuns.SecondDecay, series[Columns.Step][row]));
        return new(
            series,
            row,
            first,
            AdaptiveSpike.Forecast(
                LaterRulesRuns.AdamStepSize * series[Columns.EffectiveSharpness][row] / bias,
                gradient[row] / divisor[row] / bias,
                LaterRulesRuns.FirstDecay,
                LaterRulesRuns.SecondDecay
            )
        );
    }

    private double Steps(int row) => Series[Columns.Step][row] - Series[Columns.Step][Decoupled];

    private double Rise(string column, int row) => Math.Log(Series[column][row] / Series[column][Decoupled]);
}
