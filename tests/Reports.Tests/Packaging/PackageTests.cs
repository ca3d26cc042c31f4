using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FlatBias.NeuralValidation.Native;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Packaging;

/// <summary>Packs everything, installs it from a folder feed as a stranger would, and runs it. Not while another test's dotnet command restores the same projects.</summary>
[Collection("dotnet command")]
public sealed partial class PackageTests(PackedFeed packed) : IClassFixture<PackedFeed>
{
    [Theory]
    [InlineData("FlatBias.Dynamics", "FlatBias.Dynamics")]
    [InlineData("FlatBias.Quadratic", "FlatBias.Quadratic")]
    [InlineData("FlatBias.NeuralValidation", "FlatBias.NeuralValidation")]
    [InlineData("FlatBias", "flatbias")]
    public void Package_Library_HasDocumentationAndSymbols(string id, string assembly)
    {
        using var package = Open(id);
        var names = package.Entries.Select(e => e.FullName).ToArray();

        Assert.Contains($"lib/net10.0/{assembly}.dll", names);
        Assert.Contains($"lib/net10.0/{assembly}.xml", names);
        Assert.Equal(id == "FlatBias", names.Contains("interactive-extensions/dotnet/extension.dib"));
        using var symbols = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{id}.{PackedFeed.Version}.snupkg"));
        Assert.Contains($"lib/net10.0/{assembly}.pdb", symbols.Entries.Select(e => e.FullName));
    }

    [Theory]
    [InlineData("FlatBias.Dynamics")]
    [InlineData("FlatBias.Quadratic")]
    [InlineData("FlatBias.NeuralValidation")]
    [InlineData("FlatBias")]
    [InlineData("FlatBias.Tool")]
    public void Package_Any_SaysWhatItIsAndWhere(string id)
    {
        using var package = Open(id);
        var metadata = Metadata(package, id);

        // The limit of the public feed.
        Assert.InRange(metadata("releaseNotes").Length, 1, 35_000);
        Assert.Equal(PackedFeed.Url, metadata("projectUrl"));
        Assert.Equal("MIT", metadata("license"));
        Assert.All(
            ["authors", "description", "tags", "copyright"],
            name => Assert.False(string.IsNullOrWhiteSpace(metadata(name)), name)
        );
        Assert.Contains($"type=\"git\" url=\"{PackedFeed.Url}\" commit=\"", Text(package, $"{id}.nuspec"));
        Assert.All(
            [metadata("readme"), metadata("icon"), "LICENSE", "NOTICE.md"],
            file => Assert.InRange(package.GetEntry(file)?.Length ?? 0, 1, 1_000_000)
        );
    }

    [Theory]
    [InlineData("FlatBias.NeuralValidation")]
    [InlineData("FlatBias")]
    public void Package_OverTorch_DependsOnNoLibtorch(string id)
    {
        using var package = Open(id);

        var dependencies = Regex.Matches(Text(package, $"{id}.nuspec"), "dependency id=\"([^\"]+)\"");
        var names = dependencies.Select(match => match.Groups[1].Value).ToArray();

        Assert.Contains("TorchSharp", names);
        Assert.DoesNotContain(names, name => name.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(names, name => name.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Package_Tool_HoldsThisPlatformAlone()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64,
            "the libraries named are those of Linux on x64"
        );
        const string natives = "tools/net10.0/any/runtimes/linux-x64/native/";
        string[] wanted =
        [
            "libHarfBuzzSharp.so",
            "libLibTorchSharp.so",
            "libSkiaSharp.so",
            "libc10.so",
            "libgomp",
            "libtorch.so",
            "libtorch_cpu.so.br",
        ];
        using var tool = Open("FlatBias.Tool");

        var libraries = tool
            .Entries.Select(entry => entry.FullName)
            .Where(name =>
                name.Contains("/runtimes/", StringComparison.Ordinal) || Regex.IsMatch(name, "[.](so|dylib)")
            )
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.Equal(wanted.Length, libraries.Length);
        Assert.All(
            wanted.Zip(libraries),
            pair => Assert.StartsWith(natives + pair.First, pair.Second, StringComparison.Ordinal)
        );
        Assert.InRange(new FileInfo(packed.File("FlatBias.Tool")).Length, 1, 120_000_000);
        Assert.DoesNotContain("libtorch_python", Text(tool, "tools/net10.0/any/FlatBias.Tool.deps.json"));
        Assert.NotNull(tool.GetEntry("tools/net10.0/any/licences/libtorch-cpu-linux-x64/LICENSE-LIBTORCH.txt"));
        Assert.NotNull(tool.GetEntry("tools/net10.0/any/licences/Apache-2.0.txt"));
    }

    [Fact]
    public void Targets_OfThePackage_NameTheVersionsThatAreUsed()
    {
        using var package = Open("FlatBias.NeuralValidation");
        var versions = XDocument
            .Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .ToDictionary(e => e.Attribute("Include")!.Value, e => e.Attribute("Version")!.Value);

        var targets = Text(package, "buildTransitive/FlatBias.NeuralValidation.targets");

        Assert.Contains($"libtorch-cpu-osx-arm64 {versions["libtorch-cpu-osx-arm64"]},", targets);
        Assert.Contains($"TorchSharp-cpu {versions["TorchSharp"]} ", targets);
        Assert.Equal(LoadedTorch.WantedVersion, versions["libtorch-cpu-linux-x64"]);
    }

    [Fact]
    public void Package_Tool_HoldsTheLaboratoryAndTheLibraryDoesNot()
    {
        using var tool = Open("FlatBias.Tool");
        using var library = Open("FlatBias");

        // Beside the program, where flatbias lab looks for it.
        Assert.Contains(
            tool.Entries,
            entry =>
                entry.FullName.EndsWith("/lab.zip", StringComparison.Ordinal)
                && tool.GetEntry(entry.FullName.Replace("lab.zip", "flatbias.dll", StringComparison.Ordinal))
                    is not null
        );
        Assert.DoesNotContain(library.Entries, entry => entry.Name == "lab.zip");
    }

    private ZipArchive Open(string id) => ZipFile.OpenRead(packed.File(id));

    private static Func<string, string> Metadata(ZipArchive package, string id)
    {
        var elements = XDocument
            .Parse(Text(package, $"{id}.nuspec"))
            .Descendants()
            .Where(e => !e.HasElements)
            .ToLookup(e => e.Name.LocalName, e => e.Value);
        return name => elements[name].Single();
    }

    private static string Text(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
