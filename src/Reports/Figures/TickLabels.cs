using System.Globalization;
using OxyPlot.Axes;

namespace FlatBias.Reports.Figures;

/// <summary>Writes the numbers at an axis: plain where they are short, with a power of ten where they are not, with a true minus sign.</summary>
internal static class TickLabels
{
    private const double Smallest = 1e-3;
    private const double Largest = 1e5;
    private const double PlainFrom = 5e-3;
    private const double PlainTo = 2e4;

    /// <summary>Writes a tick of a linear axis.</summary>
    /// <param name="value">The tick's value.</param>
    /// <returns>Its label, in OxyPlot's notation for superscripts.</returns>
    internal static string Linear(double value)
    {
        var size = Math.Abs(value);
        return size == 0 || (size >= Smallest * 0.999 && size < Largest) ? Plain(value) : Scientific(value);
    }

    /// <summary>Writes a tick of a logarithmic axis, in one manner along the whole axis.</summary>
    /// <param name="value">The tick's value.</param>
    /// <param name="low">The axis' lower end.</param>
    /// <param name="high">Its upper end.</param>
    /// <returns>The label, in OxyPlot's notation for superscripts.</returns>
    internal static string Logarithmic(double value, double low, double high) =>
        low >= PlainFrom && high <= PlainTo ? Plain(value) : Scientific(value);

    /// <summary>Makes an axis write its numbers in this manner.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="log">Whether it is logarithmic.</param>
    internal static void Use(Axis axis, bool log) =>
        axis.LabelFormatter = log ? value => Logarithmic(value, axis.ActualMinimum, axis.ActualMaximum) : Linear;

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
