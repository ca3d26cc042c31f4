using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>A file of docs/ that is made from the code, or holds tables that are.</summary>
internal static class GeneratedPage
{
    /// <summary>The file as it is.</summary>
    /// <param name="name">Its path below docs/.</param>
    public static string Read(string name) =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", name)).ReplaceLineEndings("\n");

    /// <summary>Asserts that the file is what the code makes now; with FLATBIAS_REGENERATE=1 in the environment it is written instead.</summary>
    /// <param name="name">Its path below docs/.</param>
    /// <param name="text">What it has to be.</param>
    public static void Check(string name, string text)
    {
        var path = Path.Combine(Repository.Root, "docs", name);
        if (Environment.GetEnvironmentVariable("FLATBIAS_REGENERATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text,
            $"docs/{name} is stale; FLATBIAS_REGENERATE=1 dotnet test --project tests/Reports.Tests writes it anew."
        );
    }
}
