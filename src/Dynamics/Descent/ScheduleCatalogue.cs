using System.Globalization;
using FlatBias.Dynamics.Catalogues;

namespace FlatBias.Dynamics.Descent;

/// <summary>A step-size schedule that can be written as one text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">How it is written: a word and a colon where it is not a mere number, then its numbers in
/// capitals; a list of any length ends in three dots.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Make">Makes it from its numbers.</param>
public sealed record ScheduleEntry(string Name, string Form, string Summary, Func<double[], StepSizeSchedule> Make)
    : INamed
{
    private const string Open = ",...";

    /// <summary>Whether a word and a count of numbers are those of the form.</summary>
    internal bool Fits(string word, int numbers)
    {
        var (own, list) = ScheduleCatalogue.Split(Form);
        return own == word && (Form.EndsWith(Open, StringComparison.Ordinal) || list.Length == numbers);
    }
}

/// <summary>The step-size schedules, by name.</summary>
public static class ScheduleCatalogue
{
    /// <summary>All of them, the simplest first.</summary>
    public static Catalogue<ScheduleEntry> All { get; } =
        new(
            "schedule",
            [
                new("constant", "NUMBER", "one step size throughout", n => new ConstantStepSize(n[0])),
                new(
                    "drop",
                    "drop:HIGH,LOW,AT",
                    "HIGH before step AT, LOW from there on, (8.3)",
                    n => new DroppedStepSize(n[0], n[1], Whole(n[2], "drop step"))
                ),
                new(
                    "warm-up",
                    "warm-up:SIZE,STEPS",
                    "a linear rise to SIZE in STEPS steps, then SIZE",
                    n => new WarmedUpStepSize(n[0], Whole(n[1], "warm-up"))
                ),
                new("cyclic", "cyclic:A,B,...", "a list of step sizes, over and over", n => new CyclicStepSize(n)),
            ]
        );

    /// <summary>How schedules are written, one after the other.</summary>
    public static string Forms { get; } =
        string.Join(", ", All.Take(All.Count - 1).Select(e => e.Form)) + " or " + All[^1].Form;

    /// <summary>Reads a schedule.</summary>
    internal static StepSizeSchedule Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (word, list) = Split(text);
        var numbers = new double[list.Length];
        for (var i = 0; i < list.Length; i++)
            numbers[i] = WrittenNumber.Read(list[i]) ?? throw Malformed(text);
        return (All.FirstOrDefault(entry => entry.Fits(word, numbers.Length)) ?? throw Malformed(text)).Make(numbers);
    }

    /// <summary>The word before the colon, empty where there is none, and the items after it.</summary>
    internal static (string Word, string[] Items) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (colon < 0 ? "" : text[..colon], text[(colon + 1)..].Split(','));
    }

    private static int Whole(double value, string name) =>
        value == Math.Floor(value) && Math.Abs(value) < int.MaxValue
            ? (int)value
            : throw new ArgumentException(
                $"{name} is {value.ToString(CultureInfo.InvariantCulture)}; it must be a whole number.",
                name
            );

    private static ArgumentException Malformed(string text) => new($"step-size is '{text}'; it must be {Forms}.");
}
