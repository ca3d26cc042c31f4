namespace FlatBias.Reports.Pages;

/// <summary>At which side of its column a cell's text stands.</summary>
public enum ColumnAlignment
{
    /// <summary>At the left: for text.</summary>
    Left,

    /// <summary>In the middle: for short marks.</summary>
    Centre,

    /// <summary>At the right: for numbers.</summary>
    Right,
}

/// <summary>How a row stands out. Colour only supports what the row's text says, so that nothing is lost in greyscale.</summary>
public enum RowAccent
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A green tint: a claim that was confirmed.</summary>
    Good,

    /// <summary>An orange tint: a claim that was refuted.</summary>
    Bad,

    /// <summary>A grey tint: no decision.</summary>
    Muted,
}

/// <summary>A column of a table.</summary>
/// <param name="Header">The text above it.</param>
/// <param name="Width">Its width relative to the other columns, above 0.</param>
/// <param name="Alignment">At which side its texts stand.</param>
public sealed record TableColumn(string Header, double Width, ColumnAlignment Alignment = ColumnAlignment.Left);

/// <summary>A row of a table.</summary>
/// <param name="Cells">The texts, one a column. Two stars around a phrase make it bold.</param>
/// <param name="Accent">How the row stands out.</param>
public sealed record TableRow(IReadOnlyList<string> Cells, RowAccent Accent = RowAccent.None)
{
    /// <summary>Whether it heads the rows that follow, and stays on the page of the next.</summary>
    internal bool Heads { get; init; }
}
