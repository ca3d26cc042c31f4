using System.Xml.Linq;

namespace FlatBias.Dynamics.Tests;

/// <summary>The direction of dependencies that ARCHITECTURE.md states, read off project files and sources.</summary>
public class ArchitectureTests
{
    private static readonly string Root = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    [Theory]
    [InlineData("Dynamics")]
    [InlineData("Quadratic", "Dynamics")]
    [InlineData("NeuralValidation", "Dynamics")]
    [InlineData("Lab", "Quadratic")]
    [InlineData("Reports", "Lab", "NeuralValidation", "Quadratic")]
    public void Projects_Source_ReferenceOnlyWhatLiesBelow(string project, params string[] expected) =>
        Assert.Equal(
            expected,
            References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Order()
        );

    [Fact]
    public void Projects_Source_AreTheFiveThatTheRulesSpeakOfAndTheTool() =>
        Assert.Equal(["Dynamics", "Lab", "NeuralValidation", "Quadratic", "Reports", "Tool"], Projects());

    [Theory]
    [InlineData("TorchSharp", "NeuralValidation")]
    [InlineData("OxyPlot", "Reports")]
    [InlineData("Parquet", "Reports")]
    public void Packages_HeavyOnes_AreNamedByOneProjectOnly(string prefix, string owner) =>
        Assert.Equal(
            [owner],
            Projects()
                .Where(project =>
                    References(project, "PackageReference")
                        .Any(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                )
        );

    [Fact]
    public void Libtorch_OfAnySystem_IsTakenByProgramsAlone()
    {
        Assert.DoesNotContain(
            Projects().SelectMany(project => References(project, "PackageReference")),
            name => name.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase)
        );
        var takers = Projects()
            .Where(project => Imports(project).Any(file => file.EndsWith("/Torch.props", StringComparison.Ordinal)));
        Assert.Equal(["Reports", "Tool"], takers);
    }

    [Theory]
    [InlineData("TorchSharp", "NeuralValidation")]
    [InlineData("OxyPlot", "Reports")]
    public void Sources_UsingDirectives_StayWithTheOwner(string name, string owner)
    {
        var users = Projects()
            .Where(project =>
                Sources(project)
                    .SelectMany(File.ReadLines)
                    .Any(line =>
                        line.TrimStart().StartsWith("using", StringComparison.Ordinal)
                        && line.Contains(name, StringComparison.Ordinal)
                    )
            );
        Assert.Equal([owner], users);
    }

    [Fact]
    public void Assembly_Dynamics_ReferencesNothingNative()
    {
        var names = typeof(Require).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ToArray();
        Assert.Contains("MathNet.Numerics", names);
        Assert.DoesNotContain(
            names,
            name =>
                name.StartsWith("FlatBias", StringComparison.Ordinal)
                || name.Contains("Torch", StringComparison.OrdinalIgnoreCase)
                || name.Contains("OxyPlot", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Theory]
    [InlineData("Dynamics")]
    [InlineData("Quadratic")]
    [InlineData("NeuralValidation")]
    [InlineData("Lab")]
    [InlineData("Reports")]
    public void Folders_OfAProject_FormNoCycle(string project)
    {
        var cycle = new FolderGraph($"FlatBias.{project}", Sources(project).Select(File.ReadAllText)).Cycle();
        Assert.True(cycle.Count == 0, $"Folders import each other in a circle: {string.Join(" -> ", cycle)}.");
    }

    [Theory]
    [InlineData("Dynamics")]
    [InlineData("Quadratic")]
    [InlineData("NeuralValidation")]
    [InlineData("Lab")]
    [InlineData("Reports")]
    public void Sources_Namespace_IsTheFolder(string project) =>
        Assert.All(
            Sources(project),
            file =>
            {
                var folder = Path.GetRelativePath(Path.Combine(Root, "src"), Path.GetDirectoryName(file)!)
                    .Replace(Path.DirectorySeparatorChar, '.');
                Assert.Contains(FolderGraph.NamespaceOf(File.ReadAllText(file)), (string[])["", $"FlatBias.{folder}"]);
            }
        );

    [Theory]
    [InlineData("using P.B;", "P.A -> P.B -> P.A")]
    [InlineData("using static P.B.Second;", "P.A -> P.B -> P.A")]
    [InlineData("using Other = P.B.Second;", "P.A -> P.B -> P.A")]
    [InlineData("// P.B.Second by its full name", "P.A -> P.B -> P.A")]
    [InlineData("// B.Second from within the project", "P.A -> P.B -> P.A")]
    [InlineData("using P.A.Inner;", "P.A -> P.A.Inner -> P.A")]
    [InlineData("using P;", "")]
    [InlineData("using P.Unknown;", "")]
    [InlineData("// x.B.Second is a member and B.Third no type", "")]
    public void Cycle_OfThreeFolders_IsNamedWithItsPath(string line, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                " -> ",
                new FolderGraph(
                    "P",
                    [
                        $"{line}\nnamespace P.A;\nclass First;",
                        "using P.A;\nnamespace P.B;\nclass Second : First;",
                        "namespace P.A.Inner;\nclass Third : First;",
                        "using P.B;\nclass EntryPoint;",
                    ]
                ).Cycle()
            )
        );

    private static IEnumerable<string> Projects() =>
        Directory
            .EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order();

    private static IEnumerable<string> Sources(string project) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"));

    private static IEnumerable<string> References(string project, string kind) => Named(project, kind, "Include");

    private static IEnumerable<string> Imports(string project) => Named(project, "Import", "Project");

    private static IEnumerable<string> Named(string project, string kind, string attribute) =>
        XDocument
            .Load(Path.Combine(Root, "src", project, $"{project}.csproj"))
            .Descendants(kind)
            .Select(item => item.Attribute(attribute)!.Value.Replace('\\', '/'));

    private static string FindRoot(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FlatBias.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("FlatBias.sln is in no folder above the tests.");
    }
}
