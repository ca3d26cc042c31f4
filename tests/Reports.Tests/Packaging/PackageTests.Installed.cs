using System.Text.RegularExpressions;
using FlatBias.NeuralValidation.Native;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Packaging;

/// <summary>The packages as a stranger uses them.</summary>
public sealed partial class PackageTests
{
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
}
