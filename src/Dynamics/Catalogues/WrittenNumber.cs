using System.Globalization;

namespace FlatBias.Dynamics.Catalogues;

/// <summary>Reads a number that a user wrote.</summary>
public static class WrittenNumber
{
    /// <summary>What is wanted, for messages.</summary>
    public const string Wanted = "a number of at most 1.7e308 in size";

    /// <summary>Reads a number.</summary>
    /// <param name="text">The number, with a full stop before decimals; NaN and Infinity are read where they are written.</param>
    /// <returns>The number; null where the text is none, or one beyond the range of float64, which would be read as infinity.</returns>
    public static double? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && !(double.IsInfinity(value) && text.AsSpan().ContainsAnyInRange('0', '9'))
            ? value
            : null;
    }
}
