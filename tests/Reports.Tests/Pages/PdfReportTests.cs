using FlatBias.Reports.Figures;
using FlatBias.Reports.Pages;
using FlatBias.Testing;
using OxyPlot;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using UglyToad.PdfPig.Tokens;

namespace FlatBias.Reports.Tests.Pages;

public class PdfReportTests
{
    private const double Margin = 20 / 25.4 * 72;
    private const string Signs = "η λ θ φ β γ Σ ≥ ≤ ≠ × · − → ∞ ² ₁ ± √";

    [Fact]
    public void Save_GreekAndSigns_ReadBackAsWritten()
    {
        using var pdf = Read(report =>
        {
            report.Title("Titel λ", "subtitle");
            report.Heading("Kapitel η");
            report.Paragraph($"plain {Signs} and **bold {Signs}** end");
        });

        var text = Text(pdf.GetPage(1));
        Assert.Contains($"plain {Signs}", text, StringComparison.Ordinal);
        Assert.Contains($"bold {Signs}", text, StringComparison.Ordinal);
        Assert.Contains("Kapitel η", text, StringComparison.Ordinal);
        Assert.Equal(("Sample", "FlatBias"), (pdf.Information.Title, pdf.Information.Author));
    }

    [Fact]
    public void Save_AnyReport_IsA4WithEmbeddedFonts()
    {
        using var pdf = Read(Everything);

        Assert.True(pdf.NumberOfPages > 2);
        foreach (var page in pdf.GetPages())
        {
            Assert.Equal(UglyToad.PdfPig.Content.PageSize.A4, page.Size);
            Assert.Contains("Sample", Text(page), StringComparison.Ordinal);
        }

        var programs = pdf
            .Structure.CrossReferenceTable.ObjectOffsets.Keys.Select(key => pdf.Structure.GetObject(key)?.Data)
            .OfType<DictionaryToken>()
            .Where(item =>
                item.Data.TryGetValue("Type", out var type)
                && type is NameToken { Data: var name }
                && name == "FontDescriptor"
            )
            .Select(item => item.Data.Keys.Count(key => key.StartsWith("FontFile", StringComparison.Ordinal)))
            .ToList();
        Assert.NotEmpty(programs);
        Assert.All(programs, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Save_SameContent_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();

        foreach (var name in (string[])["a.pdf", "b.pdf"])
        {
            using var report = new PdfReport("Sample");
            Everything(report);
            report.Save(folder.File(name));
        }

        Assert.Equal(File.ReadAllBytes(folder.File("a.pdf")), File.ReadAllBytes(folder.File("b.pdf")));
    }

    [Fact]
    public void Save_LongContent_StaysWithinTheMargins()
    {
        using var pdf = Read(Everything);

        foreach (var page in pdf.GetPages())
        {
            foreach (var letter in page.Letters.Where(letter => !string.IsNullOrWhiteSpace(letter.Value)))
            {
                var (left, right, bottom, top) = LetterBox.Of(letter);
                Assert.InRange(left, Margin - 0.6, page.Width - Margin);
                Assert.InRange(right, Margin, page.Width - Margin + 0.6);
                Assert.True(top <= page.Height - Margin + 0.6);

                // Below the margin stands the footer only.
                Assert.True(
                    bottom >= Margin - 0.6 || letter.PointSize < 8.1,
                    $"\"{letter.Value}\" of page {page.Number} lies below the margin"
                );
            }
        }
    }

    [Fact]
    public void Paragraph_LongerThanAPage_LosesNoWord()
    {
        string[] words = [.. Enumerable.Range(0, 3000).Select(i => $"w{i}")];

        using var pdf = Read(report => report.Paragraph(string.Join(' ', words)));

        Assert.True(pdf.NumberOfPages >= 2);
        Assert.Equal(words, pdf.GetPages().SelectMany(page => Words(page)).Where(word => word.StartsWith('w')));
    }

    [Fact]
    public void Table_LongerThanAPage_RepeatsTheHeaderAndKeepsRowsWhole()
    {
        var cell = string.Join(' ', Enumerable.Repeat("x", 150));
        TableRow[] rows = [.. Enumerable.Range(0, 60).Select(i => new TableRow([$"first{i}", $"{cell} last{i}"]))];

        using var pdf = Read(report => report.Table([new("HeadA", 1), new("HeadB", 2)], rows));

        Assert.True(pdf.NumberOfPages >= 2);
        var seen = new List<string>();
        foreach (var words in pdf.GetPages().Select(page => Words(page)))
        {
            Assert.Single(words, word => word == "HeadA");
            var firsts = words
                .Where(word => word.StartsWith("first", StringComparison.Ordinal))
                .Select(word => word[5..])
                .ToList();
            Assert.Equal(
                firsts,
                words.Where(word => word.StartsWith("last", StringComparison.Ordinal)).Select(word => word[4..])
            );
            seen.AddRange(firsts);
        }

        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}"), seen);
    }

