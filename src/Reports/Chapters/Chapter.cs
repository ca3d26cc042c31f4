using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;
using OxyPlot;

namespace FlatBias.Reports.Chapters;

/// <summary>What a report is asked for.</summary>
/// <param name="Profile">quick or paper.</param>
/// <param name="Seed">Seeds everything random.</param>
/// <param name="Device">cpu, cuda or cuda:N.</param>
/// <param name="DataFolder">Folder of a full data set, or null for the embedded one.</param>
/// <param name="DataHash">A hash of its first images, or null for the embedded one.</param>
/// <param name="CifarHash">A hash of the images of CIFAR-10 that are used, or null where it is absent or not asked for.</param>
internal sealed record ReportSettings(
    string Profile,
    int Seed,
    string Device,
    string? DataFolder,
    string? DataHash = null,
    string? CifarHash = null
)
{
    /// <summary>Whether the long profile is run: more seeds and images, longer.</summary>
    public bool Paper => Profile == "paper";

    /// <summary>Test images of any set, as many as come with the program.</summary>
    public const int CommonTestImages = 1000;

    /// <summary>Test images of Fashion-MNIST where networks are compared by what they get right.</summary>
    public int TestImages { get; init; } = CommonTestImages;
}

/// <summary>A figure of a chapter: one plot, or two side by side.</summary>
/// <param name="Name">A file name without extension.</param>
/// <param name="Plots">One or two plots.</param>
/// <param name="Height">Height in millimetres.</param>
internal sealed record ChapterFigure(string Name, IReadOnlyList<PlotModel> Plots, double Height)
{
    /// <summary>The heading of its caption in the chapter's text.</summary>
    public string Caption { get; init; } = Name;

    /// <summary>What names in braces stand for in its caption, beside those of the chapter.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}

/// <summary>A chapter evaluated.</summary>
/// <param name="Claims">Its claims with verdicts.</param>
/// <param name="Figures">Its figures.</param>
/// <param name="Findings">What was found, a paragraph each.</param>
internal sealed record ChapterResult(
    IReadOnlyList<Claim> Claims,
    IReadOnlyList<ChapterFigure> Figures,
    IReadOnlyList<string> Findings
)
{
    /// <summary>What was found, where it is numbers.</summary>
    public IReadOnlyList<ChapterTable> Tables { get; init; } = [];
}

/// <summary>
/// One chapter of the report: what is claimed, the runs that test it, and how their records are judged. Evaluation reads records only, so a figure can be redrawn without running anything.
/// </summary>
internal abstract class Chapter
{
    /// <summary>The title.</summary>
    public abstract string Title { get; }

    /// <summary>Its text, in the file beside it.</summary>
    public Prose Prose => field ??= Prose.Of(GetType());

    /// <summary>What is claimed and how it is tested, a paragraph each.</summary>
    public IReadOnlyList<string> Introduction => Prose.Introduction(Values);

    /// <summary>What names in braces stand for in its text.</summary>
    protected virtual IReadOnlyDictionary<string, string> Values { get; } = new Dictionary<string, string>();

    /// <summary>The statements that the chapter judges.</summary>
    public abstract IReadOnlyList<Statement> Statements { get; }

    /// <summary>The runs it needs.</summary>
    public abstract IReadOnlyList<RunSpec> Runs(ReportSettings settings);

    /// <summary>Judges the statements from the records of its <see cref="Runs"/>.</summary>
    public abstract ChapterResult Evaluate(ReportSettings settings, RunRecords records);

    /// <summary>What to see in one of its figures.</summary>
    public string Caption(ChapterFigure figure) =>
        Prose.Caption(figure.Caption, Values.Concat(figure.Values).ToDictionary());
}
