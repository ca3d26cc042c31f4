using System.Collections;

namespace FlatBias.Dynamics.Catalogues;

/// <summary>Something that a user can choose by name.</summary>
public interface INamed
{
    /// <summary>The name on the command line, in records and in scripts; lower case.</summary>
    string Name { get; }

    /// <summary>What it is, in one line.</summary>
    string Summary { get; }

    /// <summary>What it can be built from, with defaults; empty where there is nothing to set.</summary>
    IReadOnlyList<Parameter> Parameters => [];
}

/// <summary>All that can be chosen of one kind: what lists, help, completion and the error for an unknown name are made of.</summary>
/// <typeparam name="T">The kind of entry.</typeparam>
public sealed class Catalogue<T> : IReadOnlyList<T>
    where T : INamed
{
    private readonly T[] _entries;

    /// <summary>Makes a catalogue.</summary>
    /// <param name="kind">What an entry is called, such as "landscape".</param>
    /// <param name="entries">The entries in the order in which lists show them.</param>
    /// <exception cref="ArgumentException">Two entries have the same name.</exception>
    public Catalogue(string kind, IEnumerable<T> entries)
    {
        (Kind, _entries) = (kind, [.. entries]);
        if (_entries.CountBy(e => e.Name).FirstOrDefault(e => e.Value > 1).Key is { } twice)
            throw new ArgumentException($"The {kind} '{twice}' is there twice.", nameof(entries));
    }

    /// <summary>What an entry is called.</summary>
    public string Kind { get; }

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Select(e => e.Name)];

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public T this[int index] => _entries[index];

    /// <summary>An entry by name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those that there are.</exception>
    public T Find(string name) =>
        TryFind(name, out var entry)
            ? entry
            : throw new ArgumentException(
                $"{Kind} is '{name}'; it must be {Messages.OneOf(Names)}.{Messages.DidYouMean(name, Names)}"
            );

    /// <summary>An entry by name, if there is one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="entry">The entry.</param>
    public bool TryFind(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T entry)
    {
        var index = Array.FindIndex(_entries, e => e.Name == name);
        entry = index < 0 ? default : _entries[index];
        return index >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_entries).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
