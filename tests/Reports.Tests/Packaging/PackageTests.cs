using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FlatBias.NeuralValidation.Native;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Packaging;

/// <summary>Packs everything, installs it from a folder feed as a stranger would, and runs it. Not while another test's dotnet command restores the same projects.</summary>
[Collection("dotnet command")]
public sealed class PackageTests(PackedFeed packed) : IClassFixture<PackedFeed>
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

    [Fact]
    public void Tool_InstalledFromAFeed_Runs()
    {
        var workspace = packed.Workspace("tool");
        var (code, output) = PackedFeed.Run(
            workspace,
            "tool",
            "install",
            "FlatBias.Tool",
            "--version",
            PackedFeed.Version,
            "--tool-path",
            "bin",
            "--configfile",
            "nuget.config"
        );
        Assert.True(code == 0, output);

        var (ran, said) = PackedFeed.RunFile(Path.Combine(workspace, "bin", "flatbias"), workspace, "doctor");

        Assert.True(ran == 0, said);
        Assert.Contains("Everything that FlatBias needs is there.", said);
    }

    [Fact]
    public void Package_InAProjectWithoutLibtorch_RunsTheLandscapeAndNamesThePackageForNetworks()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("FLATBIAS_TORCH") is { Length: > 0 }, "a libtorch is named");
        var workspace = packed.Workspace("project");
        File.WriteAllText(Path.Combine(workspace, "Directory.Packages.props"), "<Project />");
        File.WriteAllText(
            Path.Combine(workspace, "example.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FlatBias" Version="{PackedFeed.Version}" />
              </ItemGroup>
            </Project>
            """
        );
        const string attempt = "try { FlatBias.NeuralValidation.Native.TorchRuntime.EnsureLoaded(); }";
        File.WriteAllText(
            Path.Combine(workspace, "Program.cs"),
            $"{Examples()[0]}\n{attempt} catch (DllNotFoundException e) {{ Console.WriteLine(e.Message); }}"
        );

        var (code, output) = PackedFeed.Run(workspace, "run");

        Assert.True(code == 0, output);
        // (3.6): the final sharpness is 160.6 < 2/eta = 181.8.
        Assert.Contains("160.6 at the end; the edge is at 181.8", output);
        // Once as it is built and once as it is run.
        Assert.Contains("warning FLATBIAS001", output);
        Assert.Matches($"Torch could not be loaded: .* add the package libtorch-cpu-[a-z0-9-]+ {Libtorch} ", output);
    }

    [Fact]
    public void Package_InAProgramOfOneFile_RunsTheNetworksOfTheReadme()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the package of the page is that of Linux");
        var workspace = packed.Workspace("file");
        var page = Page();
        var heads = Regex.Match(page, "```\n(#:package .*?)```", RegexOptions.Singleline).Groups[1].Value;
        Assert.Contains($"#:package FlatBias@{PackedFeed.Version}", heads);
        Assert.Contains($"#:package libtorch-cpu-linux-x64@{Libtorch}", heads);
        File.WriteAllText(Path.Combine(workspace, "Directory.Packages.props"), "<Project />");
        File.WriteAllText(
            Path.Combine(workspace, "example.cs"),
            $"{heads}#:property CreateHardLinksForCopyLocalIfPossible=true\n{Examples()[1]}"
        );

        var (code, output) = PackedFeed.Run(workspace, "run", "example.cs");

        Assert.True(code == 0, output);
        Assert.DoesNotContain("FLATBIAS001", output);
        Assert.Matches("convolutional net: eta S / 2 is [0-9.]+ at the start", output);
        Assert.Matches("logistic regression: eta S / 2 is [0-9.]+ at the start", output);
    }

    private static string Libtorch => LoadedTorch.WantedVersion;

    /// <summary>The programs of the packages' README, with their usings.</summary>
    private static string[] Examples() =>
        [
            .. Regex
                .Matches(Page(), "```csharp\n(using .*?)```", RegexOptions.Singleline)
                .Select(match => match.Groups[1].Value),
        ];

    private static string Page() =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "package.md")).ReplaceLineEndings("\n");

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
