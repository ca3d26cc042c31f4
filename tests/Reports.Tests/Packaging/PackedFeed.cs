using System.Diagnostics;
using System.Xml.Linq;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Packaging;

/// <summary>A folder feed with all packages of the repository, made once for the tests from what has just been built.</summary>
public sealed class PackedFeed : IDisposable
{
    public static readonly string[] Projects = ["Dynamics", "Quadratic", "NeuralValidation", "Reports", "Tool"];

    private readonly TemporaryFolder _folder = new();

    public PackedFeed()
    {
        // What was fetched before comes before the feed, and would be tested in its place.
        foreach (
            var id in new[]
            {
                "flatbias",
                "flatbias.dynamics",
                "flatbias.quadratic",
                "flatbias.neuralvalidation",
                "flatbias.tool",
            }
        )
        {
            var fetched = Path.Combine(FetchedPackage.Folder, id, Version);
            Assert.False(Directory.Exists(fetched), $"{fetched} is in the way of what has been built: remove it");
        }

        foreach (var project in Projects)
        {
            var (code, output) = Run(
                Repository.Root,
                "pack",
                Path.Combine("src", project),
                "--no-build",
                "-c",
                Configuration,
                "-o",
                Feed,
                $"-p:RepositoryUrl={Url}"
            );
            Assert.True(code == 0, $"packing {project}: {output}");
        }
    }

    /// <summary>The folder of the packages.</summary>
    public string Feed => _folder.File("feed");

    /// <summary>A package of it.</summary>
    /// <param name="id">Its name.</param>
    public string File(string id) => Path.Combine(Feed, $"{id}.{Version}.nupkg");

    /// <summary>Stands for the address of the project, which a release gives.</summary>
    public const string Url = "https://flatbias.example/";

    /// <summary>The version packed.</summary>
    public static string Version { get; } =
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>Debug or Release, as the tests themselves.</summary>
    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains(
            $"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}",
            StringComparison.Ordinal
        )
            ? "Release"
            : "Debug";

    /// <summary>A folder of its own for one test, with a NuGet configuration that takes FlatBias from the feed and everything else from what the machine has already fetched.</summary>
    public string Workspace(string name)
    {
        var path = Directory.CreateDirectory(_folder.File(name)).FullName;
        new XElement(
            "configuration",
            new XElement("config", Setting("globalPackagesFolder", Path.Combine(path, "packages"))),
            new XElement("fallbackPackageFolders", Setting("fetched", FetchedPackage.Folder)),
            new XElement("packageSources", new XElement("clear"), Setting("feed", Feed))
        ).Save(Path.Combine(path, "nuget.config"));
        return path;
    }

    /// <summary>Runs the dotnet command.</summary>
    public static (int Code, string Output) Run(string folder, params string[] arguments) =>
        RunFile("dotnet", folder, arguments);

    /// <summary>Runs a program to its end.</summary>
    public static (int Code, string Output) RunFile(string file, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the surrounding test run has set for its own build would leak into the child's.
        foreach (
            var name in new[]
            {
                "MSBuildSDKsPath",
                "MSBUILD_EXE_PATH",
                "MSBuildLoadMicrosoftTargetsReadOnly",
                "NUGET_PACKAGES",
            }
        )
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // A program of one file is built below this folder, and would stay there.
        using var built = new TemporaryFolder();
        start.Environment["XDG_DATA_HOME"] = built.Path;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    public void Dispose() => _folder.Dispose();

    private static XElement Setting(string key, string value) =>
        new("add", new XAttribute("key", key), new XAttribute("value", value));
}
