using System.Diagnostics;
using System.Globalization;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Pages;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Contents;

/// <summary>The report as pages: what was found of the paper's claims, the chapters, the table of all claims, and how it was made.</summary>
internal static class ReportDocument
{
    private const string AllClaims = "All claims",
        References = "References",
        Terms = "Terms",
        Provenance = "How this report was made";

    // More columns are set smaller.
    private const int MostWide = 7;

    /// <summary>The parts after the chapters, by their titles.</summary>
    public static IReadOnlyList<string> Closing { get; } = [AllClaims, References, Terms, Provenance];

    public static void Write(
        string path,
        ReportSettings settings,
        IReadOnlyList<(Chapter Chapter, ChapterResult Result)> chapters,
        IReadOnlyCollection<RunManifest> runs
    )
    {
        // Pages and figures are known once everything has been laid out: a draft finds them. Their numbers take no other room than the
        // zeros of the draft, in cells that have room for several.
        using var draft = new PdfReport("FlatBias report", "FlatBias", draft: true);
        var numbering = new Numbering();
        Fill(draft, settings, chapters, runs, numbering, _ => 0);
        using var report = new PdfReport("FlatBias report");
        Fill(report, settings, chapters, runs, new Numbering(numbering), title => draft.Pages[title]);
        report.Save(path);
    }

    private static void Fill(
        PdfReport report,
        ReportSettings settings,
        IReadOnlyList<(Chapter Chapter, ChapterResult Result)> chapters,
        IReadOnlyCollection<RunManifest> runs,
        Numbering numbering,
        Func<string, int> pageOf
    )
    {
        FrontPage.Write(report, settings, chapters, pageOf, numbering);
        report.PageBreak();
        foreach (var (chapter, result) in chapters)
            WriteChapter(report, chapter, result, numbering);
        report.PageBreak();
        report.Heading(AllClaims);
        report.TableTitle(
            numbering.Table("All claims by chapter. Tolerances, and why, stand in the chapters."),
            numbering.Continued
        );
        report.Table(
            [new("Claim", 6.4), new("Source", 1.7), new("Predicted", 1.2), new("Measured", 1.8), new("Verdict", 1.2)],
            [
                .. chapters.SelectMany(c =>
                    c.Result.Claims.Select(Row)
                        .Prepend(new TableRow([$"**{c.Chapter.Title}**", "", "", "", ""]) { Heads = true })
                ),
            ],
            compact: true
        );
        WriteUndecided(report, chapters, numbering);
        report.Heading(References);
        foreach (var reference in Literature.All)
            report.Paragraph(reference);
        report.Heading(Terms);
        report.TableTitle(numbering.Table("Terms of this report."), numbering.Continued);
        report.Table(
            [new("Term", 1), new("Meaning", 4)],
            [.. Literature.Terms.Select(term => new TableRow([$"**{term.Term}**", term.Meaning]))]
        );
        report.Heading(Provenance);
        foreach (var paragraph in Made.Of(settings, runs))
            report.Paragraph(paragraph);
    }

    /// <summary>What the claims that replicates leave open would take.</summary>
    private static void WriteUndecided(
        PdfReport report,
        IReadOnlyList<(Chapter Chapter, ChapterResult Result)> chapters,
        Numbering numbering
    )
    {
        Claim[] open =
        [
            .. chapters
                .SelectMany(c => c.Result.Claims)
                .Where(claim => claim.Verdict == Verdict.Inconclusive && claim.Replicates is not null),
        ];
        if (open.Length == 0)
            return;
        report.Heading("What the undecided claims would take", 2);
        report.Paragraph(
            $"Replicates that decide with probability {Claim.Format(Replication.Power)}, by the spread of those of this report: at the effect predicted where a value is predicted, at the effect measured where a bound is. An effect that lies at the bound is not decided by any number."
        );
        report.TableTitle(
            numbering.Table("Undecided claims, and the replicates that would decide them."),
            numbering.Continued
        );
        report.Table(
            [
                new("Claim", 3),
                new("Predicted", 1.4),
                new("Measured", 2),
                new("Replicates", 1.2, ColumnAlignment.Right),
                new("Would decide", 1.4, ColumnAlignment.Right),
            ],
            [
                .. open.Select(claim => new TableRow([
                    claim.Statement.Id,
                    claim.PredictedText,
                    claim.MeasuredText,
                    $"{claim.Replicates}",
                    claim.ReplicatesToDecide?.ToString(CultureInfo.InvariantCulture) ?? $"over {Replication.Most}",
                ])),
            ],
            compact: true
        );
    }

    private static void WriteChapter(PdfReport report, Chapter chapter, ChapterResult result, Numbering numbering)
    {
        report.Heading(chapter.Title);
        foreach (var paragraph in chapter.Introduction)
            report.Paragraph(paragraph);
        report.Paragraph(numbering.Reference(result.Figures.Count, result.Tables.Count + 1));
        foreach (var figure in result.Figures)
        {
            var caption = numbering.Figure(figure.Caption, chapter.Caption(figure));
            if (figure.Plots.Count == 1)
                report.Figure(figure.Plots[0], figure.Height, caption);
            else
                report.FigureRow(figure.Plots[0], figure.Plots[1], figure.Height, caption);
        }

        report.Heading("What was found", 2);
        foreach (var finding in result.Findings)
            report.Paragraph(finding);
        foreach (var table in result.Tables)
        {
            report.TableTitle(numbering.Table(table.Title), numbering.Continued);
            report.Table(
                [
                    .. table.Heads.Select(
                        (head, i) => i == 0 ? new TableColumn(head, 2.2) : new(head, 1, ColumnAlignment.Right)
                    ),
                ],
                [.. table.Rows.Select(row => new TableRow(row))],
                compact: table.Heads.Count > MostWide
            );
        }

        report.TableTitle(numbering.Table("Verdicts."), numbering.Continued);
        report.Table(
            [
                new("Claim: what was measured", 4.6),
                new("Predicted", 1.5),
                new("Measured", 2),
                new("Tolerance, and why", 3.4),
                new("Verdict", 1.6),
            ],
            [
                .. result.Claims.Select(c => new TableRow(
                    [
                        c.Quantity.Length == 0 ? c.Statement.Id : $"{c.Statement.Id}: {c.Quantity}",
                        c.PredictedText,
                        c.MeasuredText,
                        c.Basis.Length == 0 ? c.ToleranceText : $"{c.ToleranceText} ({c.Basis})",
                        Word(c.Verdict),
                    ],
                    Accent(c)
                )),
            ]
        );
    }

    private static TableRow Row(Claim claim) =>
        new(
            [
                $"**{claim.Statement.Id}** {claim.Statement.Text}",
                claim.Statement.Source,
                claim.PredictedText,
                claim.MeasuredText,
                Word(claim.Verdict),
            ],
            Accent(claim)
        );

    private static string Word(Verdict verdict) =>
        verdict switch
        {
            Verdict.Confirmed => "confirmed",
            Verdict.Refuted => "refuted",
            Verdict.Inconclusive => "inconclusive",
            Verdict.NotRun => "not run",
            _ => throw new UnreachableException($"verdict is {verdict}"),
        };

    private static RowAccent Accent(Claim claim) =>
        claim.Verdict switch
        {
            Verdict.Confirmed => RowAccent.Good,
            Verdict.Refuted => RowAccent.Bad,
            Verdict.Inconclusive or Verdict.NotRun => RowAccent.Muted,
            _ => throw new UnreachableException($"verdict is {claim.Verdict}"),
        };
}
