using FlatBias.Reports.Chapters;
using FlatBias.Reports.Chapters.Networks;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Pages;

namespace FlatBias.Reports.Contents;

/// <summary>The first page: the paper's claims with what was found of each, and how it was asked; then the contents.</summary>
internal static class FrontPage
{
    private const char NoBreak = '\u00A0';

    // Landscapes, then networks.
    private static readonly bool[] Kinds = [false, true];

    public static void Write(
        PdfReport report,
        ReportSettings settings,
        IReadOnlyList<(Chapter Chapter, ChapterResult Result)> chapters,
        Func<string, int> pageOf,
        Numbering numbering
    )
    {
        Claim[] all = [.. chapters.SelectMany(c => c.Result.Claims)];
        var claims = all.ToDictionary(claim => claim.Statement.Id);
        report.Title(
            "Is the paper right?",
            "Wang and Roberts, Training Instabilities Induce Flatness Bias in Gradient Descent (arXiv 2511.12558)"
        );
        report.TableTitle(numbering.Table("The paper's claims, and what was found of each."), numbering.Continued);
        report.Table(
            [new("The paper claims", 2.5), new("On landscapes", 3), new("On networks", 3.9), new("Shown in", 1.3)],
            [.. PaperClaim.All.Select(question => Row(question, claims, chapters, pageOf, numbering))]
        );
        report.Paragraph(
            "Each answer is composed from the verdicts of the statements that bear on the claim, by one rule: **yes** where all that are decided support it and none is undecided, **no** where all count against it, **in part** where they disagree, and “as far as decided” where some decide nothing, but no more than do; where more do not, it is “mostly undecided”. "
                + "The number shown is one of theirs."
        );
        report.Paragraph(Design(settings));
        report.TableTitle(numbering.Table("Statements by whose they are, and their verdicts."), numbering.Continued);
        report.Table(
            [
                new("Statements", 3),
                new("", 1.6),
                new("Confirmed", 1.2, ColumnAlignment.Right),
                new("Refuted", 1.2, ColumnAlignment.Right),
                new("Undecided", 1.2, ColumnAlignment.Right),
                new("Not run", 1.2, ColumnAlignment.Right),
            ],
            [
                .. Enum.GetValues<ClaimOrigin>()
                    .SelectMany(origin => Kinds.Select(networks => Counts(origin, networks, chapters)))
                    .OfType<TableRow>(),
            ]
        );
        report.Heading("Contents", 2);
        report.Contents([
            .. chapters
                .Select(c => c.Chapter.Title)
                .Concat(ReportDocument.Closing)
                .Select(title => (title, pageOf(title))),
        ]);
    }

    private static string Design(ReportSettings settings) =>
        $"Profile {settings.Profile}, seed {settings.Seed}; networks on {settings.Device}, Fashion-MNIST ({(settings.DataFolder is null ? "embedded subset" : "full set")}). "
        + "Landscapes are those on which the theory is exact, and their runs are deterministic but for minibatches; networks are small, and seeds are their replicates. "
        + "Networks are compared at equal training loss, so that cross-entropy alone does not flatten one of them. "
        + "Predictions, tolerances and limits were set before the runs that they judge."
        + (
            settings.Paper
                ? ""
                : " What a few seeds of small networks on one data set do not decide is printed as undecided: the paper profile has more seeds and images, not larger networks."
        );

    private static TableRow Row(
        PaperClaim question,
        Dictionary<string, Claim> claims,
        IReadOnlyList<(Chapter Chapter, ChapterResult Result)> chapters,
        Func<string, int> pageOf,
        Numbering numbering
    )
    {
        var ids = question.Landscapes.All.Concat(question.Networks.All).ToHashSet();
        int[] pages =
        [
            .. chapters
                .Where(c => c.Result.Claims.Any(claim => ids.Contains(claim.Statement.Id)))
                .Select(c => pageOf(c.Chapter.Title)),
        ];
        return new TableRow([
            $"**{question.Text}**",
            Cell(question.Landscapes, claims),
            Cell(question.Networks, claims),
            $"Figures {string.Join(", ", numbering.Of(question.Figures))}\npage{(pages.Length == 1 ? "" : "s")} {string.Join(", ", pages)}",
        ]);
    }

    private static string Cell(Evidence evidence, Dictionary<string, Claim> claims)
    {
        var answer = Answer.Of(evidence, claims);
        var counts = answer.Counts.Length > 0 ? $" ({answer.Counts})" : "";
        return evidence.Headline is { } id && claims.TryGetValue(id, out var claim) && claim.Verdict != Verdict.NotRun
            ? $"**{answer.Word}**{counts}\n{claim.Quantity}: {claim.MeasuredText}; predicted {claim.PredictedText.Replace(' ', NoBreak)}"
            : $"**{answer.Word}**{counts}";
    }

    private static TableRow? Counts(
        ClaimOrigin origin,
        bool networks,
        IReadOnlyList<(Chapter Chapter, ChapterResult Result)> chapters
    )
    {
        Claim[] of =
        [
            .. chapters
                .Where(c => IsOfNetworks(c.Chapter) == networks)
                .SelectMany(c => c.Result.Claims)
                .Where(claim => claim.Statement.Origin == origin),
        ];
        return of.Length == 0
            ? null
            : new TableRow([
                origin switch
                {
                    ClaimOrigin.Paper => "of the paper",
                    ClaimOrigin.Rival => "of rivals",
                    _ => "derived here",
                },
                networks ? "networks" : "landscapes",
                .. new[] { Verdict.Confirmed, Verdict.Refuted, Verdict.Inconclusive, Verdict.NotRun }.Select(verdict =>
                    $"{of.Count(claim => claim.Verdict == verdict)}"
                ),
            ]);
    }

    private static bool IsOfNetworks(Chapter chapter) =>
        chapter.GetType().Namespace == typeof(InstabilityForecast).Namespace;
}
