using FlatBias.Reports.Chapters;
using FlatBias.Reports.Contents;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Texts beside chapters.</summary>
public class ProseTests
{
    private const string Text = """
        A first paragraph
        on two lines.

        A second, at η = {step size}.

        ## figure

        Left: {quantity} at η = {step size}.

        ## claims

        | id | predicted | measured | tolerance |
        | --- | --- | --- | --- |
        | `one` | 0 | \|m\| and $x^{2}$ | 0, a count |
        """;

    private static readonly Dictionary<string, string> Values = new() { ["step size"] = "0.1", ["quantity"] = "loss" };

    [Fact]
    public void Introduction_WrappedLines_AreOneParagraphWithItsValues() =>
        Assert.Equal(
            ["A first paragraph on two lines.", "A second, at η = 0.1."],
            new Prose("chapter", Text).Introduction(Values)
        );

    [Fact]
    public void Caption_OfAFigure_HasItsValues() =>
        Assert.Equal("Left: loss at η = 0.1.", new Prose("chapter", Text).Caption("figure", Values));

    [Fact]
    public void Claims_RowsOfTheTable_AreCellsAsTheyStand()
    {
        var prose = new Prose("chapter", Text);
        Assert.Equal([KeyValuePair.Create("one", "0 | \\|m\\| and $x^{2}$ | 0, a count")], prose.Claims);
        Assert.Equal(["figure"], prose.Figures);
    }

    [Fact]
    public void Claims_TwoRowsForOne_NamesIt() =>
        Assert.Equal(
            "chapter has two rows for the claim one.",
            Assert.Throws<InvalidDataException>(() => new Prose("chapter", Text + "\n| `one` | 1 | 2 | 3 |")).Message
        );

    [Fact]
    public void Caption_NoSuchFigure_NamesChapterAndFigure() =>
        Assert.Equal(
            "chapter has no caption for the figure other.",
            Assert.Throws<InvalidDataException>(() => new Prose("chapter", Text).Caption("other", Values)).Message
        );

    [Fact]
    public void Introduction_NameWithoutValue_NamesIt() =>
        Assert.Equal(
            "chapter gives no value for {step size} in its text.",
            Assert
                .Throws<InvalidDataException>(() =>
                    new Prose("chapter", Text).Introduction(new Dictionary<string, string>())
                )
                .Message
        );

    [Theory]
    [InlineData("Words.\n\n## figure\n\n## figure\n\ncaption")]
    [InlineData("Words.\n\n## figure\n\ncaption\n\n## figure\n\ncaption")]
    [InlineData("Words.\n\n## figure\n\ncaption\n\nmore")]
    public void Prose_NotOneCaptionForAFigure_Throws(string text) =>
        Assert.Contains(
            "figure",
            Assert.Throws<InvalidDataException>(() => new Prose("chapter", text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Catalogue_EveryChapter_HasAnIntroduction() =>
        Assert.All(ChapterCatalogue.All, chapter => Assert.NotEmpty(chapter.Introduction));
}
