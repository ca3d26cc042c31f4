using FlatBias.Reports.Drawing;
using FlatBias.Reports.Tests.Scripts;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>docs/cookbook.md and its pictures are what the samples make of them.</summary>
public class CookbookTests
{
    // On a page a tenth of a point is not seen. It covers a last digit that falls the other way under another mathematical library; anything that a sample changes in its picture moves more.
    private const double Unseen = 0.1;

    /// <summary>
    /// Samples whose numbers are those of one machine: a network's sums depend on processor and threads, and a chaotic orbit makes a last digit large. Of these a picture is held to its words and shapes.
    /// </summary>
    private static readonly string[] OfThisMachine =
    [
        "06-orbit-diagram",
        "07-lyapunov",
        "11-network",
        "12-network-forecast",
        "15-own-network",
        "16-own-loss",
        "17-transformer",
        "18-spectrum",
    ];

    private static readonly bool Regenerate = Environment.GetEnvironmentVariable("FLATBIAS_REGENERATE") == "1";

    public static TheoryData<string> Names => [.. Samples.Names];

    [Fact]
    public async Task Page_Regenerated_IsTheOneInDocs() => GeneratedPage.Check("cookbook.md", await Cookbook.Write());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Picture_Regenerated_IsTheOneInDocs(string name)
    {
        var path = Cookbook.Picture(name);
        var (_, made) = await Samples.Run(name);
        if (Regenerate)
            await Replace(path, made);

        var kept = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.InRange(kept.Length, 1, 60_000);
        // The layout follows the font, and that of the pictures in docs is the first choice.
        if (OfThisMachine.Contains(name) || Fonts.Default.Regular.FamilyName != "DejaVu Sans")
            Assert.Equal(SvgPicture.Outline(kept), SvgPicture.Outline(made));
        else
            Assert.True(
                SvgPicture.Difference(kept, made) <= Unseen,
                $"{path} is stale; FLATBIAS_REGENERATE=1 dotnet test --project tests/Reports.Tests writes it anew."
            );
    }

    [Fact]
    public void Pictures_InDocs_AreOfSamples() =>
        Assert.Equal(
            Samples.Names,
            Directory
                .GetFiles(Path.GetDirectoryName(Cookbook.Picture(""))!)
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal)
        );

    // A picture that shows the same is left as it is, so that regenerating on another machine changes nothing else.
    private static async Task Replace(string path, string made)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path) && SvgPicture.Difference(await File.ReadAllTextAsync(path), made) <= Unseen)
            return;
        await File.WriteAllTextAsync(path, made);
    }
}
