namespace FlatBias.Dynamics;

/// <summary>What messages about files and specifications have in common.</summary>
public static class Messages
{
    /// <summary>A text as one line: names out of a damaged file can hold anything, also line ends and terminal control codes, and each becomes a space.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same number of characters, none of them a control character or a line or paragraph separator.</returns>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Create(text.Length, text, (line, source) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
        });
    }
}
