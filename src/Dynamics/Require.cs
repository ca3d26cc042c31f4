using System.Globalization;
using System.Runtime.CompilerServices;

namespace FlatBias.Dynamics;

/// <summary>
/// Argument checks with one wording: the parameter, the value given, and the range that is valid.
/// Every public entry point of FlatBias checks its arguments here before it does any work.
/// </summary>
public static class Require
{
    /// <summary>Throws unless <paramref name="value"/> is finite and above zero.</summary>
    /// <param name="value">The value to check.</param>
    /// <param name="name">The parameter's name; filled in by the compiler.</param>
    /// <returns><paramref name="value"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN, infinite, zero or negative.</exception>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value > 0 ? value : throw Outside(name, value, "a finite number above 0");

    /// <summary>Throws unless <paramref name="value"/> is at least zero; infinity is.</summary>
    /// <param name="value">The value to check.</param>
    /// <param name="name">The parameter's name; filled in by the compiler.</param>
    /// <returns><paramref name="value"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or negative.</exception>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 0 ? value : throw Outside(name, value, "a number of at least 0");

    /// <summary>Throws unless 0 &lt;= <paramref name="value"/> &lt; 1, as for the decay of a running mean.</summary>
    /// <param name="value">The value to check.</param>
    /// <param name="name">The parameter's name; filled in by the compiler.</param>
    /// <returns><paramref name="value"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or outside the interval.</exception>
    public static double Decay(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and < 1 ? value : throw Outside(name, value, "a number from 0 to below 1");

    /// <summary>Throws unless 0 &lt; <paramref name="value"/> &lt; 1.</summary>
    /// <param name="value">The value to check.</param>
    /// <param name="name">The parameter's name; filled in by the compiler.</param>
    /// <returns><paramref name="value"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or outside the open interval.</exception>
    public static double Fraction(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is > 0 and < 1 ? value : throw Outside(name, value, "a number above 0 and below 1");

    /// <summary>Throws unless 0 &lt;= <paramref name="value"/> &lt;= 1.</summary>
    /// <param name="value">The value to check.</param>
    /// <param name="name">The parameter's name; filled in by the compiler.</param>
    /// <returns><paramref name="value"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or outside the interval.</exception>
    public static double Share(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and <= 1 ? value : throw Outside(name, value, "a number from 0 to 1");

    /// <summary>Throws unless <paramref name="value"/> is finite.</summary>
    /// <param name="value">The value to check.</param>
    /// <param name="name">The parameter's name; filled in by the compiler.</param>
    /// <returns><paramref name="value"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) ? value : throw Outside(name, value, "a finite number");

    /// <summary>Throws unless every element is finite.</summary>
    /// <param name="values">The values to check.</param>
    /// <param name="name">The parameter's name; filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">An element is NaN or infinite.</exception>
    public static void AllFinite(
        ReadOnlySpan<double> values,
        [CallerArgumentExpression(nameof(values))] string name = ""
    )
    {
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]))
                throw Outside($"{name}[{i}]", values[i], "a finite number");
    }

    /// <summary>Throws unless <paramref name="minimum"/> &lt;= <paramref name="value"/> &lt;= <paramref name="maximum"/>.</summary>
    /// <param name="value">The value to check.</param>
    /// <param name="minimum">The smallest valid value.</param>
    /// <param name="maximum">The largest valid value.</param>
    /// <param name="name">The parameter's name; filled in by the compiler.</param>
    /// <returns><paramref name="value"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside the range.</exception>
    public static int InRange(
        int value,
        int minimum,
        int maximum = int.MaxValue,
        [CallerArgumentExpression(nameof(value))] string name = ""
    ) =>
        value >= minimum && value <= maximum
            ? value
            : throw Outside(
                name,
                value,
                maximum == int.MaxValue
                    ? $"a whole number of at least {minimum}"
                    : $"a whole number from {minimum} to {maximum}"
            );

    /// <summary>Throws unless two lengths agree.</summary>
    /// <param name="actual">The length given.</param>
    /// <param name="expected">The length wanted.</param>
    /// <param name="name">The name of the parameter whose length it is.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Length(int actual, int expected, string name)
    {
        if (actual != expected)
            throw new ArgumentException($"{name} has {actual} elements; it must have {expected}.", name);
    }

    private static ArgumentOutOfRangeException Outside(string name, object value, string range) =>
        new(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {range}."));
}
