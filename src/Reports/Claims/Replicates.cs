namespace FlatBias.Reports.Claims;

/// <summary>Means over replicates, runs that differ in their seed alone, and statements judged by them.</summary>
internal static class Replicates
{
    /// <summary>
    /// Judges a statement by the mean of a measurement over replicates, with the 95 % interval of its kind. Replicates without the measurement, NaN, are left out and counted; with fewer than two others it is NotRun.
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
        QuantityKind? kind = null
    )
    {
        double[] values = [.. replicates.Select(measure).Where(v => !double.IsNaN(v))];
        if (values.Length < 2)
            return statement.NotRun($"measured on {values.Length} of {replicates.Count} seeds only");
        var seeds =
            values.Length == replicates.Count
                ? $"{values.Length} seeds"
                : $"the {values.Length} of {replicates.Count} seeds that have it";
        kind ??= QuantityKind.Difference;
        return statement.Judge(
            relation,
            predicted,
            kind.Of(values),
            tolerance,
            basis,
            $"{quantity}, {kind.Mean} of {seeds} with 95 % interval",
            unit
        );
    }

    /// <summary>Judges a statement about every run by how many it holds of.</summary>
    public static Claim JudgeEvery<T>(
        this Statement statement,
        IReadOnlyCollection<T> among,
        Func<T, bool> holds,
        string quantity
    ) =>
        among.Count == 0
            ? statement.NotRun("no run reached the instability")
            : statement.Judge(Relation.AtLeast, among.Count, among.Count(holds), 0, "as stated", quantity);

    /// <summary>Judges a statement by a share of independent trials, with the interval of <see cref="QuantityKind.ShareOf"/>.</summary>
    public static Claim JudgeShare(
        this Statement statement,
        Relation relation,
        double predicted,
        int hits,
        int trials,
        string quantity
    ) =>
        statement.Judge(
            relation,
            predicted,
            QuantityKind.ShareOf(hits, trials),
            0,
            "as stated",
            $"share of {trials} {quantity}, with 95 % interval"
        );

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
