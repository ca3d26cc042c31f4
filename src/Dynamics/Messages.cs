namespace FlatBias.Dynamics;

/// <summary>What messages have in common.</summary>
public static class Messages
{
    /// <summary>What there is to choose from, as in "a, b or c".</summary>
    /// <param name="choices">The choices, at least one.</param>
    public static string OneOf(IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return choices.Count == 1
            ? choices[0]
            : $"{string.Join(", ", choices.Take(choices.Count - 1))} or {choices[^1]}";
    }

    /// <summary>A text as one line: names out of a damaged file can hold anything, also line ends and terminal control codes, and each becomes a space.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same number of characters, none of them a control character or a line or paragraph separator.</returns>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Create(
            text.Length,
            text,
            (line, source) =>
            {
                for (var i = 0; i < line.Length; i++)
                    line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
            }
        );
    }
}
