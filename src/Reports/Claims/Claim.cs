using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Claims;

/// <summary>What became of a claim.</summary>
public enum Verdict
{
    /// <summary>The measurement agrees with the prediction within the tolerance, wherever in its interval it lies.</summary>
    Confirmed,

    /// <summary>It disagrees by more than the tolerance, wherever in its interval it lies. A refuted claim is a result.</summary>
    Refuted,

    /// <summary>The interval reaches across the tolerance: the measurement does not decide.</summary>
    Inconclusive,

    /// <summary>It was not measured; the note says why.</summary>
    NotRun,
}

/// <summary>How the measured value is held against the predicted one.</summary>
public enum Relation
{
    /// <summary>measured = predicted.</summary>
    Equal,

    /// <summary>measured &lt;= predicted.</summary>
    AtMost,

    /// <summary>measured >= predicted.</summary>
    AtLeast,
}

/// <summary>Whose statement it is.</summary>
public enum ClaimOrigin
{
    /// <summary>The paper's or its predecessor's (WR in the source), in their words or after them.</summary>
    Paper,

    /// <summary>Derived for FlatBias, or a check of its own.</summary>
    Derived,

    /// <summary>A rival theory's (R in the source, or its authors).</summary>
    Rival,
}

/// <summary>A statement that a run can confirm or refute. In a script: state it, predict, measure, and let <see cref="Claim.Verdict"/> decide.</summary>
/// <param name="Id">A short name, unique in the report.</param>
/// <param name="Text">The statement, one sentence.</param>
/// <param name="Source">Where it comes from: equation number, and WR (the paper), D (derived here) or a rival's name.</param>
public sealed record Statement(string Id, string Text, string Source)
{
    /// <summary>Whose statement it is, by its source.</summary>
    [JsonIgnore]
    public ClaimOrigin Origin =>
        Source.Contains("WR", StringComparison.Ordinal) ? ClaimOrigin.Paper
        : Source.Contains("R:", StringComparison.Ordinal)
        || Source.Contains("rfangit", StringComparison.Ordinal)
        || Source.Contains("Cohen", StringComparison.Ordinal)
            ? ClaimOrigin.Rival
        : ClaimOrigin.Derived;

    /// <summary>Judges the statement by a measurement, by the rule of <see cref="Claim.Verdict"/>. The prediction, the tolerance and its reason are to be settled before the measurement is seen.</summary>
    /// <param name="relation">How measured and predicted should compare.</param>
    /// <param name="predicted">The predicted value.</param>
    /// <param name="measured">The measured value. NaN leaves the verdict inconclusive, as does a NaN among the other numbers.</param>
    /// <param name="tolerance">The disagreement allowed, in the same unit, at least 0.</param>
    /// <param name="basis">Why that tolerance.</param>
    /// <param name="quantity">What the numbers are.</param>
    /// <param name="uncertainty">The measurement's uncertainty (half-width), in the same unit, at least 0.</param>
    /// <param name="unit">The unit, or empty.</param>
    /// <returns>The claim with its verdict.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance or the uncertainty is below 0.</exception>
    public Claim Judge(
        Relation relation,
        double predicted,
        double measured,
        double tolerance,
        string basis,
        string quantity,
        double uncertainty = 0,
        string unit = ""
    )
    {
        // NaN passes: a measurement that gave no number is an outcome, and inconclusive.
        if (uncertainty < 0)
            Require.NotNegative(uncertainty);
        return Judge(relation, predicted, Interval.Around(measured, uncertainty), tolerance, basis, quantity, unit);
    }

    /// <summary>Judges the statement by a measurement with an interval, such as the mean over replicates that <see cref="QuantityKind.Of"/> makes, by the same rule.</summary>
    /// <param name="relation">How measured and predicted should compare.</param>
    /// <param name="predicted">The predicted value.</param>
    /// <param name="measured">The measured value with the ends of its interval.</param>
    /// <param name="tolerance">The disagreement allowed, in the same unit, at least 0.</param>
    /// <param name="basis">Why that tolerance.</param>
    /// <param name="quantity">What the numbers are.</param>
    /// <param name="unit">The unit, or empty.</param>
    /// <returns>The claim with its verdict.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is below 0.</exception>
    public Claim Judge(
        Relation relation,
        double predicted,
        Interval measured,
        double tolerance,
        string basis,
        string quantity,
        string unit = ""
    )
    {
        if (tolerance < 0)
            Require.NotNegative(tolerance);
        return new Claim(
            this,
            quantity,
            relation,
            predicted,
            measured.Value,
            measured.Low,
            measured.High,
            tolerance,
            basis,
            unit,
            null
        )
        {
            From = measured.From,
        };
    }

    /// <summary>The statement without a measurement.</summary>
    /// <param name="reason">Why there is none.</param>
    public Claim NotRun(string reason) =>
        new(this, "", Relation.Equal, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, "", "", reason);
}

