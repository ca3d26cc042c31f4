namespace FlatBias.Reports.Contents;

/// <summary>Numbers figures and tables through a report.</summary>
internal sealed class Numbering
{
    private int _figures,
        _tables;

    /// <summary>The title of the next table, with its number.</summary>
    public string Table(string title) => $"**Table {++_tables}.** {title}";

    /// <summary>The caption of the next figure, with its number.</summary>
    public string Figure(string caption) => $"**Figure {++_figures}.** {caption}";

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
