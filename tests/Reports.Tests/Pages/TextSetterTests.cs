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
