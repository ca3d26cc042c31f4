using FlatBias.Reports.Chapters;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Records;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>The settings of the long profile, which no test runs: a run of hours must not end at one that contradicts another.</summary>
public class PaperProfileTests
{
    private static readonly ReportSettings Paper = new("paper", 1, "cpu", null);

    private static readonly RunInputs Inputs = new();

    public static TheoryData<string> Titles => [.. ChapterCatalogue.All.Select(chapter => chapter.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void Runs_OfAChapter_FitThemselvesAndTheirData(string title)
    {
        var chapter = ChapterCatalogue.All.Single(one => one.Title == title);
        var runs = chapter.Runs(Paper);

        Assert.Equal(runs.Count, runs.Select(run => run.Key()).Distinct().Count());
        foreach (var training in runs.Select(run => run.Network).Where(network => network is not null))
            training!.Validate(Inputs.Data(training).Train);
    }
}