/// <summary>A statement, its prediction, its measurement, and the verdict that follows from them.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Quantity">What the numbers are.</param>
/// <param name="Relation">How measured and predicted should compare.</param>
/// <param name="Predicted">The predicted value.</param>
/// <param name="Measured">The measured value.</param>
/// <param name="Low">The lower end of the measurement's interval; the value itself where it has none.</param>
/// <param name="High">The upper end.</param>
/// <param name="Tolerance">The disagreement allowed.</param>
/// <param name="Basis">Why that tolerance.</param>
/// <param name="Unit">The unit, or empty.</param>
/// <param name="Note">Why it was not run, or null.</param>
public sealed record Claim(
    Statement Statement,
    string Quantity,
    Relation Relation,
    double Predicted,
    double Measured,
    double Low,
    double High,
    double Tolerance,
    string Basis,
    string Unit,
    string? Note
)
{
    /// <summary>
    /// The verdict. With the disagreement |measured - predicted| for <see cref="Relation.Equal"/>, measured - predicted for <see cref="Relation.AtMost"/>, predicted - measured for <see cref="Relation.AtLeast"/>:
    /// confirmed when it is at most the tolerance at every value of the interval, refuted when it is above it at every one, otherwise inconclusive, also where a number is NaN.
    /// </summary>
    public Verdict Verdict
    {
        get
        {
            if (Note is not null)
                return Verdict.NotRun;
            // The largest and the smallest disagreement within the interval.
            var (largest, smallest) = Relation switch
            {
                Relation.AtMost => (High - Predicted, Low - Predicted),
                Relation.AtLeast => (Predicted - Low, Predicted - High),
                Relation.Equal => (
                    Math.Max(Math.Abs(Low - Predicted), Math.Abs(High - Predicted)),
                    Math.Max(0, Math.Max(Low - Predicted, Predicted - High))
                ),
                _ => throw new UnreachableException($"relation is {Relation}"),
            };
            return double.IsNaN(Measured) ? Verdict.Inconclusive
                : largest <= Tolerance ? Verdict.Confirmed
                : smallest > Tolerance ? Verdict.Refuted
                : Verdict.Inconclusive;
        }
    }

    /// <summary>How many replicates the interval is of; null where it has none.</summary>
    public int? Replicates => From?.Count;

    /// <summary>
    /// Where they do not decide, how many would with probability 0.8, by the spread of these: at the effect predicted where
    /// a value is predicted, at the effect measured where a bound is. Null where they do, or 10,000 do not.
    /// </summary>
    public int? ReplicatesToDecide =>
        Verdict == Verdict.Inconclusive ? From?.ToDecide(Relation, Predicted, Tolerance) : null;

    /// <summary>What the interval was made from.</summary>
    internal Replication? From { get; init; }

    /// <summary>The prediction as text, with its relation and unit.</summary>
    [JsonIgnore]
    public string PredictedText => Note is not null ? "–" : $"{Sign(Relation)}{Format(Predicted)}{Suffix}";

    /// <summary>
    /// The measurement as text, with its interval and unit, rounded to two digits of the interval's shorter arm; as a
    /// half-width where both arms round alike; undefined where it is NaN, as the mean over runs of which one lacks it.
    /// </summary>
    [JsonIgnore]
    public string MeasuredText =>
        Note ?? (double.IsNaN(Measured) ? "undefined" : $"{Text(new Interval(Measured, Low, High))}{Suffix}");

    /// <summary>The tolerance as text.</summary>
    [JsonIgnore]
    public string ToleranceText =>
        Note is not null ? "–"
        : Tolerance == 0 ? "none"
        : $"{Format(Tolerance)}{Suffix}";

    /// <summary>A value with its interval, rounded to two digits of the interval's shorter arm; with a half-width where both arms round alike.</summary>
    /// <param name="measured">The value and the ends.</param>
    public static string Text(Interval measured)
    {
        var (below, above) = (measured.Value - measured.Low, measured.High - measured.Value);
        if (below == 0 && above == 0)
            return Format(measured.Value);
        var arm = below > 0 && (below < above || above == 0) ? below : above;
        if (!double.IsFinite(arm))
            return $"{Format(measured.Value)} ({Format(measured.Low)} to {Format(measured.High)})";
        var unit = Math.Pow(10, Math.Floor(Math.Log10(arm)) - 1);
        return Rounded(below) == Rounded(above)
            ? $"{Rounded(measured.Value)} ± {Rounded(arm)}"
            : $"{Rounded(measured.Value)} ({Rounded(measured.Low)} to {Rounded(measured.High)})";

        string Rounded(double value)
        {
            if (Math.Abs(value) >= 1e5 || (unit < 1e-4 && Math.Abs(value) < 1e-3))
                return Format(value);
            // An end that rounds to 0 without being it would lie outside the range of a size: it has digits of its own.
            if (value != 0 && Math.Abs(value) < unit / 2)
                return Format(double.Round(value / Digit(value), 1) * Digit(value));
            var decimals = Math.Clamp((int)-Math.Round(Math.Log10(unit)), 0, 15);
            var rounded = (Math.Round(value / unit) * unit) + 0.0;
            return rounded.ToString($"F{decimals}", CultureInfo.InvariantCulture).Replace('-', '−');
        }
    }

    /// <summary>A number at four significant digits, with a power of ten outside 0.001 to 99,990.</summary>
    /// <param name="value">The number.</param>
    public static string Format(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        if (size is >= 9999.5 and < 99_995)
            return (Math.Round(value / 10) * 10).ToString("F0", CultureInfo.InvariantCulture).Replace('-', '−');
        if (size is >= 1e-3 and < 9999.5)
            return value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−');
        var exponent = (int)Math.Floor(Math.Log10(size));
        // To two decimals it may be 10.
        if (Math.Round(size / Math.Pow(10, exponent), 2) >= 10)
            exponent++;
        var mantissa = value / Math.Pow(10, exponent);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa:0.##}e{exponent}").Replace('-', '−');
    }

    private static double Digit(double value) => Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))));

    private string Suffix => Unit.Length == 0 ? "" : $" {Unit}";

    private static string Sign(Relation relation) =>
        relation switch
        {
            Relation.AtMost => "≤ ",
            Relation.AtLeast => "≥ ",
            Relation.Equal => "",
            _ => throw new ArgumentOutOfRangeException(
                nameof(relation),
                relation,
                $"relation is {relation}; it must be a value of Relation."
            ),
        };
}
