namespace FlatBias.Reports.Claims;

/// <summary>Means over replicates, runs that differ in their seed alone, and statements judged by them.</summary>
internal static class Replicates
{
    /// <summary>
    /// Judges a statement by the mean of a measurement over replicates, with its 95 % interval for the uncertainty. Replicates without the measurement, NaN, are left out and counted; with fewer than two others it is NotRun.
    /// </summary>
    public static Claim JudgeMean<T>(
        this Statement statement,
        Relation relation,
        double predicted,
        IReadOnlyList<T> replicates,
        Func<T, double> measure,
        string quantity,
        double tolerance = 0,
        string basis = "as stated",
        string unit = "",
        Domain? domain = null
    )
    {
        double[] values = [.. replicates.Select(measure).Where(v => !double.IsNaN(v))];
        if (values.Length < 2)
            return statement.NotRun($"measured on {values.Length} of {replicates.Count} seeds only");
        var (mean, width) = MeanWithInterval(values);
        var seeds =
            values.Length == replicates.Count
                ? $"{values.Length} seeds"
                : $"the {values.Length} of {replicates.Count} seeds that have it";
        return statement.Judge(
            relation,
            predicted,
            mean,
            tolerance,
            basis,
            $"{quantity}, mean of {seeds} with 95 % interval",
            width,
            unit
        ) with
        {
            Domain = domain ?? Domain.Any,
        };
    }

    /// <summary>
    /// Judges a statement by a share of independent trials, with the exact binomial interval (Clopper and Pearson) of 95 %: the half of it on the side of the prediction is the uncertainty, and decides.
    /// </summary>
    public static Claim JudgeShare(
        this Statement statement,
        Relation relation,
        double predicted,
        int hits,
        int trials,
        string quantity
    )
    {
        var (share, low, high) = ((double)hits / trials, 0.0, 1.0);
        if (hits > 0)
            low = MathNet.Numerics.Distributions.Beta.InvCDF(hits, trials - hits + 1, 0.025);
        if (hits < trials)
            high = MathNet.Numerics.Distributions.Beta.InvCDF(hits + 1, trials - hits, 0.975);
        return statement.Judge(
            relation,
            predicted,
            share,
            0,
            "as stated",
            $"share of {trials} {quantity}, with 95 % interval",
            share < predicted ? high - share : share - low
        ) with
        {
            Domain = Domain.Share,
        };
    }

    /// <summary>The mean of replicates and the half-width of its 95 % interval by Student's t; NaN for a single one.</summary>
    public static (double Mean, double HalfWidth) MeanWithInterval(IReadOnlyList<double> values)
    {
        var (mean, deviation) = MathNet.Numerics.Statistics.Statistics.MeanStandardDeviation(values);
        var quantile = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, Math.Max(1, values.Count - 1), 0.975);
        return (mean, quantile * deviation / Math.Sqrt(values.Count));
    }

    /// <summary>Spearman's rank correlation within one replicate; NaN with fewer than three pairs of numbers. Judged by its mean over replicates where these are too few to be drawn again, below five.</summary>
    public static double Rank(IEnumerable<(double X, double Y)> pairs)
    {
        (double X, double Y)[] kept = [.. pairs.Where(p => !double.IsNaN(p.X) && !double.IsNaN(p.Y))];
        return kept.Length < 3
            ? double.NaN
            : MathNet.Numerics.Statistics.Correlation.Spearman(kept.Select(p => p.X), kept.Select(p => p.Y));
    }

    /// <summary>The mean over the replicates that have the measurement; NaN when none has.</summary>
    public static double Mean<T>(IReadOnlyList<T> replicates, Func<T, double> measure) =>
        replicates.Select(measure).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();
}
