using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using FlatBias.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>What dotnet-script gives a script.</summary>
/// <param name="Args">The arguments after the script's name.</param>
public sealed record ScriptHost(IList<string> Args);

/// <summary>Runs scripts through the engine that dotnet-script uses. Nothing is imported for them, so that a script shows what it needs.</summary>
internal static class ScriptEngine
{
    // dotnet-script references the whole framework.
    private static readonly MetadataReference[] Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(file => MetadataReference.CreateFromFile(file)),
    ];

    public static async Task<ScriptState<object>> Run(string path, params string[] args)
    {
        var options = ScriptOptions
            .Default.WithFilePath(path)
            .WithFileEncoding(Encoding.UTF8)
            .WithEmitDebugInformation(true)
            .WithReferences(Framework)
            .WithMetadataResolver(new BesideTheTests());
        await using var code = File.OpenRead(path);
        return await CSharpScript
            .Create(code, options, typeof(ScriptHost))
            .RunAsync(new ScriptHost(args), TestContext.Current.CancellationToken);
    }

    /// <summary>Takes each assembly that a script references from the tests' own folder, so that a sample is tested against the code just built, in whatever configuration.</summary>
    private sealed class BesideTheTests : MetadataReferenceResolver
    {
        private static readonly ConcurrentDictionary<string, PortableExecutableReference> Read = new(
            StringComparer.Ordinal
        );

        public override bool ResolveMissingAssemblies => true;

        public override ImmutableArray<PortableExecutableReference> ResolveReference(
            string reference,
            string? baseFilePath,
            MetadataReferenceProperties properties
        )
        {
            if (!reference.StartsWith("..", StringComparison.Ordinal))
                return ScriptMetadataResolver.Default.ResolveReference(reference, baseFilePath, properties);
            var named = Path.GetFullPath(reference, Path.GetDirectoryName(baseFilePath)!);
            Assert.Equal(
                Path.Combine(Repository.Root, "src", "Reports", "bin", "Release", "net10.0"),
                Path.GetDirectoryName(named)
            );
            return [Reference(Path.GetFileName(named))];
        }

        public override PortableExecutableReference? ResolveMissingAssembly(
            MetadataReference definition,
            AssemblyIdentity referenceIdentity
        )
        {
            var file = $"{referenceIdentity.Name}.dll";
            return File.Exists(Path.Combine(AppContext.BaseDirectory, file)) ? Reference(file) : null;
        }

        public override bool Equals(object? other) => other is BesideTheTests;

        public override int GetHashCode() => 0;

        private static PortableExecutableReference Reference(string file) =>
            Read.GetOrAdd(
                file,
                static name => MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, name))
            );
    }
}
