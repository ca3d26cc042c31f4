using System.Collections.Immutable;
using System.Xml.Linq;
using FlatBias.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>Runs the samples in scripts/ through the engine that dotnet-script uses.</summary>
public class ScriptTests
{
    [Fact]
    public async Task TwoParameterNetwork_Run_SavesAPlotWithThreeSeriesAndLabelledAxes()
    {
        using var folder = new TemporaryFolder();
        var picture = folder.File("picture.svg");
        await Run("two-parameter-network.csx", picture);
        var texts = string.Join('\n', XDocument.Load(picture).Descendants().Where(e => e.Name.LocalName is "text" or "tspan").Select(e => e.Value));
        Assert.Contains("sharpness S", texts, StringComparison.Ordinal);
        Assert.Contains("step", texts, StringComparison.Ordinal);
        foreach (var stepSize in new[] { "0.009", "0.011", "0.015" }) Assert.Contains($"η = {stepSize}", texts, StringComparison.Ordinal);
    }

    private static async Task Run(string script, params string[] args)
    {
        var path = Path.Combine(Repository.Root, "scripts", script);
        var options = ScriptOptions.Default
            .WithFilePath(path)
            .WithImports("System", "System.Linq", "System.Collections.Generic")
            .WithMetadataResolver(new BesideTheTests());
        await CSharpScript.RunAsync(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), options, new ScriptHost(args), cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Takes each assembly that a script references from the tests' own folder, so that a sample is tested against the code just built, in whatever configuration.</summary>
    private sealed class BesideTheTests : MetadataReferenceResolver
    {
        public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
        {
            if (!reference.StartsWith("..", StringComparison.Ordinal)) return ScriptMetadataResolver.Default.ResolveReference(reference, baseFilePath, properties);
            var named = Path.GetFullPath(reference, baseFilePath is null ? Path.Combine(Repository.Root, "scripts") : Path.GetDirectoryName(baseFilePath)!);
            Assert.StartsWith(Path.Combine(Repository.Root, "src", "Reports", "bin", "Release", "net10.0"), named, StringComparison.Ordinal);
            return [MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(named)), properties)];
        }

        public override bool ResolveMissingAssemblies => true;

        public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
        {
            var file = Path.Combine(AppContext.BaseDirectory, $"{referenceIdentity.Name}.dll");
            return File.Exists(file) ? MetadataReference.CreateFromFile(file) : null;
        }

        public override bool Equals(object? other) => other is BesideTheTests;

        public override int GetHashCode() => 0;
    }
}

/// <summary>What dotnet-script gives a script.</summary>
/// <param name="Args">The arguments after the script's name.</param>
public sealed record ScriptHost(IReadOnlyList<string> Args);
