using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace FlatBias.Reports.Claims;

/// <summary>A measured value with the ends of its interval, all in one unit.</summary>
/// <param name="Value">The value.</param>
/// <param name="Low">The lower end, at most the value.</param>
/// <param name="High">The upper end, at least the value.</param>
public readonly record struct Interval(double Value, double Low, double High)
{
    /// <summary>A value known to a half-width; exactly, for 0.</summary>
    /// <param name="value">The value.</param>
    /// <param name="halfWidth">The half-width, at least 0.</param>
    public static Interval Around(double value, double halfWidth) => new(value, value - halfWidth, value + halfWidth);

    /// <summary>The replicates that it was made from; null where it was not.</summary>
    internal Replication? From { get; init; }
}

/// <summary>
/// What a quantity is decides what interval its mean over replicates has, so that none leaves the values that the quantity
/// can have: Student's t on a scale on which the quantity has no end, transformed back.
/// </summary>
public sealed class QuantityKind
{
    private readonly Func<double, double> _to,
        _from;

    private QuantityKind(
        string mean,
        double low,
        double high,
        Func<double, double>? to = null,
        Func<double, double>? from = null
    ) => (Mean, Low, High, _to, _from) = (mean, low, high, to ?? (x => x), from ?? (x => x));

    /// <summary>Differences, which have any sign: the arithmetic mean.</summary>
    public static QuantityKind Difference { get; } = new("mean", double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Differences of percentages, between -100 and 100: the arithmetic mean.</summary>
    public static QuantityKind Points { get; } = new("mean", -100, 100);

    /// <summary>Errors, sizes, and ratios of such, above 0: the geometric mean, by logarithms.</summary>
    public static QuantityKind Size { get; } = new("geometric mean", 0, double.PositiveInfinity, Math.Log, Math.Exp);

    /// <summary>Shares and cosines, 0 to 1, one from each replicate: by the angle arcsin sqrt p, which is finite at both ends.</summary>
    public static QuantityKind Share { get; } =
        new("mean", 0, 1, p => Math.Asin(Math.Sqrt(p)), x => Math.Pow(Math.Sin(Math.Clamp(x, 0, Math.PI / 2)), 2));

    /// <summary>Correlations, and differences of shares, -1 to 1, one from each replicate: by the angle arcsin r.</summary>
    public static QuantityKind Correlation { get; } =
        new("mean", -1, 1, Math.Asin, x => Math.Sin(Math.Clamp(x, -Math.PI / 2, Math.PI / 2)));

    /// <summary>What the value in the middle of an interval is called.</summary>
    public string Mean { get; }

    /// <summary>The smallest value that the quantity can have; minus infinity for none.</summary>
    public double Low { get; }

    /// <summary>The largest; infinity for none.</summary>
    public double High { get; }

    /// <summary>
    /// The mean over replicates with its 95 % interval. A size that is exactly 0 in one of them has no logarithm: then it is
    /// the arithmetic mean, and its interval ends at 0.
    /// </summary>
    /// <param name="values">The values, one from each replicate, in the range of the kind.</param>
    /// <returns>The interval; its ends are NaN for a single value, and all of it where one of them is not finite.</returns>
    public Interval Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var plain = this == Size && values.Contains(0);
        double[] transformed = [.. plain ? values : values.Select(_to)];
        var (mean, deviation) = transformed.MeanStandardDeviation();
        var quantile = StudentT.InvCDF(0, 1, Math.Max(1, values.Count - 1), 0.975);
        var width = quantile * deviation / Math.Sqrt(values.Count);
        return new Interval(Back(mean), Back(mean - width), Back(mean + width))
        {
            From =
                values.Count < 2 || !double.IsFinite(deviation)
                    ? null
                    : new MeanReplication(plain ? Difference : this, mean, deviation, values.Count),
        };

        double Back(double x) => Math.Clamp(plain ? x : _from(x), Low, High);
    }

    /// <summary>A value on the scale that intervals are made on; what lies beyond the range of the kind, at its end.</summary>
    internal double Scaled(double value) => _to(Math.Clamp(value, Low, High));

    /// <summary>A share of independent trials with Jeffreys' 95 % interval (Brown, Cai and DasGupta 2001), which ends at 0 or 1 where none or all are hits.</summary>
    /// <param name="hits">How many were hits.</param>
    /// <param name="trials">Of how many, at least 1.</param>
    public static Interval ShareOf(int hits, int trials)
    {
        Dynamics.Require.InRange(trials, 1);
        Dynamics.Require.InRange(hits, 0, trials);
        return new Interval(
            (double)hits / trials,
            hits == 0 ? 0 : Beta.InvCDF(hits + 0.5, trials - hits + 0.5, 0.025),
            hits == trials ? 1 : Beta.InvCDF(hits + 0.5, trials - hits + 0.5, 0.975)
        )
        {
            From = new ShareReplication(hits, trials),
        };
    }
}
