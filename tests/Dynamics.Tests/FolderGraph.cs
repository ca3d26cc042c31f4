using System.Text.RegularExpressions;

namespace FlatBias.Dynamics.Tests;

/// <summary>
/// Which folders of a project import which, read off its sources. A folder is a namespace; it imports another one
/// where one of its files names it, in full (so in a using directive) or from within the project together with a
/// type, as in Jets.Jet. A folder inside another one sees what is in it without a word, so it counts as importing it.
/// </summary>
internal sealed class FolderGraph
{
    private readonly Dictionary<string, SortedSet<string>> _imports = [];

    /// <summary>Reads the sources of a project.</summary>
    /// <param name="project">The namespace of the project, such as FlatBias.Dynamics.</param>
    /// <param name="sources">The texts of its files; one without a namespace is the entry point, in no folder.</param>
    public FolderGraph(string project, IEnumerable<string> sources)
    {
        var files = sources
            .Select(text => (Folder: NamespaceOf(text), Text: text))
            .Where(file => file.Folder.Length > 0)
            .ToArray();
        var types = files
            .SelectMany(file =>
                Regex
                    .Matches(file.Text, @"\b(?:class|struct|interface|enum|record) (\w+)")
                    .Select(match => $"{file.Folder}.{match.Groups[1]}")
            )
            .ToHashSet();
        foreach (var folder in files.Select(file => file.Folder))
            _imports.TryAdd(folder, []);
        foreach (var (folder, text) in files)
        {
            foreach (
                var parent in _imports.Keys.Where(other => folder.StartsWith($"{other}.", StringComparison.Ordinal))
            )
                Add(folder, parent);
            foreach (Match name in Regex.Matches(text, $@"\b{Regex.Escape(project)}(?:\.\w+)*"))
                if (Longest(name.Value) is { } full)
                    Add(folder, full);
            foreach (Match name in Regex.Matches(text, @"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)+"))
                if (
                    Longest($"{project}.{name.Value}") is { } short_
                    && types.Contains($"{short_}.{After(name.Value, short_, project)}")
                )
                    Add(folder, short_);
        }
    }

    /// <summary>The namespace that a file declares; empty where it declares none.</summary>
    public static string NamespaceOf(string text) =>
        Regex.Match(text, @"^namespace ([\w.]+);", RegexOptions.Multiline).Groups[1].Value;

    /// <summary>Folders that import one another in a circle, the first once more at the end; empty where none do.</summary>
    public IReadOnlyList<string> Cycle()
    {
        HashSet<string> done = [];
        List<string> path = [];
        return _imports.Keys.Order().Select(Visit).FirstOrDefault(cycle => cycle.Count > 0) ?? [];

        IReadOnlyList<string> Visit(string folder)
        {
            if (path.IndexOf(folder) is >= 0 and var start)
                return [.. path[start..], folder];
            if (!done.Add(folder))
                return [];
            path.Add(folder);
            foreach (var import in _imports[folder])
                if (Visit(import) is { Count: > 0 } cycle)
                    return cycle;
            path.RemoveAt(path.Count - 1);
            return [];
        }
    }

    private void Add(string folder, string import)
    {
        if (folder != import)
            _imports[folder].Add(import);
    }

    /// <summary>The innermost folder that a full name begins with.</summary>
    private string? Longest(string name)
    {
        for (; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
            if (_imports.ContainsKey(name))
                return name;
        return null;
    }

    /// <summary>The word after the folder in a name that is read from within the project; empty where the name ends.</summary>
    private static string After(string name, string folder, string project) =>
        $"{project}.{name}"[folder.Length..].Split('.', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
}
