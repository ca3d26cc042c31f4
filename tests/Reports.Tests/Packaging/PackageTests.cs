using System.IO.Compression;
using System.Text.RegularExpressions;
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
    public void Package_Library_HasDocumentationReadmeLicenceAndSymbols(string id, string assembly)
    {
        using var package = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{id}.{PackedFeed.Version}.nupkg"));
        var names = package.Entries.Select(e => e.FullName).ToArray();

        Assert.Contains($"lib/net10.0/{assembly}.dll", names);
        Assert.Contains($"lib/net10.0/{assembly}.xml", names);
        Assert.Contains("README.md", names);
        Assert.Contains("LICENSE", names);
        Assert.Equal(id == "FlatBias", names.Contains("interactive-extensions/dotnet/extension.dib"));
        Assert.Contains("<license type=\"expression\">MIT</license>", Text(package, $"{id}.nuspec"));
        using var symbols = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{id}.{PackedFeed.Version}.snupkg"));
        Assert.Contains($"lib/net10.0/{assembly}.pdb", symbols.Entries.Select(e => e.FullName));
    }

    [Fact]
    public void Package_Tool_HoldsTheLaboratoryAndTheLibraryDoesNot()
    {
        using var tool = ZipFile.OpenRead(Path.Combine(packed.Feed, $"FlatBias.Tool.{PackedFeed.Version}.nupkg"));
        using var library = ZipFile.OpenRead(Path.Combine(packed.Feed, $"FlatBias.{PackedFeed.Version}.nupkg"));

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
    public void Package_InAnEmptyProject_RunsTheReadmesExample()
    {
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
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FlatBias" Version="{PackedFeed.Version}" />
              </ItemGroup>
            </Project>
            """
        );
        File.WriteAllText(Path.Combine(workspace, "Program.cs"), Example());

        var (code, output) = PackedFeed.Run(workspace, "run");

        Assert.True(code == 0, output);
        // (3.6): the final sharpness is 160.6 < 2/eta = 181.8.
        Assert.Contains("160.6 at the end; the edge is at 181.8", output);
    }

    /// <summary>The code of the package's README.</summary>
    private static string Example() =>
        Regex
            .Match(
                File.ReadAllText(Path.Combine(Repository.Root, "docs", "package.md")),
                "```csharp\n(.*?)```",
                RegexOptions.Singleline
            )
            .Groups[1]
            .Value;

    private static string Text(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
