using System.Globalization;
using FlatBias.Reports.Viewing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Viewing;

public sealed class PrintedTests
{
    private static readonly string?[] Formats =
    [
        null,
        "0.###",
        "0.#",
        "F0",
        "F3",
        "G2",
        "G4",
        "G7",
        "P0",
        "P2",
        "0.0e+0",
    ];

    [Theory]
    [InlineData(1.0004e98, "0.###", "1.0004E+98")]
    [InlineData(-123456789.25, "F0", "-1.23457E+08")]
    [InlineData(123456789, "F0", "123456789")]
    [InlineData(123456789, null, "123456789")]
    [InlineData(0.30000000000000004, null, "0.3")]
    [InlineData(1e12, null, "1E+12")]
    [InlineData(160.5999, "0.###", "160.6")]
    [InlineData(12345.678, "0.###", "12345.7")]
    [InlineData(0.12345, "P1", "12.3 %")]
    [InlineData(27.127, "P1", "2712.7 %")]
    [InlineData(1e200, "P1", "1E+202 %")]
    [InlineData(1.25e-7, "0.0e+0", "1.3e-7")]
    [InlineData(double.MaxValue, "G2", "1.8E+308")]
    [InlineData(double.NaN, "0.###", "NaN")]
    [InlineData(double.NegativeInfinity, "P1", "-Infinity %")]
    public void Text_Number_HasSixDigitsOrIsACount(double value, string? format, string text)
    {
        Assert.Equal(text, Printed.Text(value, format));
        FormattableString composed = $"{value}";
        Assert.Equal(Printed.Text(value, null), composed.ToString(Printed.Numbers));
    }

    // Nine are those of a count.
    [Property]
    public void Text_AnyNumber_IsShortAndTheNumberToItsDigits(double value, int scale)
    {
        value *= Math.Pow(10, scale % 300);
        foreach (var format in Formats)
        {
            var text = Printed.Text(value, format);
            var number = text.Split('e', 'E')[0].TrimStart('-', '0', '.');
            Assert.InRange(number.Count(char.IsAsciiDigit), 0, value == Math.Floor(value) ? 9 : 6);
            if (!double.IsFinite(value) || format is null or "" || format[0] is 'P' or 'F' or '0')
                continue;
            // Half a unit of the second digit, the fewest that a G format here keeps. Both are shrunk first where the
            // rounded one may lie beyond the largest number there is: it is printed as 1.8E+308.
            var shrink = Math.Abs(value) > 1e300 ? 100 : 0;
            var exact = value * Math.Pow(10, -shrink);
            var read = Read(text, shrink);
            Assert.True(Math.Abs(read - exact) <= 0.05 * Math.Abs(exact), $"{value:R} became {text}");
        }
    }

    private static double Read(string text, int shrink)
    {
        var parts = text.Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        return double.Parse($"{parts[0]}E{exponent - shrink}", CultureInfo.InvariantCulture);
    }
}
