using System.Text.Json;
using System.Xml.Linq;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Packaging;

/// <summary>What others made and FlatBias passes on, as their packages say of themselves.</summary>
/// <param name="Id">The name of a package.</param>
/// <param name="Licence">Its licence, by the name in the SPDX list.</param>
/// <param name="Copyright">Whose it is.</param>
internal sealed record FetchedPackage(string Id, string Licence, string Copyright)
{
    /// <summary>The licences of those that only have an address of one.</summary>
    private static readonly Dictionary<string, string> Addressed = new() { ["K4os.Compression.LZ4"] = "MIT" };

    /// <summary>The folder that packages are fetched to.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Those with a file in the tool as it was built.</summary>
    public static IReadOnlyList<FetchedPackage> InTheTool()
    {
        var built = Path.Combine(Repository.Root, "src", "Tool", "bin", PackedFeed.Configuration, "net10.0");
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(built, "FlatBias.Tool.deps.json")));
        string[] kinds = ["runtime", "native", "runtimeTargets"];
        var libraries = file.RootElement.GetProperty("libraries");
        return Read(
            file.RootElement.GetProperty("targets")
                .EnumerateObject()
                .Single()
                .Value.EnumerateObject()
                .Where(l => libraries.GetProperty(l.Name).GetProperty("type").GetString() == "package")
                .Where(l =>
                    kinds.Any(kind => l.Value.TryGetProperty(kind, out var some) && some.EnumerateObject().Any())
                )
                .Select(l => l.Name.Split('/'))
                .Select(name => (name[0], name[1]))
        );
    }

    /// <summary>Those that the page of the laboratory is built of, without the runtime below them.</summary>
    public static IReadOnlyList<FetchedPackage> InThePage()
    {
        using var file = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "src", "Lab", "packages.lock.json"))
        );
        return Read(
            file.RootElement.GetProperty("dependencies")
                .EnumerateObject()
                .SelectMany(target => target.Value.EnumerateObject())
                .Where(package => package.Value.GetProperty("type").GetString() != "Project")
                .Select(package => (package.Name, package.Value.GetProperty("resolved").GetString()!))
        );
    }

    private static IReadOnlyList<FetchedPackage> Read(IEnumerable<(string Id, string Version)> names) =>
        [.. names.Distinct().Select(name => Read(name.Id, name.Version)).OrderBy(p => p.Id, StringComparer.Ordinal)];

    private static FetchedPackage Read(string id, string version)
    {
        var lower = id.ToLowerInvariant();
        var metadata = XDocument
            .Load(Path.Combine(Folder, lower, version, $"{lower}.nuspec"))
            .Root!.Elements()
            .Single(e => e.Name.LocalName == "metadata")
            .Elements()
            .ToLookup(e => e.Name.LocalName);
        var licence = metadata["license"].SingleOrDefault(e => (string?)e.Attribute("type") == "expression")?.Value;
        var owner = metadata["copyright"].Concat(metadata["authors"]).First().Value;
        return new(id, licence ?? Addressed[id], owner.Trim().TrimEnd('.'));
    }
}
