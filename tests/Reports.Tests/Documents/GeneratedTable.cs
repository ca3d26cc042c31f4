using System.Text;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>Tables of pages that are made from the code, between words that are not.</summary>
internal static class GeneratedTable
{
    /// <summary>A table in Markdown.</summary>
    /// <param name="heads">The heads of its columns.</param>
    /// <param name="rows">The cells of each row, as Markdown.</param>
    public static string Of(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder();
        Append(heads);
        Append([.. heads.Select(_ => "---")]);
        foreach (var row in rows)
            Append(row);
        return table.ToString();

        void Append(IReadOnlyList<string> cells) =>
            table.Append('|').Append(string.Concat(cells.Select(c => c.Length == 0 ? " |" : $" {c} |"))).Append('\n');
    }

    /// <summary>A text as it has to stand in a cell.</summary>
    /// <param name="text">Plain text, which may hold a bar or a smaller sign.</param>
    public static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "\\<", StringComparison.Ordinal);

    /// <summary>A page with another table in place of the first below a heading.</summary>
    /// <param name="page">The page.</param>
    /// <param name="heading">The heading, without its signs.</param>
    /// <param name="table">The table.</param>
    public static string Replace(string page, string heading, string table)
    {
        var lines = page.ReplaceLineEndings("\n").Split('\n').ToList();
        var start = lines.IndexOf($"## {heading}");
        Assert.True(start >= 0, $"The page has no heading '## {heading}'.");
        var first = lines.FindIndex(
            start + 1,
            line => line.StartsWith('|') || line.StartsWith("## ", StringComparison.Ordinal)
        );
        Assert.True(first >= 0 && lines[first].StartsWith('|'), $"There is no table below '## {heading}'.");
        var end = lines.FindIndex(first, line => !line.StartsWith('|'));
        lines.RemoveRange(first, end - first);
        lines.InsertRange(first, table.TrimEnd('\n').Split('\n'));
        return string.Join('\n', lines);
    }
}
