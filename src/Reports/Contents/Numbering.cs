namespace FlatBias.Reports.Contents;

/// <summary>Numbers figures and tables through a report.</summary>
/// <param name="draft">The numbers of a draft of the report, to refer to what comes later; null for the draft itself.</param>
internal sealed class Numbering(Numbering? draft = null)
{
    private readonly Dictionary<string, int> _byName = [];
    private int _figures,
        _tables;

    /// <summary>The numbers of figures by the headings of their captions, of those that the report has; in a draft 0.</summary>
    public IReadOnlyList<int> Of(IEnumerable<string> captions) =>
        draft is null
            ? [.. captions.Select(_ => 0)]
            : [.. captions.Where(draft._byName.ContainsKey).Select(caption => draft._byName[caption]).Order()];

    /// <summary>The title of the next table, with its number.</summary>
    public string Table(string title) => $"**Table {++_tables}.** {title}";

    /// <summary>The caption of the next figure, with its number.</summary>
    /// <param name="name">The heading of the caption in the chapter's text; of equal ones the first counts.</param>
    /// <param name="caption">The caption.</param>
    public string Figure(string name, string caption)
    {
        _byName.TryAdd(name, ++_figures);
        return $"**Figure {_figures}.** {caption}";
    }

    /// <summary>What stands above the further pages of the last table.</summary>
    public string Continued => $"**Table {_tables}**, continued.";

    /// <summary>Refers to the next figures and tables of a chapter.</summary>
    /// <param name="figures">How many figures will follow.</param>
    /// <param name="tables">How many tables, the last of them that of the verdicts.</param>
    public string Reference(int figures, int tables)
    {
        var shown =
            figures > 0 ? $"{Range("Figure", _figures, figures)} {(figures == 1 ? "shows" : "show")} the runs, " : "";
        var found =
            tables > 1
                ? $"{Range("Table", _tables, tables - 1)} {(tables == 2 ? "has" : "have")} the numbers, and "
                : "";
        return $"{shown}{found}Table {_tables + tables} has the verdicts.";
    }

    private static string Range(string what, int before, int count) =>
        count == 1 ? $"{what} {before + 1}"
        : count == 2 ? $"{what}s {before + 1} and {before + 2}"
        : $"{what}s {before + 1} to {before + count}";
}
