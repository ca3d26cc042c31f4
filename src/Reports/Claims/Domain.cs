namespace FlatBias.Reports.Claims;

/// <summary>The values that a quantity can have, ends included: no interval of a measurement reaches beyond them.</summary>
/// <param name="Low">The smallest value; minus infinity for none.</param>
/// <param name="High">The largest value; infinity for none.</param>
public sealed record Domain(double Low, double High)
{
    /// <summary>All numbers: differences.</summary>
    public static Domain Any { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>0 and above: errors, sizes, and ratios of such.</summary>
    public static Domain NotNegative { get; } = new(0, double.PositiveInfinity);

    /// <summary>0 to 1: shares, and cosines of angles up to a right one.</summary>
    public static Domain Share { get; } = new(0, 1);

    /// <summary>-1 to 1: correlations, and differences of shares.</summary>
    public static Domain Correlation { get; } = new(-1, 1);

    /// <summary>-100 to 100: differences of percentages.</summary>
    public static Domain Points { get; } = new(-100, 100);

    /// <summary>The nearest value in the domain; NaN for NaN.</summary>
    /// <param name="value">Any number.</param>
    /// <returns>The value, or the end that it lies beyond.</returns>
    public double Nearest(double value) => Math.Clamp(value, Low, High);
}
