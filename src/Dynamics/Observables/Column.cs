using System.Globalization;

namespace FlatBias.Dynamics.Observables;

/// <summary>
/// What is known of a column of a series, said once: pages and figures take it from here. Texts are Markdown, with
/// mathematics between dollar signs; a text that is empty has nothing to say.
/// </summary>
/// <param name="Meaning">What the number is, in half a sentence.</param>
public abstract record DeclaredColumn(string Meaning)
{
    /// <summary>The name, or what stands for the names of several: <c>rotation_{k}</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name as pages show it, or the first and the last of several.</summary>
    public abstract string Heading { get; }

    /// <summary>What the axis of a figure says, unit included, as plain text; empty where no figure shows it.</summary>
    public string Label { get; init; } = "";

    /// <summary>The unit; empty where the number has none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The values that occur, where that is not every number.</summary>
    public string Range { get; init; } = "";

    /// <summary>How the number comes about.</summary>
    public string Measured { get; init; } = "";

    /// <summary>How wrong it may be.</summary>
    public string Error { get; init; } = "";

    /// <summary>The equations of docs/theory.md that define it.</summary>
    public string Source { get; init; } = "";

    /// <summary>The runs that have the column; empty where all do.</summary>
    public string Runs { get; init; } = "";

    /// <summary>Whether a column of this name is meant.</summary>
    /// <param name="name">A name that stands in a series.</param>
    public abstract bool Covers(string name);
}

/// <summary>A column of one name, which it is wherever a name is asked for.</summary>
/// <param name="Name">The name in the series.</param>
/// <param name="Meaning">What the number is.</param>
public sealed record Column(string Name, string Meaning) : DeclaredColumn(Meaning)
{
    /// <inheritdoc/>
    public override string Name { get; } = Name;

    /// <inheritdoc/>
    public override string Heading => $"`{Name}`";

    /// <summary>The column's name.</summary>
    /// <param name="column">The column.</param>
    public static implicit operator string(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Name;
    }

    /// <inheritdoc/>
    public override bool Covers(string name) => name == Name;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Columns that a number tells apart, such as those of the leading pairs.</summary>
/// <param name="Stem">The name up to the number.</param>
/// <param name="Last">The last number, or the letter for it: k, P.</param>
/// <param name="Meaning">What the numbers are.</param>
public sealed record IndexedColumn(string Stem, string Last, string Meaning) : DeclaredColumn(Meaning)
{
    /// <summary>The first number.</summary>
    public int First { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => $"{Stem}{{{Last}}}";

    /// <inheritdoc/>
    public override string Heading => $"`{Stem}{First}` … `{Stem}{Last}`";

    /// <summary>The name of one column.</summary>
    /// <param name="index">Its number, from <see cref="First"/>.</param>
    public string this[int index] => string.Create(CultureInfo.InvariantCulture, $"{Stem}{index}");

    /// <inheritdoc/>
    public override bool Covers(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Stem, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index >= First
            && name == this[index];
    }
}

/// <summary>Columns that a name tells apart, such as those of the theories.</summary>
/// <param name="Before">The column's name up to that name.</param>
/// <param name="Key">What stands for that name: THEORY.</param>
/// <param name="After">The column's name from there on.</param>
/// <param name="Meaning">What the numbers are.</param>
public sealed record KeyedColumn(string Before, string Key, string After, string Meaning) : DeclaredColumn(Meaning)
{
    /// <inheritdoc/>
    public override string Name => $"{Before}{{{Key}}}{After}";

    /// <inheritdoc/>
    public override string Heading => $"`{this[Key]}`";

    /// <summary>The name of one column.</summary>
    /// <param name="key">The name that tells it apart.</param>
    public string this[string key] => $"{Before}{key}{After}";

    /// <inheritdoc/>
    public override bool Covers(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > Before.Length + After.Length
            && name.StartsWith(Before, StringComparison.Ordinal)
            && name.EndsWith(After, StringComparison.Ordinal);
    }
}
