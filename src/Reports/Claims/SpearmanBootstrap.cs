using FlatBias.Dynamics;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Claims;

/// <summary>
/// Spearman's rank correlation over runs, with a 95 % percentile interval from a cluster bootstrap (Efron 1979; Davison and Hinkley 1997, section 3.8): whole clusters are drawn again with replacement, because runs
/// that share a seed share their initial weights and are not independent. With few clusters such an interval is rather too narrow than too wide, and below five it says little: <see cref="Replicates.Rank"/> is for those.
/// </summary>
/// <param name="Rho">The rank correlation of all pairs; NaN where either quantity is constant or there are fewer than two pairs.</param>
/// <param name="Low">The lower end of the interval; NaN with fewer than two clusters.</param>
/// <param name="High">The upper end.</param>
/// <param name="Clusters">How many clusters have pairs.</param>
internal readonly record struct SpearmanBootstrap(double Rho, double Low, double High, int Clusters)
{
    /// <summary>The correlation with the interval that a claim is judged by, which holds it.</summary>
    public Interval Interval =>
        new(Rho, Math.Min(Low, Rho), Math.Max(High, Rho))
        {
            From = new MeanReplication(QuantityKind.Correlation, Math.Asin(Rho), Deviation, Clusters),
        };

    /// <summary>The spread of a cluster, as if the correlation were a mean over them: the interval is as wide as 1.96 standard errors to each side of it.</summary>
    private double Deviation => (Math.Asin(High) - Math.Asin(Low)) / (2 * 1.96) * Math.Sqrt(Clusters);

    /// <summary>Computes both.</summary>
    /// <param name="clusters">The pairs of each cluster; pairs with a NaN are left out.</param>
    /// <param name="seed">Seeds the resampling.</param>
    /// <param name="resamples">Number of resamples, at least 1; those in which a quantity is constant have no correlation and are left out.</param>
    /// <returns>The correlation with its interval.</returns>
    public static SpearmanBootstrap Of(
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> clusters,
        int seed,
        int resamples = 2000
    )
    {
        ArgumentNullException.ThrowIfNull(clusters);
        Require.InRange(resamples, 1);
        (double X, double Y)[][] kept =
        [
            .. clusters
                .Select(c => c.Where(p => !double.IsNaN(p.X) && !double.IsNaN(p.Y)).ToArray())
                .Where(c => c.Length > 0),
        ];
        var rho = Correlation([.. kept.SelectMany(c => c)]);
        if (kept.Length < 2 || double.IsNaN(rho))
            return new SpearmanBootstrap(rho, double.NaN, double.NaN, kept.Length);
        var random = new Random(seed);
        double[] drawn =
        [
            .. Enumerable
                .Range(0, resamples)
                .Select(_ =>
                    Correlation([.. Enumerable.Range(0, kept.Length).SelectMany(_ => kept[random.Next(kept.Length)])])
                )
                .Where(double.IsFinite)
                .Order(),
        ];
        return new SpearmanBootstrap(
            rho,
            SortedArrayStatistics.Quantile(drawn, 0.025),
            SortedArrayStatistics.Quantile(drawn, 0.975),
            kept.Length
        );
    }

    private static double Correlation((double X, double Y)[] pairs) =>
        pairs.Length < 2
            ? double.NaN
            : MathNet.Numerics.Statistics.Correlation.Spearman(pairs.Select(p => p.X), pairs.Select(p => p.Y));
}
