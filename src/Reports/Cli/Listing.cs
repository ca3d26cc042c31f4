using FlatBias.Dynamics.Catalogues;

namespace FlatBias.Reports.Cli;

/// <summary>How everything that is chosen by name is listed.</summary>
internal static class Listing
{
    /// <summary>Prints a catalogue under a heading.</summary>
    /// <param name="heading">What they are and where they are given.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="note">What is added to an entry's summary.</param>
    public static void Print<T>(string heading, IEnumerable<T> entries, Func<T, string>? note = null)
        where T : INamed
    {
        Console.WriteLine($"{heading}:");
        foreach (var entry in entries)
            Print(entry, "  ", note?.Invoke(entry) ?? "");
        Console.WriteLine();
    }

    /// <summary>Prints an entry and its parameters.</summary>
    public static void Print(INamed entry, string indent, string note)
    {
        Console.WriteLine($"{indent}{entry.Name}: {entry.Summary}{note}");
        foreach (var parameter in entry.Parameters)
            Console.WriteLine($"{indent}    {parameter.Name} = {parameter.Default}: {parameter.Meaning}");
    }
}
