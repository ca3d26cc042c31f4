using FlatBias.Reports.Records;

namespace FlatBias.Reports.Viewing;

/// <summary>Names for several runs, of what differs between their specifications.</summary>
internal static class RunLabels
{
    // More would be a list, which no legend holds.
    private const int MostNamed = 3;

    /// <summary>
    /// One name a run: its values of the settings that differ, or its folder where too many do, or none does.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<KnownRun> runs)
    {
        if (runs.Count < 2)
            return [.. runs.Select(_ => "")];
        SortedDictionary<string, string>[] settings = [.. runs.Select(run => Settings.Of(run.Specification))];
        var differing = Settings.Differing(settings);
        string[] names = differing.Count is 0 or > MostNamed
            ? [.. runs.Select(run => FolderName(run.Folder))]
            : [.. settings.Select(own => string.Join(", ", differing.Select(name => Text(own, name, differing))))];
        return
        [
            .. names.Select(
                (name, i) => names.Count(other => other == name) == 1 ? name : $"{name} ({FolderName(runs[i].Folder)})"
            ),
        ];
    }

    private static string FolderName(string folder) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static string Text(SortedDictionary<string, string> own, string name, IReadOnlyList<string> differing)
    {
        var last = Last(name);
        var shown = differing.Count(other => Last(other) == last) == 1 ? last : name;
        return own.TryGetValue(name, out var value) ? $"{shown} {value.Trim('"')}" : $"{shown} not set";
    }

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];
}
