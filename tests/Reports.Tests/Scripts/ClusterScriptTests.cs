using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlatBias.Reports.Cli;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>The examples for clusters call the command as it is.</summary>
public sealed partial class ClusterScriptTests
{
    public static TheoryData<string> Slurm => Files("slurm", "*.sbatch");

    public static TheoryData<string> Kubernetes => Files("kubernetes", "*.yaml");

    [Theory]
    [MemberData(nameof(Slurm))]
    public void Slurm_CallsOfTheCommand_AreUnderstood(string name)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "scripts", "slurm", name));
        var calls = Call().Matches(text);
        Assert.NotEmpty(calls);
        foreach (Match call in calls)
            Understood([.. CommandLineParser.SplitCommandLine(Variable().Replace(call.Groups[1].Value, "2"))]);
    }

    [Fact]
    public void Slurm_Array_HasNoGaps()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "scripts", "slurm", "report.sbatch"));
        Assert.Matches(@"(?m)^#SBATCH --array=1-\d+$", text);
        Assert.DoesNotContain("--array", File.ReadAllText(Path.Combine(Repository.Root, "scripts/slurm/draw.sbatch")));
    }

    [Theory]
    [MemberData(nameof(Kubernetes))]
    public void Kubernetes_ArgumentsOfTheCommand_AreUnderstood(string name)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "scripts", "kubernetes", name));
        var args = JsonSerializer.Deserialize<string[]>(Arguments().Match(text).Groups[1].Value)!;
        Understood(args);
        // The pods are told how many they are, since their variables do not say it.
        var completions = Completions().Match(text);
        Assert.Equal(completions.Success, args.Contains("--shards"));
        if (completions.Success)
            Assert.Equal(
                int.Parse(completions.Groups[1].Value, CultureInfo.InvariantCulture),
                int.Parse(args[Array.IndexOf(args, "--shards") + 1], CultureInfo.InvariantCulture)
            );
    }

    private static void Understood(string[] args)
    {
        var parsed = FlatBiasCommand.Root(CancellationToken.None).Parse(args);
        Assert.True(parsed.Errors.Count == 0, string.Join(" ", parsed.Errors.Select(error => error.Message)));
    }

    private static TheoryData<string> Files(string folder, string pattern) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "scripts", folder), pattern)
                .Select(file => Path.GetFileName(file)!)
                .Order(StringComparer.Ordinal),
        ];

    [GeneratedRegex(@"(?m)^flatbias\s+(.*)$")]
    private static partial Regex Call();

    [GeneratedRegex(@"""\$\w+""")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?m)^\s*args: (\[.*\])$")]
    private static partial Regex Arguments();

    [GeneratedRegex(@"(?m)^\s*completions: (\d+)$")]
    private static partial Regex Completions();
}
