using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Pages;

public sealed class MadeTests
{
    private static readonly SimulationSpec Spec = new(LandscapeChoice.Of("quadratic"), [1, 1], 0.1);

    [Theory]
    [InlineData("several at a time. Every")]
    [InlineData("several at a time, on 27 November 2026. Every", "2026-11-27T23:59:59Z", null, "2026-11-27T00:00:00Z")]
    // A day is one of coordinated universal time.
    [InlineData(
        "several at a time, from 27 November 2026 to 3 January 2027. Every",
        "2027-01-03T01:00:00Z",
        "2026-12-24T12:00:00Z",
        "2026-11-28T01:00:00+02:00"
    )]
    public void Of_Runs_SaysOnWhatDaysTheyWereMade(string words, params string?[] made) =>
        Assert.Contains(
            words,
            string.Join(
                ' ',
                Made.Of(
                    new ReportSettings("quick", 1, "cpu", null),
                    [
                        .. made.Select(time => new RunManifest
                        {
                            Specification = Spec,
                            Versions = [],
                            Machine = [],
                            Made = time is null
                                ? null
                                : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture),
                        }),
                    ]
                )
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Save_Record_SaysWhenToTheSecond()
    {
        using var folder = new TemporaryFolder();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        RunRecord.Save(folder.Path, Spec, new(SeriesTable.From([("step", [0])]), StopReason.StepLimit, 0, 0), 1, 0);
        var made = RunRecord.Load(folder.Path).Manifest.Made!.Value;
        Assert.InRange(made, before, DateTimeOffset.UtcNow);
        Assert.Equal(0, made.Ticks % TimeSpan.TicksPerSecond);
    }
}
