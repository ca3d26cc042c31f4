using System.Globalization;

namespace FlatBias.Reports.Figures;

/// <summary>Writes the numbers at an axis: plain where they are short, with a power of ten where they are not, with a true minus sign.</summary>
internal static class TickLabels
{
    private const double Smallest = 1e-3;
    private const double Largest = 1e5;

    /// <summary>Writes a tick of a linear axis.</summary>
    /// <param name="value">The tick's value.</param>
    /// <returns>Its label, in OxyPlot's notation for superscripts.</returns>
    internal static string Linear(double value)
    {
        var size = Math.Abs(value);
        return size == 0 || (size >= Smallest * 0.999 && size < Largest) ? Plain(value) : Scientific(value);
    }

    /// <summary>Writes a tick of a logarithmic axis: powers of ten as such, so that the labels of one axis look alike.</summary>
    /// <param name="value">The tick's value.</param>
    /// <returns>Its label, in OxyPlot's notation for superscripts.</returns>
    internal static string Logarithmic(double value)
    {
        var exponent = Math.Log10(value);
        return Math.Abs(exponent - Math.Round(exponent)) < 1e-9 ? Power(Math.Round(exponent)) : Linear(value);
    }

    private static string Scientific(double value)
    {
        var exponent = Math.Floor(Math.Log10(Math.Abs(value)) + 1e-12);
        var mantissa = Plain(value / Math.Pow(10, exponent));
        return mantissa switch
        {
            "1" => Power(exponent),
            "−1" => "−" + Power(exponent),
            _ => $"{mantissa}×{Power(exponent)}",
        };
    }

    private static string Power(double exponent) => $"10^{{{Plain(exponent)}}}";

    // Six digits hide the rounding errors of multiples of the tick step.
    private static string Plain(double value) => value.ToString("G6", CultureInfo.InvariantCulture).Replace('-', '−');
}
