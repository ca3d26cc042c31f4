using System.Globalization;

namespace FlatBias.Reports.Viewing;

/// <summary>
/// How numbers are printed for people: at most six digits, whatever format was asked for; a diverged run may end at
/// 1e98, which no format of a fixed number of decimals is made for. Whole numbers, as counts and steps are, stay whole up
/// to nine digits.
/// </summary>
internal sealed class Printed : IFormatProvider, ICustomFormatter
{
    private const int MostDigits = 6;
    private const double LargestCount = 1e9;

    private Printed() { }

    /// <summary>To be given where texts are composed.</summary>
    public static Printed Numbers { get; } = new();

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    /// <summary>One number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">How, where that takes no more than six digits.</param>
    public static string Text(double value, string? format)
    {
        // Without the separators of thousands that per cents would have.
        if (format is ['P', var decimals])
            return $"{Text(100 * value, $"F{decimals}")} %";
        var text = value.ToString(format, Culture);
        return Digits(text) <= MostDigits || IsCount(value, format)
            ? text
            : value.ToString(format is ['G', < '6'] ? format : "G6", Culture);
    }

    /// <inheritdoc/>
    public object? GetFormat(Type? formatType) =>
        formatType == typeof(ICustomFormatter) ? this : Culture.GetFormat(formatType);

    /// <inheritdoc/>
    public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
        arg switch
        {
            double value => Text(value, format),
            IFormattable other => other.ToString(format, Culture),
            _ => arg?.ToString() ?? "",
        };

    /// <summary>Digits from the first that is not 0 on, without those of an exponent.</summary>
    private static int Digits(string text) =>
        text.TakeWhile(symbol => symbol is not ('e' or 'E'))
            .SkipWhile(symbol => symbol is not (>= '1' and <= '9'))
            .Count(char.IsAsciiDigit);

    private static bool IsCount(double value, string? format) =>
        format is null or "" or "F0" && Math.Abs(value) < LargestCount && value == Math.Floor(value);
}