    [Fact]
    public void Table_OverSomePages_SaysSoOnEachButTheFirst()
    {
        using var pdf = Read(report =>
        {
            report.TableTitle("**Table 7.** Titled", "**Table 7**, continued.");
            report.Table([new("HeadA", 1)], [.. Enumerable.Range(0, 150).Select(i => new TableRow([$"row{i}"]))]);
            report.Table([new("HeadB", 1)], [.. Enumerable.Range(0, 99).Select(i => new TableRow([$"other{i}"]))]);
        });
        var pages = pdf.GetPages().Select(page => Words(page)).ToArray();
        Assert.True(pages.Length > 3);
        foreach (var (i, words) in pages.Index())
        {
            Assert.Equal(i == 0, words.Contains("Titled"));
            Assert.Equal(
                i > 0 && words.Any(w => w.StartsWith("row", StringComparison.Ordinal)),
                words.Contains("continued.")
            );
        }
    }

    [Fact]
    public void Table_RowTallerThanAPage_IsContinued()
    {
        string[] words = [.. Enumerable.Range(0, 2500).Select(i => $"w{i}")];

        using var pdf = Read(report =>
            report.Table([new("HeadA", 1), new("HeadB", 1)], [new(["a", string.Join(' ', words)])])
        );

        Assert.Equal(words, pdf.GetPages().SelectMany(page => Words(page)).Where(word => word.StartsWith('w')));
    }

