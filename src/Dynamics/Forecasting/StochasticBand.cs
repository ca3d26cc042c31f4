using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace FlatBias.Dynamics.Forecasting;

/// <summary>Mean and 90 % band of several draws, by step.</summary>
/// <param name="Mean">The mean over the draws that are still finite; NaN where there is none.</param>
/// <param name="Lower">The lower end; NaN where fewer than two draws are finite.</param>
/// <param name="Upper">The upper end, likewise.</param>
public sealed record StochasticBand(double[] Mean, double[] Lower, double[] Upper)
{
    /// <summary>The share of further draws that lie in the band, in expectation.</summary>
    public const double Level = 0.9;

    /// <summary>The band of some draws.</summary>
    /// <param name="draws">A series a draw, all of one length.</param>
    /// <returns>
    /// Order statistics, with values between them at the places p (n + 1): then a further draw of the same distribution
    /// lies outside with probability 1 - 90 %, whatever the distribution, up to the interpolation. Below 19 draws these places are
    /// beyond the smallest and the largest, which are taken: (n - 1) / (n + 1) of further draws lie between.
    /// </returns>
    public static StochasticBand Of(IReadOnlyList<double[]> draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var steps = draws[0].Length;
        double[] mean = new double[steps],
            lower = new double[steps],
            upper = new double[steps];
        for (var t = 0; t < steps; t++)
        {
            double[] values = [.. draws.Select(series => series[t]).Where(double.IsFinite).Order()];
            mean[t] = values.Length == 0 ? double.NaN : values.Average();
            (lower[t], upper[t]) = (At(values, (1 - Level) / 2), At(values, (1 + Level) / 2));
        }

        return new StochasticBand(mean, lower, upper);
    }

    /// <summary>The share of the steps after the first at which runs lie in the band. The steps of one run hang together, so that the interval is of the mean over runs.</summary>
    /// <param name="runs">A series a run, as long as the band; a step that a run did not come to counts as outside.</param>
    /// <returns>The share, and its 95 % interval by Student's t over the runs, cut to 0 and 1; no interval, NaN, for a single run. The band is taken as given: that it comes from finitely many draws is not in the interval.</returns>
    public StochasticCoverage Coverage(IReadOnlyList<double[]> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        double[] shares =
        [
            .. runs.Select(run =>
                Enumerable.Range(1, run.Length - 1).Count(t => run[t] >= Lower[t] && run[t] <= Upper[t])
                / (run.Length - 1.0)
            ),
        ];
        var (mean, deviation) = shares.MeanStandardDeviation();
        var half =
            runs.Count < 2
                ? double.NaN
                : StudentT.InvCDF(0, 1, runs.Count - 1, 0.975) * deviation / Math.Sqrt(runs.Count);
        return new StochasticCoverage(mean, Math.Max(0, mean - half), Math.Min(1, mean + half));
    }

    private static double At(double[] sorted, double share)
    {
        if (sorted.Length < 2)
            return double.NaN;
        var place = Math.Clamp((share * (sorted.Length + 1)) - 1, 0, sorted.Length - 1);
        var below = Math.Min((int)place, sorted.Length - 2);
        return ((1 - (place - below)) * sorted[below]) + ((place - below) * sorted[below + 1]);
    }
}

/// <summary>How much of some runs lies in a band, with its 95 % interval over the runs.</summary>
/// <param name="Share">The share, from 0 to 1.</param>
/// <param name="Lower">The lower end of the interval.</param>
/// <param name="Upper">The upper end.</param>
public sealed record StochasticCoverage(double Share, double Lower, double Upper);
