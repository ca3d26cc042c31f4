using FlatBias.Dynamics.Observables;
using FlatBias.Lab.Landscapes;
using FlatBias.Lab.Tests.Scripts;
using FlatBias.Quadratic.Catalogue;

namespace FlatBias.Lab.Tests.Landscapes;

/// <summary>The scripts that the page shows do what it shows.</summary>
public class LandscapeScriptTests
{
    public static TheoryData<string> Names => [.. LandscapeCatalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Of_EveryLandscape_MakesTheSameSeries(string name) =>
        IsTheRun(LandscapeSettings.Beginning(name) with { Steps = "5" });

    [Fact]
    public Task Of_ScheduleAndRuleWithParameters_MakesTheSameSeries() =>
        IsTheRun(
            new()
            {
                Parameters = new() { ["link"] = "squared-error", ["target"] = "2" },
                Start = "0.5,1.5",
                StepSize = "warm-up:0.1,3",
                Steps = "8",
                Optimiser = "adam",
                OptimiserParameters = new() { ["momentum"] = "0.8", ["bias-correction"] = "off" },
            }
        );

    private static async Task IsTheRun(LandscapeSettings settings)
    {
        var run = LandscapeRun.Make(settings);
        var script = LandscapeScript.Of(run, ContourMap.Of(run, null, keepRange: false).Range);

        var series = await LabScript.Run<SeriesTable>(script, "series");

        // The page's table has columns of its own beside those of the run.
        Assert.Equal(run.Series.Rows, series.Rows);
        Assert.All(series.Names, name => Assert.Equal(series[name], run.Series[name]));
    }
}
