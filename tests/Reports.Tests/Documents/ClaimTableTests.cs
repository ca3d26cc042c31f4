using System.Text.RegularExpressions;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Contents;

namespace FlatBias.Reports.Tests.Documents;

/// <summary>The tables of docs/report.md are the statements of the chapters, with what stands beside them.</summary>
public partial class ClaimTableTests
{
    private static readonly string[] Heads = ["id", "statement", "source", "predicted", "measured", "tolerance"];

    [Fact]
    public void ReportPage_IsWhatTheChaptersState()
    {
        var page = GeneratedPage.Read("report.md");
        foreach (var (number, chapter) in ChapterCatalogue.All.Index())
        {
            var table = GeneratedTable.Of(Heads, chapter.Statements.Select(s => Row(chapter, s)));
            page = GeneratedTable.Replace(page, $"{number + 1}. {chapter.Title}", table);
        }

        GeneratedPage.Check("report.md", page);
    }

    [Fact]
    public void Claims_OfEveryChapter_AreThoseOfItsStatements() =>
        Assert.All(
            ChapterCatalogue.All,
            chapter =>
            {
                Assert.Equal(chapter.Statements.Select(s => s.Id), chapter.Prose.Claims.Keys);
                Assert.All(chapter.Prose.Claims.Values, cells => Assert.Equal(3, Bar().Split(cells).Length));
            }
        );

    private static string[] Row(Chapter chapter, Statement statement) =>
        [
            $"`{statement.Id}`",
            GeneratedTable.Cell(statement.Text),
            Labelled(GeneratedTable.Cell(statement.Source)),
            .. Bar().Split(chapter.Prose.Claims[statement.Id]),
        ];

    /// <summary>Labels stand in brackets on the pages.</summary>
    private static string Labelled(string source) => Other().Replace(Label().Replace(source, "[$0]"), "[$0]");

    [GeneratedRegex(@"\b(?:WR|D)\b")]
    private static partial Regex Label();

    [GeneratedRegex(@"\bR: .+$")]
    private static partial Regex Other();

    [GeneratedRegex(@" (?<!\\)\| ")]
    private static partial Regex Bar();
}
