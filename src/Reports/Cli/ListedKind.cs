using FlatBias.Dynamics.Catalogues;

namespace FlatBias.Reports.Cli;

/// <summary>Something that has a name, as lists show it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Fact">What else is said of things of its kind.</param>
/// <param name="Parameters">What can be set.</param>
/// <param name="Group">What it stands under; null where its kind has no groups.</param>
internal sealed record Listed(
    string Name,
    string Summary,
    string? Fact,
    IReadOnlyList<Parameter> Parameters,
    string? Group = null
);

/// <summary>A kind of thing that has names.</summary>
/// <param name="Plural">What all of them are called.</param>
/// <param name="Singular">What one is called.</param>
/// <param name="Heading">What they are and where they are given.</param>
/// <param name="Fact">What the further fact of each is called.</param>
/// <param name="FactForm">How that fact stands behind the summary, with {0} in its place.</param>
/// <param name="All">All of them.</param>
internal sealed record ListedKind(
    string Plural,
    string Singular,
    string Heading,
    string Fact,
    string FactForm,
    Func<IReadOnlyList<Listed>> All
)
{
    /// <summary>The kind of a catalogue.</summary>
    public static ListedKind Of<T>(
        string plural,
        string singular,
        string heading,
        Func<Catalogue<T>> entries,
        string fact = "",
        Func<T, string>? value = null,
        string form = ""
    )
        where T : INamed =>
        new(
            plural,
            singular,
            heading,
            fact,
            form,
            () =>
                [
                    .. entries()
                        .Select(entry => new Listed(entry.Name, entry.Summary, value?.Invoke(entry), entry.Parameters)),
                ]
        );

    /// <summary>One of them.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public Listed Find(string name) =>
        All() is var all && all.FirstOrDefault(listed => listed.Name == name) is { } found
            ? found
            : throw new ArgumentException(
                $"there is no {Singular} '{name}'; flatbias list {Plural} shows them.{Dynamics.Messages.DidYouMean(name, all.Select(listed => listed.Name))}"
            );
}
