using FlatBias.Dynamics;
using FlatBias.Dynamics.Catalogues;
using FlatBias.NeuralValidation.Files;

namespace FlatBias.NeuralValidation.Data;

/// <summary>What a user asked for as data, taken apart: NAME, NAME:PLACE and NAME:PLACE,setting=value, or NAME:setting=value for sets without files; or a bare folder or file, whose kind its content tells.</summary>
/// <param name="Entry">The data set.</param>
/// <param name="Place">A folder or file, or null where none was given.</param>
/// <param name="Values">The settings.</param>
internal sealed record DataRequest(DataEntry Entry, string? Place, ParameterValues Values)
{
    /// <summary>The folder or file: the one given, or for a folder the first of <see cref="DataCatalogue.Places"/> that is there.</summary>
    /// <exception cref="ArgumentException">A file was to be given.</exception>
    /// <exception cref="DataFileException">No folder is there.</exception>
    public string Located =>
        Place
        ?? (
            Entry.Place == DataPlace.Folder
                ? DataCatalogue.Places(Entry.Name).FirstOrDefault(Directory.Exists)
                    ?? throw new DataFileException(
                        Entry.Name,
                        $"it is not on this machine; looked for in {string.Join(", ", DataCatalogue.Places(Entry.Name))}; name its folder by {Entry.Syntax} (flatbias data list says how to get it)"
                    )
                : throw new ArgumentException($"data: {Entry.Name} needs a file, as in {Entry.Syntax}.")
        );

    /// <summary>Where the samples come from, as records and lists say it.</summary>
    public string Origin =>
        Entry.Place == DataPlace.Drawn ? Entry.OriginWithoutPlace
        : Place is null && Entry.Embedded is not null ? "embedded"
        : Located;

    public static DataRequest Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new ArgumentException(
                "data is empty; it must be a name, a folder or a file (see flatbias data list)."
            );
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (!DataCatalogue.All.TryFind(colon < 0 ? text : text[..colon], out var entry))
            return Bare(text);
        var rest = colon < 0 ? "" : text[(colon + 1)..];
        return entry.Place == DataPlace.Drawn ? Drawn(entry, rest) : Placed(entry, rest);
    }

    /// <summary>Names of files and values may hold commas and equals signs, so that only the names of the set's own settings part them.</summary>
    private static DataRequest Placed(DataEntry entry, string rest)
    {
        (int At, string Name)[] cuts =
        [
            .. entry
                .Parameters.SelectMany(p => Occurrences(rest, $",{p.Name}=").Select(at => (at, p.Name)))
                .OrderBy(cut => cut.at),
        ];
        var given = new Dictionary<string, string>();
        for (var i = 0; i < cuts.Length; i++)
        {
            var (at, name) = cuts[i];
            var end = i + 1 < cuts.Length ? cuts[i + 1].At : rest.Length;
            if (!given.TryAdd(name, rest[(at + name.Length + 2)..end]))
                throw new ArgumentException($"data is '{entry.Name}:{rest}'; {name} comes twice.");
        }

        var place = cuts.Length == 0 ? rest : rest[..cuts[0].At];
        return new DataRequest(entry, place.Length == 0 ? null : place, new ParameterValues(entry, given));
    }

    private static IEnumerable<int> Occurrences(string text, string part)
    {
        for (
            var at = text.IndexOf(part, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(part, at + 1, StringComparison.Ordinal)
        )
            yield return at;
    }

    private static DataRequest Drawn(DataEntry entry, string rest)
    {
        var given = new Dictionary<string, string>();
        foreach (var item in rest.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !given.TryAdd(item[..equals], item[(equals + 1)..]))
                throw new ArgumentException(
                    $"data: {entry.Name} has no files; '{item}' is not a setting of the form name=value, or it comes twice."
                );
        }

        return new DataRequest(entry, null, new ParameterValues(entry, given));
    }

    private static DataRequest Bare(string place)
    {
        if (DataCatalogue.All.FirstOrDefault(entry => entry.Recognises(place)) is { } known)
            return new DataRequest(known, place, new ParameterValues(known, new Dictionary<string, string>()));
        if (!Directory.Exists(place))
            throw new DataFileException(
                place,
                $"there is no such folder or file, and no data set of that name; the names are {string.Join(", ", DataCatalogue.All.Names)}.{Messages.DidYouMean(place, DataCatalogue.All.Names)}"
            );
        var telling = DataCatalogue
            .All.Where(entry => entry.TellingFiles.Count > 0)
            .Select(entry => $"{string.Join(" or ", entry.TellingFiles)} ({entry.Name})");
        throw new DataFileException(
            place,
            $"it holds none of the files that tell a data set: {string.Join(", ", telling)}"
        );
    }
}
