using FlatBias.Reports.Drawing;
using FlatBias.Testing;
using SkiaSharp;

namespace FlatBias.Reports.Tests.Drawing;

public class FontsTests
{
    [Fact]
    public void Default_ThisMachine_CoversEverySignNeeded()
    {
        Assert.All(Fonts.Needed, sign => Assert.NotEqual(0, Fonts.Default.Regular.GetGlyph(sign)));
        Assert.All(Fonts.Needed, sign => Assert.NotEqual(0, Fonts.Default.Bold.GetGlyph(sign)));
    }

    [Fact]
    public void Find_NoCandidate_SaysInOneLineWhatToInstall()
    {
        var error = Assert.Throws<FontNotFoundException>(() => Fonts.Find([]));

        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains("fonts-dejavu-core", error.Message, StringComparison.Ordinal);
        Assert.Contains(Fonts.Variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_CandidateWithoutTheSigns_IsPassedOver()
    {
        using var nothing = Nothing();
        var good = Fonts.Default;

        Assert.Same(good.Regular, Fonts.Find([null, new FontFaces(nothing, nothing), good]).Regular);
        Assert.Throws<FontNotFoundException>(() => Fonts.Find([null, new FontFaces(nothing, nothing)]));
    }

    [Fact]
    public void Find_BoldFaceWithoutTheSigns_FallsBackToTheRegularOne()
    {
        using var nothing = Nothing();

        var faces = Fonts.Find([new FontFaces(Fonts.Default.Regular, nothing)]);

        Assert.Same(faces.Regular, faces.Bold);
    }

    [Fact]
    public void FromVariable_MissingFile_NamesIt()
    {
        var error = Assert.Throws<FontNotFoundException>(() => Fonts.FromVariable("no-such-font.ttf"));

        Assert.Contains("no-such-font.ttf", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromVariable_FileThatIsNoFont_NamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("text.ttf"), "no font");

        Assert.Throws<FontNotFoundException>(() => Fonts.FromVariable(folder.File("text.ttf")));
    }

    [Fact]
    public void FromVariable_FontFile_IsReadWithTheBoldFaceBesideIt()
    {
        using var folder = new TemporaryFolder();
        Copy(Fonts.Default.Regular, folder.File("Some-Regular.ttf"));
        Copy(Fonts.Default.Bold, folder.File("Some-Bold.ttf"));

        var faces = Fonts.FromVariable(folder.File("Some-Regular.ttf"));

        Assert.Equal(Fonts.Default.Regular.FamilyName, faces.Regular.FamilyName);
        Assert.Equal(Fonts.Default.Bold.FontWeight, faces.Bold.FontWeight);
    }

    // Whatever is installed, a face without the signs: a good one whose tables of characters and of glyph names
    // (from which the renderer can rebuild the first) go by names that nobody looks for.
    private static SKTypeface Nothing()
    {
        using var stream = Fonts.Default.Regular.OpenStream(out _);
        var bytes = new byte[stream.Length];
        stream.Read(bytes, bytes.Length);
        var tables = (bytes[4] << 8) + bytes[5];
        for (var entry = 12; entry < 12 + 16 * tables; entry += 16)
            if (bytes.AsSpan(entry, 4).SequenceEqual("cmap"u8) || bytes.AsSpan(entry, 4).SequenceEqual("post"u8))
                bytes[entry] = (byte)'x';
        return SKTypeface.FromData(SKData.CreateCopy(bytes));
    }

    private static void Copy(SKTypeface face, string path)
    {
        using var stream = face.OpenStream(out _);
        var bytes = new byte[stream.Length];
        stream.Read(bytes, bytes.Length);
        File.WriteAllBytes(path, bytes);
    }
}