    [Fact]
    public void Table_WrongNumberOfCells_NamesTheRow()
    {
        using var report = new PdfReport("Sample");

        var error = Assert.Throws<ArgumentException>(() =>
            report.Table([new("a", 1), new("b", 1)], [new(["1", "2"]), new(["1"])])
        );

        Assert.Contains("rows[1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Heading_AtTheFootOfAPage_MovesWithItsFigure()
    {
        using var pdf = Read(report =>
        {
            report.Paragraph(string.Join('\n', Enumerable.Range(0, 45).Select(i => $"line {i}")));
            report.Heading("Moved");
            report.Figure(Plot(), 80, "Captioned");
        });

        Assert.Equal(2, pdf.NumberOfPages);
        Assert.DoesNotContain("Moved", Words(pdf.GetPage(1)));
        Assert.Contains("Moved", Words(pdf.GetPage(2)));
        Assert.Contains("Captioned", Words(pdf.GetPage(2)));
    }

    [Fact]
    public void Figure_WithoutRoom_StandsAtTheTopOfTheNextPageWithWhatFollowsBeforeIt()
    {
        using var pdf = Read(report =>
        {
            report.Paragraph(string.Join('\n', Enumerable.Range(0, 45).Select(i => $"line {i}")));
            report.Figure(Plot(), 80, "Captioned");
            report.Figure(Plot(), 80, "Second");
            report.Paragraph(string.Join('\n', Enumerable.Range(0, 20).Select(i => $"after{i}")));
            report.Heading("Next");
            report.Paragraph("End");
        });

        Assert.Equal(2, pdf.NumberOfPages);
        var first = Words(pdf.GetPage(1));
        Assert.DoesNotContain("Captioned", first);
        Assert.Contains("after0", first);
        var second = Words(pdf.GetPage(2)).ToList();
        Assert.True(second.IndexOf("Captioned") < second.IndexOf("Second"));
        Assert.True(second.IndexOf("Second") < second.IndexOf("after19"));
        Assert.True(second.IndexOf("after19") < second.IndexOf("Next"));
    }

    [Fact]
    public void Figures_AtTheEndOfAChapter_StandBeforeTheNext()
    {
        using var pdf = Read(report =>
        {
            report.Paragraph(string.Join('\n', Enumerable.Range(0, 45).Select(i => $"line {i}")));
            report.Figure(Plot(), 80, "Captioned");
            report.Heading("Next");
            report.Paragraph("End");
        });

        Assert.Equal(2, pdf.NumberOfPages);
        var words = Words(pdf.GetPage(2)).ToList();
        Assert.True(words.IndexOf("Captioned") < words.IndexOf("Next"));
    }

    /// <summary>Paragraphs of every length at every place around the foot of a page.</summary>
    [Fact]
    public void Paragraph_AtTheFootOfAPage_LeavesNoLineAlone()
    {
        foreach (var before in Enumerable.Range(48, 12))
        foreach (var count in Enumerable.Range(2, 5))
        {
            using var pdf = Read(report =>
            {
                report.Paragraph(string.Join('\n', Enumerable.Range(0, before).Select(i => $"line {i}")));
                report.Paragraph(string.Join('\n', Enumerable.Range(0, count).Select(i => $"part{i}")));
            });
            Assert.All(
                pdf.GetPages().Select(page => Words(page).Count(w => w.StartsWith("part", StringComparison.Ordinal))),
                lines => Assert.NotEqual(1, lines)
            );
        }
    }

    /// <summary>Tables of three rows at every place, and of eight where little of the page is left.</summary>
    [Theory]
    [InlineData(3, 30, 30)]
    [InlineData(8, 51, 9)]
    public void Table_Short_IsNotSplit(int rows, int first, int places)
    {
        foreach (var before in Enumerable.Range(first, places))
        {
            using var pdf = Read(report =>
            {
                report.Paragraph(string.Join('\n', Enumerable.Range(0, before).Select(i => $"line {i}")));
                report.TableTitle("Titled", "Titled, continued");
                report.Table([new("HeadA", 1)], [.. Enumerable.Range(0, rows).Select(i => new TableRow([$"row{i}"]))]);
            });
            Assert.All(
                pdf.GetPages(),
                page =>
                {
                    var words = Words(page);
                    var count = words.Count(w => w.StartsWith("row", StringComparison.Ordinal));
                    Assert.True(count is 0 || count == rows);
                    Assert.Equal(count > 0, words.Contains("Titled"));
                }
            );
        }
    }

    /// <summary>Every number of rows around that which fills a page, so that one would be left over for some.</summary>
    [Fact]
    public void Table_OverSomePages_LeavesNoRowAlone()
    {
        foreach (var count in Enumerable.Range(30, 30))
        foreach (var before in new[] { 0, 40 })
        {
            using var pdf = Read(report =>
            {
                report.Paragraph(string.Join('\n', Enumerable.Range(0, before + 1).Select(i => $"line {i}")));
                report.Table([new("HeadA", 1)], [.. Enumerable.Range(0, count).Select(i => new TableRow([$"row{i}"]))]);
            });
            Assert.All(
                pdf.GetPages().Select(page => Words(page).Count(w => w.StartsWith("row", StringComparison.Ordinal))),
                rows => Assert.NotEqual(1, rows)
            );
        }
    }

    [Fact]
    public void Figure_TallerThanAPage_IsMadeToFitOnOne()
    {
        using var pdf = Read(report => report.Figure(Plot(), 500, "Captioned"));

        Assert.Equal(1, pdf.NumberOfPages);
        Assert.Contains("Captioned", Words(pdf.GetPage(1)));
    }

    [Fact]
    public void PageBreak_Twice_LeavesNoEmptyPage()
    {
        using var pdf = Read(report =>
        {
            report.PageBreak();
            report.Paragraph("one");
            report.PageBreak();
            report.PageBreak();
            report.Paragraph("two");
        });

        Assert.Equal(2, pdf.NumberOfPages);
    }

    [Fact]
    public void Save_EmptyReport_HasOnePage()
    {
        using var pdf = Read(report => { });

        Assert.Equal(1, pdf.NumberOfPages);
    }

    [Fact]
    public void Save_Twice_WritesTwiceAndTakesNothingMore()
    {
        using var folder = new TemporaryFolder();
        using var report = new PdfReport("Sample");
        report.Heading("Last");
        report.Save(folder.File("a.pdf"));
        report.Save(folder.File("b.pdf"));

        Assert.Equal(["a.pdf", "b.pdf"], folder.Names);
        Assert.Throws<InvalidOperationException>(() => report.Paragraph("late"));
    }

    private static PlotModel Plot() => PlotStyle.Create("plot λ", "step", "loss").AddLine("line", [1, 2, 3], [1, 4, 2]);

    private static void Everything(PdfReport report)
    {
        var map = PlotStyle.HeatMap(
            "map",
            "x",
            "y",
            "c",
            [1, 2],
            [1, 2],
            new[,]
            {
                { 1, double.NaN },
                { 3, 4 },
            }
        );
        report.Title("A title that is long enough to be broken into two lines on the page", "sub");
        report.Heading("Heading", 1);
        report.Paragraph(string.Join(' ', Enumerable.Repeat($"word {Signs}", 120)));
        report.Paragraph(new string('m', 400));
        report.Heading("Heading", 2);
        report.Table(
            [new("left", 1), new("middle", 1, ColumnAlignment.Centre), new("right", 2, ColumnAlignment.Right)],
            [
                .. Enumerable
                    .Range(0, 70)
                    .Select(i => new TableRow([$"{i}", new string('w', i), Signs], (RowAccent)(i % 4))),
            ]
        );
        report.Heading("Heading", 3);
        report.Figure(
            Plot(),
            90,
            "A caption that is long enough to be broken: " + string.Join(' ', Enumerable.Repeat("more", 60))
        );
        report.FigureRow(Plot(), map, 70);
    }

    private static PdfDocument Read(Action<PdfReport> fill)
    {
        using var folder = new TemporaryFolder();
        using var report = new PdfReport("Sample");
        fill(report);
        report.Save(folder.File("report.pdf"));
        return PdfDocument.Open(File.ReadAllBytes(folder.File("report.pdf")));
    }

    private static string Text(Page page) => ContentOrderTextExtractor.GetText(page);

    private static List<string> Words(Page page) => [.. page.GetWords().Select(word => word.Text)];
}
