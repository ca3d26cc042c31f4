using FlatBias.Dynamics.Observables;
using FlatBias.Lab.Drawing;
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

    [Fact]
    public async Task Of_Theories_MakesTheForecastsOfThePage()
    {
        var run = LandscapeRun.Make(
            new()
            {
                Theories = ["moment-map-4", "gradient-flow"],
                Steps = "20",
                Horizon = "10",
            }
        );
        var script = LandscapeScript.Of(run, ContourMap.Of(run, null, keepRange: false).Range, 7);

        var trial = await LabScript.Run<SeriesTable>(script, "trial");

        var shown = LandscapeForecasts.Of(run, 7)!;
        var curves = shown.Over(new Figure("", "", ""), Columns.Sharpness).Curves;
        Assert.Equal(["moment-map-4", "gradient-flow"], curves.Select(curve => curve.Name));
        Assert.All(curves, curve => Assert.Equal(trial[Columns.Forecast(curve.Name, "sharpness")], curve.Y));
        Assert.All(curves, curve => Assert.Equal(7, curve.X[0]));
    }

    private static async Task IsTheRun(LandscapeSettings settings)
    {
        var run = LandscapeRun.Make(settings);
        var script = LandscapeScript.Of(run, ContourMap.Of(run, null, keepRange: false).Range, 2);

        var series = await LabScript.Run<SeriesTable>(script, "series");

        // The page's table has columns of its own beside those of the run.
        Assert.Equal(run.Series.Rows, series.Rows);
        Assert.All(series.Names, name => Assert.Equal(series[name], run.Series[name]));
    }
}
