using System.Globalization;

namespace FlatBias.Dynamics.Sweeps;

/// <summary>What an axis of a sweep holds.</summary>
public enum AxisKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Whole numbers.</summary>
    Whole,

    /// <summary>Words, such as the names of update rules.</summary>
    Text,
}

/// <summary>A parameter with the values that a sweep runs it over.</summary>
public sealed class Axis
{
    // More than anyone waits for, and little enough for memory.
    private const int MostValues = 1_000_000;

    private readonly double[] _numbers;
    private readonly string[] _texts;

    private Axis(string name, AxisKind kind, double[] numbers, string[] texts)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("The name of an axis is empty; it must name a parameter.", nameof(name));
        if (texts.Length == 0)
            throw new ArgumentException($"The axis {name} is empty; it must have at least one value.", nameof(name));
        var seen = new HashSet<string>(texts.Length, StringComparer.Ordinal);
        if (Array.Find(texts, text => !seen.Add(text)) is { } twice)
            throw new ArgumentException($"The axis {name} has the value {twice} twice.", nameof(name));
        (Name, Kind, _numbers, _texts) = (name, kind, numbers, texts);
    }

    /// <summary>The parameter's name.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public AxisKind Kind { get; }

    /// <summary>The number of values, at least 1.</summary>
    public int Count => _texts.Length;

    /// <summary>Evenly spaced numbers, both ends included exactly.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="from">The first value, finite.</param>
    /// <param name="to">The last value, finite and not <paramref name="from"/>.</param>
    /// <param name="count">The number of values, from 2 to a million.</param>
    /// <exception cref="ArgumentException">A bound is not finite, the bounds are equal, or there are too few values.</exception>
    public static Axis Linear(string name, double from, double to, int count) =>
        Spaced(name, from, to, count, t => from + ((to - from) * t));

    /// <summary>Numbers with a constant ratio, both ends included exactly.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="from">The first value, finite and above 0.</param>
    /// <param name="to">The last value, finite, above 0 and not <paramref name="from"/>.</param>
    /// <param name="count">The number of values, from 2 to a million.</param>
    /// <exception cref="ArgumentException">A bound is not finite or not above 0, the bounds are equal, or there are too few values.</exception>
    public static Axis Log(string name, double from, double to, int count)
    {
        Require.Positive(from);
        Require.Positive(to);
        return Spaced(name, from, to, count, t => from * Math.Pow(to / from, t));
    }

    /// <summary>Numbers one by one.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="values">Finite and different from one another, at least one.</param>
    /// <exception cref="ArgumentException">There is no value, one is not finite, or one comes twice.</exception>
    public static Axis List(string name, params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Require.AllFinite(values, name);
        return new Axis(name, AxisKind.Number, [.. values], [.. values.Select(Written)]);
    }

    /// <summary>Words one by one.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="values">Different from one another, at least one.</param>
    /// <exception cref="ArgumentException">There is no value, or one comes twice.</exception>
    public static Axis List(string name, params string[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Axis(name, AxisKind.Text, [], [.. values]);
    }

    /// <summary>Successive whole numbers.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="first">The first.</param>
    /// <param name="last">The last, at least <paramref name="first"/> and less than a million above it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The last is below the first, or too far above it.</exception>
    public static Axis Whole(string name, int first, int last)
    {
        Require.InRange(last, first, (int)Math.Min(int.MaxValue, (long)first + MostValues - 1));
        double[] numbers = [.. Enumerable.Range(0, last - first + 1).Select(i => (double)(first + i))];
        return new Axis(name, AxisKind.Whole, numbers, [.. numbers.Select(Written)]);
    }

    /// <summary>A value as a number.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="ArgumentException">The axis holds words.</exception>
    public double Number(int index) =>
        Kind == AxisKind.Text
            ? throw new ArgumentException($"The axis {Name} holds words; read it as text.", nameof(index))
            : _numbers[index];

    /// <summary>A value as it would be written: for numbers the shortest text that reads back as the same bits.</summary>
    /// <param name="index">From 0.</param>
    public string Text(int index) => _texts[index];

    private static Axis Spaced(string name, double from, double to, int count, Func<double, double> at)
    {
        Require.Finite(from);
        Require.Finite(to);
        Require.InRange(count, 2, MostValues);
        if (from == to)
            throw new ArgumentException(
                $"The axis {name} has from = to = {Written(from)}; they must differ.",
                nameof(to)
            );
        double[] values =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    i == 0 ? from
                    : i == count - 1 ? to
                    : at((double)i / (count - 1))
                ),
        ];
        return List(name, values);
    }

    private static string Written(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
