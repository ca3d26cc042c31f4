using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using FlatBias.Dynamics;

namespace FlatBias.Reports.Claims;

/// <summary>What became of a claim.</summary>
public enum Verdict
{
    /// <summary>The measurement agrees with the prediction within the tolerance, its uncertainty included.</summary>
    Confirmed,

    /// <summary>It disagrees by more than tolerance and uncertainty together. A refuted claim is a result.</summary>
    Refuted,

    /// <summary>The uncertainty reaches across the tolerance: the measurement does not decide.</summary>
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

/// <summary>A statement that a run can confirm or refute. In a script: state it, predict, measure, and let <see cref="Judge"/> decide.</summary>
/// <param name="Id">A short name, unique in the report.</param>
/// <param name="Text">The statement, one sentence.</param>
/// <param name="Source">Where it comes from: equation number, and WR (the paper), D (derived here) or a rival's name.</param>
public sealed record Statement(string Id, string Text, string Source)
{
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
        if (tolerance < 0)
            Require.NotNegative(tolerance);
        if (uncertainty < 0)
            Require.NotNegative(uncertainty);
        return new Claim(this, quantity, relation, predicted, measured, uncertainty, tolerance, basis, unit, null);
    }

    /// <summary>The statement without a measurement.</summary>
    /// <param name="reason">Why there is none.</param>
    public Claim NotRun(string reason) =>
        new(this, "", Relation.Equal, double.NaN, double.NaN, double.NaN, double.NaN, "", "", reason);
}

/// <summary>A statement, its prediction, its measurement, and the verdict that follows from them.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Quantity">What the numbers are.</param>
/// <param name="Relation">How measured and predicted should compare.</param>
/// <param name="Predicted">The predicted value.</param>
/// <param name="Measured">The measured value.</param>
/// <param name="Uncertainty">The measurement's uncertainty.</param>
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
    double Uncertainty,
    double Tolerance,
    string Basis,
    string Unit,
    string? Note
)
{
    /// <summary>The values that the quantity can have.</summary>
    public Domain Domain { get; init; } = Domain.Any;

    /// <summary>The lower end of the measurement's interval: measured - uncertainty, or the end of the domain.</summary>
    public double Low => Domain.Nearest(Measured - Uncertainty);

    /// <summary>The upper end of the measurement's interval.</summary>
    public double High => Domain.Nearest(Measured + Uncertainty);

    /// <summary>
    /// The verdict. The excess is |measured - predicted| for <see cref="Relation.Equal"/>, measured - predicted for <see cref="Relation.AtMost"/>, predicted - measured for <see cref="Relation.AtLeast"/>.
    /// Confirmed when excess + uncertainty is at most the tolerance, refuted when excess - uncertainty is above it, otherwise inconclusive, also where a number is NaN.
    /// </summary>
    public Verdict Verdict
    {
        get
        {
            if (Note is not null)
                return Verdict.NotRun;
            var excess = Relation switch
            {
                Relation.AtMost => Measured - Predicted,
                Relation.AtLeast => Predicted - Measured,
                Relation.Equal => Math.Abs(Measured - Predicted),
                _ => throw new UnreachableException($"relation is {Relation}"),
            };
            if (excess + Uncertainty <= Tolerance)
                return Verdict.Confirmed;
            return excess - Uncertainty > Tolerance ? Verdict.Refuted : Verdict.Inconclusive;
        }
    }

    /// <summary>The prediction as text, with its relation and unit.</summary>
    [JsonIgnore]
    public string PredictedText => Note is not null ? "–" : $"{Sign(Relation)}{Format(Predicted)}{Suffix}";

    /// <summary>
    /// The measurement as text, with its uncertainty and unit; with the ends of its interval where that is cut off by the
    /// end of the domain.
    /// </summary>
    [JsonIgnore]
    public string MeasuredText =>
        Note ?? (Uncertainty > 0 ? $"{Format(Measured)}{Interval}{Suffix}" : $"{Format(Measured)}{Suffix}");

    /// <summary>The tolerance as text.</summary>
    [JsonIgnore]
    public string ToleranceText =>
        Note is not null ? "–"
        : Tolerance == 0 ? "none"
        : $"{Format(Tolerance)}{Suffix}";

    /// <summary>A number at four significant digits, with a power of ten outside 0.001 to 99,999.</summary>
    /// <param name="value">The number.</param>
    public static string Format(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        if (size is >= 1e-3 and < 1e5)
            return value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−');
        var exponent = (int)Math.Floor(Math.Log10(size));
        var mantissa = value / Math.Pow(10, exponent);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa:0.##}e{exponent}").Replace('-', '−');
    }

    private string Interval =>
        Measured - Uncertainty < Domain.Low || Measured + Uncertainty > Domain.High
            ? $" ({Format(Low)} to {Format(High)})"
            : $" ± {Format(Uncertainty)}";

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
