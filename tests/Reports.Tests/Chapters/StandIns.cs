using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Claims;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Chapters;

/// <summary>Judges a network chapter from made-up records of the runs that it asks for.</summary>
internal static class StandIns
{
    public static readonly ReportSettings Settings = new("quick", 1, "cpu", null);

    /// <summary>The verdicts by statement, from records whose reason and series are given for each specification.</summary>
    public static Dictionary<string, Verdict> Verdicts(
        Chapter chapter,
        Func<NetworkSpec, (StopReason Reason, SeriesTable Series)> make,
        ReportSettings? settings = null
    ) => Result(chapter, make, settings).Claims.ToDictionary(c => c.Statement.Id, c => c.Verdict);

    /// <summary>The chapter from records whose reason and series are given for each specification.</summary>
    public static ChapterResult Result(
        Chapter chapter,
        Func<NetworkSpec, (StopReason Reason, SeriesTable Series)> make,
        ReportSettings? settings = null
    )
    {
        settings ??= Settings;
        using var folder = new TemporaryFolder();
        var records = chapter
            .Runs(settings)
            .Select(
                (spec, i) =>
                {
                    var (reason, series) = make((NetworkSpec)spec);
                    return RunRecord.Save(
                        folder.File($"{i}"),
                        spec,
                        new RunOutcome(series, reason, (int)series["step"][^1], 0),
                        1,
                        0
                    );
                }
            );
        return Result(chapter, settings, new RunRecords(records));
    }

    /// <summary>The verdicts by statement, from records that are given.</summary>
    public static Dictionary<string, Verdict> Verdicts(Chapter chapter, ReportSettings settings, RunRecords records) =>
        Result(chapter, settings, records).Claims.ToDictionary(c => c.Statement.Id, c => c.Verdict);

    private static ChapterResult Result(Chapter chapter, ReportSettings settings, RunRecords records)
    {
        var result = chapter.Evaluate(settings, records);
        Assert.Equal(chapter.Statements.Select(s => s.Id), result.Claims.Select(c => c.Statement.Id));
        Intervals.Check(result.Claims);
        Assert.NotEmpty(result.Figures);
        Assert.All(result.Figures, figure => Assert.NotEmpty(chapter.Caption(figure)));
        Assert.NotEmpty(result.Findings);
        return result;
    }
}
