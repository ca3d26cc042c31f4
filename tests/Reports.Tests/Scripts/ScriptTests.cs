using System.Text;
using System.Text.RegularExpressions;
using FlatBias.Reports.Tests.Packaging;
using FlatBias.Testing;
using Microsoft.CodeAnalysis.Scripting;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>A script that fails says which line and why, and the file-based samples are the scripts.</summary>
public sealed partial class ScriptTests
{
    public static TheoryData<string> FileSamples => [.. Directory.GetFiles(Samples.Folder, "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Script_BadArgument_NamesTheLineAndTheValue()
    {
        using var folder = new TemporaryFolder();
        var script = Write(folder, "var network = new TwoParameterNetwork<PowerLink>(new PowerLink(exponent: 2));\nvar orbit = Orbit.Record(network.AsMap(-0.01), [-0.1, 10], steps: 40);\n");

        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => ScriptEngine.Run(script));

        Assert.Contains("stepSize is -0.01", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{script}:line 3", error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_UnknownName_NamesTheLineAndTheName()
    {
        using var folder = new TemporaryFolder();
        var script = Write(folder, "var plot = PlotStyle.Create(\"\", \"step\", \"loss\");\nplot.AddLines(\"loss\", [1], [2]);\n");

        var error = await Assert.ThrowsAsync<CompilationErrorException>(() => ScriptEngine.Run(script));

        Assert.StartsWith($"{script}(3,6): error CS1061: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'AddLines'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FileSamples))]
    public async Task FileSample_Code_IsTheScriptsAtFullSize(string name)
    {
        var script = await File.ReadAllTextAsync(Samples.PathOf(name), TestContext.Current.CancellationToken);
        var file = await File.ReadAllTextAsync(Samples.PathOf(name, ".cs"), TestContext.Current.CancellationToken);

        var expected = script.Replace("#load \"flatbias.csx\"\n", "", StringComparison.Ordinal);
        expected = Picture().Replace(Reduced().Replace(expected, "$1"), "args.FirstOrDefault() ?? $1");
        Assert.Equal(expected, Head().Replace(file, ""));
    }

    [Fact]
    public async Task FileSample_OfALandscape_DrawsThePictureOfTheScript()
    {
        var (_, svg) = await Samples.Run("02-own-landscape");

        Assert.Equal(svg, await DotnetRun("02-own-landscape.cs"));
    }

    // No bytes here: a network's sums depend on how many threads torch has, which the two hosts set for themselves.
    [Fact]
    public async Task FileSample_OfANetwork_DrawsTheSeriesOfTheScript()
    {
        var texts = SvgPicture.Texts(await DotnetRun("11-network.cs"));

        foreach (var text in new[] { "step", "sharpness", "edge2/η" }) Assert.Contains(text, texts, StringComparison.Ordinal);
    }

    // The projects are those that the tests were built with: building them again beneath running tests would replace what these have loaded.
    private static async Task<string> DotnetRun(string file)
    {
        using var folder = new TemporaryFolder();
        var picture = folder.File("picture.svg");
        var (code, output) = PackedFeed.Run(Samples.Folder, "run", file, "-c", PackedFeed.Configuration, "--property:BuildProjectReferences=false", "--", picture);
        Assert.True(code == 0, output);
        return await File.ReadAllTextAsync(picture, TestContext.Current.CancellationToken);
    }

    private static string Write(TemporaryFolder folder, string code) =>
        folder.Write("script.csx", Encoding.UTF8.GetBytes($"#load \"{Path.Combine(Samples.Folder, "flatbias.csx")}\"\n{code}"));

    [GeneratedRegex(@"Picture\((""[^""]*"")\)")]
    private static partial Regex Picture();

    [GeneratedRegex(@"Reduced \? \d+ : (\d+)")]
    private static partial Regex Reduced();

    [GeneratedRegex(@"^(#:project|using) .*\n", RegexOptions.Multiline)]
    private static partial Regex Head();
}
