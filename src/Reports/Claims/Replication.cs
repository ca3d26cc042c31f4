using MathNet.Numerics.Distributions;

namespace FlatBias.Reports.Claims;

/// <summary>What an interval was made from, which says how many replicates would decide what these leave open.</summary>
/// <param name="Count">How many replicates there are.</param>
internal abstract record Replication(int Count)
{
    /// <summary>The probability with which a number of replicates is to decide.</summary>
    public const double Power = 0.8;

    /// <summary>More than these would not be run for one claim.</summary>
    public const int Most = 10_000;

    /// <summary>
    /// The smallest number of replicates that decides a claim with probability <see cref="Power"/>, at the effect predicted
    /// where a value is predicted, and where only a bound is, which names no effect, at the effect seen; null where
    /// <see cref="Most"/> do not.
    /// </summary>
    /// <param name="relation">How measured and predicted should compare.</param>
    /// <param name="predicted">The predicted value or bound.</param>
    /// <param name="tolerance">The disagreement allowed.</param>
    public int? ToDecide(Relation relation, double predicted, double tolerance)
    {
        var (low, high) = relation switch
        {
            Relation.AtMost => (double.NegativeInfinity, predicted + tolerance),
            Relation.AtLeast => (predicted - tolerance, double.PositiveInfinity),
            _ => (predicted - tolerance, predicted + tolerance),
        };
        double? effect = relation == Relation.Equal ? predicted : null;
        if (!(Decides(Most, low, high, effect) >= Power))
            return null;
        // It grows with the number of replicates, up to the steps of counts.
        var (few, enough) = (1, Most);
        while (enough - few > 1)
        {
            var middle = (few + enough) / 2;
            if (Decides(middle, low, high, effect) < Power)
                few = middle;
            else
                enough = middle;
        }

        return enough;
    }

    /// <summary>The probability with which the interval of some replicates lies within the bounds, or without them, whichever is true.</summary>
    protected abstract double Decides(int count, double low, double high, double? effect);
}

/// <summary>A mean over replicates on the scale of its kind, whose interval is Student's.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Mean">The mean on its scale.</param>
/// <param name="Deviation">The standard deviation of a replicate on that scale, taken for the true one.</param>
/// <param name="Count">How many replicates there are.</param>
internal sealed record MeanReplication(QuantityKind Kind, double Mean, double Deviation, int Count) : Replication(Count)
{
    // Points of the distribution of the deviation, at equal probability: its mean is then good to less than a thousandth.
    private const int Points = 400;

    protected override double Decides(int count, double low, double high, double? effect)
    {
        if (count < 2)
            return 0;
        double mean = effect is { } value ? Kind.Scaled(value) : Mean,
            error = Deviation / Math.Sqrt(count),
            below = (Kind.Scaled(low) - mean) / error,
            above = (Kind.Scaled(high) - mean) / error,
            quantile = StudentT.InvCDF(0, 1, count - 1, 0.975);
        // Student's interval is centred on a normal mean and as wide as an independent deviation, chi over the root of its
        // degrees of freedom, says.
        return Enumerable
            .Range(0, Points)
            .Average(i =>
            {
                var chi = Math.Sqrt(ChiSquared.InvCDF(count - 1, (i + 0.5) / Points) / (count - 1));
                var width = quantile * chi;
                return below <= 0 && above >= 0
                    ? Math.Max(0, Normal.CDF(0, 1, above - width) - Normal.CDF(0, 1, below + width))
                    : Normal.CDF(0, 1, below - width) + Normal.CDF(0, 1, -above - width);
            });
    }
}

/// <summary>A share of trials, whose interval is Jeffreys'.</summary>
/// <param name="Hits">How many of them were hits.</param>
/// <param name="Count">How many trials there are.</param>
internal sealed record ShareReplication(int Hits, int Count) : Replication(Count)
{
    protected override double Decides(int count, double low, double high, double? effect)
    {
        var share = effect ?? ((double)Hits / Count);
        var within = share >= low && share <= high;
        // Hits further than this from their mean have together a probability below 1e-9.
        var spread = 6 * Math.Sqrt(count * share * (1 - share));
        int first = Math.Max(0, (int)Math.Floor((count * share) - spread)),
            last = Math.Min(count, (int)Math.Ceiling((count * share) + spread));
        return Enumerable
            .Range(first, last - first + 1)
            .Sum(hits =>
            {
                var interval = QuantityKind.ShareOf(hits, count);
                var decided = within
                    ? interval.Low >= low && interval.High <= high
                    : interval.High < low || interval.Low > high;
                return decided ? Binomial.PMF(share, count, hits) : 0;
            });
    }
}
