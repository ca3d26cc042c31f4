using System.Diagnostics;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Pages;

namespace FlatBias.Reports.Contents;

/// <summary>The report as pages: title with the verdict table, then the chapters.</summary>
internal static class ReportDocument
{
    public static void Write(
        string path,
        ReportSettings settings,
        IReadOnlyList<(Chapter Chapter, ChapterResult Result)> chapters
    )
    {
        using var report = new PdfReport("FlatBias report");
        report.Title("FlatBias", "Do the instabilities of gradient descent flatten the loss landscape?");
        report.Paragraph(
            $"Profile {settings.Profile}, seed {settings.Seed}, networks on {settings.Device}, data: Fashion-MNIST ({(settings.DataFolder is null ? "embedded subset" : "full set")}). "
                + "The verdict on each claim follows from prediction, measurement, its uncertainty and the tolerance by one rule, and a refuted claim is a result. "
                + "Sources: WR is Wang and Roberts (arXiv 2511.12558) and its predecessor; D is derived for FlatBias; numbers refer to docs/theory.md."
        );
        var claims = chapters.SelectMany(c => c.Result.Claims).ToArray();
        report.Paragraph(
            string.Join(
                ", ",
                Enum.GetValues<Verdict>().Select(v => $"**{claims.Count(c => c.Verdict == v)}** {Word(v)}")
            ) + "."
        );
        report.Table(
            [
                new("Claim", 6.6),
                new("Source", 1.7),
                new("Predicted", 1.2),
                new("Measured", 1.5),
                new("Tolerance", 1.2),
                new("Verdict", 1.4),
            ],
            [.. claims.Select(Row)]
        );
        report.PageBreak();
        foreach (var (chapter, result) in chapters)
            WriteChapter(report, chapter, result);
        report.Save(path);
    }

    private static void WriteChapter(PdfReport report, Chapter chapter, ChapterResult result)
    {
        report.Heading(chapter.Title);
        foreach (var paragraph in chapter.Introduction)
            report.Paragraph(paragraph);
        foreach (var figure in result.Figures)
        {
            if (figure.Plots.Count == 1)
                report.Figure(figure.Plots[0], figure.Height, chapter.Caption(figure));
            else
                report.FigureRow(figure.Plots[0], figure.Plots[1], figure.Height, chapter.Caption(figure));
        }

        report.Heading("What was found", 2);
        foreach (var finding in result.Findings)
            report.Paragraph(finding);
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
                claim.Statement.Text,
                claim.Statement.Source,
                claim.PredictedText,
                claim.MeasuredText,
                claim.ToleranceText,
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
