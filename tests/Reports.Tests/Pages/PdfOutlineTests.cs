using FlatBias.Reports.Pages;
using FlatBias.Testing;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Outline;

namespace FlatBias.Reports.Tests.Pages;

/// <summary>The bookmarks of a report.</summary>
public class PdfOutlineTests
{
    [Fact]
    public void Save_TitleAndChapters_AreBookmarksOfTheirPages()
    {
        using var folder = new TemporaryFolder();
        using var report = new PdfReport("Sample");
        report.Title("Is it **right**?");
        report.PageBreak();
        report.Heading("First λ_neg (η) \\");
        report.Heading("A section", 2);
        report.Paragraph("text");
        report.PageBreak();
        report.Heading("Second");
        report.Paragraph("text");
        report.Save(folder.File("a.pdf"));

        using var pdf = PdfDocument.Open(folder.File("a.pdf"));
        Assert.Equal(3, pdf.NumberOfPages);
        Assert.True(pdf.TryGetBookmarks(out var bookmarks));
        Assert.Equal(
            [("Is it right?", 1), ("First λneg (η) \\", 2), ("Second", 3)],
            bookmarks.Roots.Cast<DocumentBookmarkNode>().Select(node => (node.Title, node.PageNumber))
        );
    }

    [Fact]
    public void Save_NoChapter_HasNoBookmarks()
    {
        using var folder = new TemporaryFolder();
        using var report = new PdfReport("Sample");
        report.Paragraph("text");
        report.Save(folder.File("a.pdf"));

        using var pdf = PdfDocument.Open(folder.File("a.pdf"));
        Assert.False(pdf.TryGetBookmarks(out var bookmarks) && bookmarks.Roots.Count > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%PDF-1.4\nnothing of the kind")]
    [InlineData("%PDF-1.4\nxref\n0 1\ntrailer\n<</Size 2\n/Root 1 0 R\n/Info 1 0 R>>\nstartxref\n5\n%%EOF")]
    public void Add_OtherFile_Throws(string content) =>
        Assert.Throws<InvalidDataException>(() =>
            PdfOutline.Add(System.Text.Encoding.Latin1.GetBytes(content), [("title", "00")])
        );
}
