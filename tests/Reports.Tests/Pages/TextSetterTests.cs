using FlatBias.Reports.Drawing;
using FlatBias.Reports.Pages;
using FsCheck;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Pages;

public class TextSetterTests
{
    [Property(MaxTest = 100)]
    public void Wrap_AnyWords_FitsTheWidthAndLosesNothing(NonEmptyArray<PositiveInt> lengths, PositiveInt width)
    {
        using var setter = new TextSetter(Fonts.Default);
        var words = lengths.Get.Select((n, i) => new string((char)('a' + i % 26), n.Get % 60 + 1)).ToList();
        var room = width.Get % 300 + 20;

        var lines = setter.Wrap(string.Join(' ', words), 10, room);

        Assert.All(lines, line => Assert.True(line.Width <= room + 0.01));
        Assert.Equal(
            string.Concat(words),
            string.Concat(lines.Select(Text)).Replace(" ", "", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Wrap_Stars_MakeBold()
    {
        using var setter = new TextSetter(Fonts.Default);

        var line = setter.Wrap("a **bold phrase** and half**bold**", 10, 500).Single();

        Assert.Equal(
            [("a ", false), ("bold phrase ", true), ("and half", false), ("bold", true)],
            line.Runs.Select(run => (run.Text, run.Bold))
        );
    }

    [Fact]
    public void Wrap_Index_IsSmallerAndBelowTheLine()
    {
        using var setter = new TextSetter(Fonts.Default);

        var line = setter.Wrap("at **γ_β and** λ^{2}", 10, 500).Single();

        Assert.Equal(
            [
                ("at ", false, Script.None),
                ("γ", true, Script.None),
                ("β", true, Script.Sub),
                (" and ", true, Script.None),
                ("λ", false, Script.None),
                ("2", false, Script.Super),
            ],
            line.Runs.Select(run => (run.Text, run.Bold, run.Script))
        );
        Assert.Equal(
            setter.Measure("at ", 10, false)
                + setter.Measure("γ and ", 10, true)
                + setter.Measure("β", 10 * ScriptText.Size, true)
                + setter.Measure("λ", 10, false)
                + setter.Measure("2", 10 * ScriptText.Size, false),
            line.Width,
            // Sums of six widths of single precision.
            6e-5
        );
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a\nb", 2)]
    [InlineData("a\r\n\r\nb", 3)]
    public void Wrap_LineFeeds_EndLines(string text, int lines)
    {
        using var setter = new TextSetter(Fonts.Default);

        Assert.Equal(lines, setter.Wrap(text, 10, 500).Count);
    }

    private static string Text(TextLine line) => string.Concat(line.Runs.Select(run => run.Text));
}
