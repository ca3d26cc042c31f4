using System.Text.RegularExpressions;
using FlatBias.Reports.Tests.Packaging;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Scripts;

/// <summary>The samples that dotnet run takes as files are the scripts of the same name.</summary>
[Collection("dotnet command")]
public sealed partial class FileSampleTests
{
    public static TheoryData<string> FileSamples =>
        [
            .. Directory
                .GetFiles(Samples.Folder, "*.cs")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal),
        ];

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

        foreach (var text in new[] { "step", "sharpness", "edge2/η" })
            Assert.Contains(text, texts, StringComparison.Ordinal);
    }

    // The projects are those that the tests were built with: building them again beneath running tests would replace what these have loaded.
    private static async Task<string> DotnetRun(string file)
    {
        using var folder = new TemporaryFolder();
        var picture = folder.File("picture.svg");
        var (code, output) = PackedFeed.Run(
            Samples.Folder,
            "run",
            file,
            "-c",
            PackedFeed.Configuration,
            "--property:BuildProjectReferences=false",
            "--",
            picture
        );
        Assert.True(code == 0, output);
        return await File.ReadAllTextAsync(picture, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"Picture\((""[^""]*"")\)")]
    private static partial Regex Picture();

    [GeneratedRegex(@"Reduced \? \d+ : (\d+)")]
    private static partial Regex Reduced();

    [GeneratedRegex(@"^(#:project|using) .*\n", RegexOptions.Multiline)]
    private static partial Regex Head();
}
