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

    /// <summary>All of some things, as in "a, b and c".</summary>
    /// <param name="things">The things, at least one.</param>
    public static string AllOf(IReadOnlyList<string> things)
    {
        ArgumentNullException.ThrowIfNull(things);
        return things.Count == 1 ? things[0] : $"{string.Join(", ", things.Take(things.Count - 1))} and {things[^1]}";
    }

    /// <summary>Asks whether another word was meant: the nearest of those that there are, where one is near.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="choices">What there is.</param>
    /// <returns>A question with a space before it; nothing where no choice is near.</returns>
    public static string DidYouMean(string word, IEnumerable<string> choices)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(choices);
        // A slip of the keyboard is an edit or two; what differs by more than a third of its letters is another word.
        // What is far too long is not compared at all.
        var most = Math.Min(2, word.Length / 3);
        var nearest = choices
            .Where(choice => Math.Abs(choice.Length - word.Length) <= most)
            .Select(choice => (Choice: choice, Edits: Edits(word, choice)))
            .Where(pair => pair.Edits <= most)
            .OrderBy(pair => pair.Edits)
            .Select(pair => pair.Choice)
            .FirstOrDefault();
        return nearest is null ? "" : $" Did you mean {nearest}?";
    }

    /// <summary>The fewest insertions, deletions, replacements and exchanges of neighbours that make one word the other.</summary>
    private static int Edits(string from, string to)
    {
        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        for (var j = 0; j <= to.Length; j++)
        {
            if (i == 0 || j == 0)
            {
                edits[i, j] = i + j;
                continue;
            }

            var same = from[i - 1] == to[j - 1];
            edits[i, j] = Math.Min(
                edits[i - 1, j - 1] + (same ? 0 : 1),
                1 + Math.Min(edits[i - 1, j], edits[i, j - 1])
            );
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
        }

        return edits[from.Length, to.Length];
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
