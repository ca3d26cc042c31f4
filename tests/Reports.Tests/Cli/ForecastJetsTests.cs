using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Reports.Tests.Cli;

/// <summary>flatbias forecast with one jet for many step sizes, and with many jets for one run.</summary>
[Collection("console")]
public sealed class ForecastJetsTests
{
    private static readonly string[] Run =
    [
        "forecast",
        "--train",
        "60",
        "--widths",
        "8",
        "--step-size",
        "0.005",
        "--approach",
        "300",
        "--krylov",
        "8",
        "--horizon",
        "20",
        "--device",
        "cpu",
        "--threads",
        "1",
    ];

    [Fact]
    public void Forecast_ManyPushes_TellsForecastsAndRunsAndKeepsARecordThatReruns()
    {
        using var folder = new TemporaryFolder();

        var (code, output, error) = CommandLine.Run([.. Run, "--pushes", "2.05:2.2:2", "--out", folder.File("run")]);

        Assert.True(code == 0, error);
        Assert.Contains("One jet after 300 steps, eta S / 2 = 1 at step size ", output);
        Assert.Contains("The largest safe step size is not forecast.", output);
        var series = RunRecord.Load(folder.File("run")).Series;
        Assert.Equal(2, series.Rows);
        Assert.All(series["push"].Zip([2.05, 2.2]), p => Near.Equal(p.Second, p.First, 1e-12, "push"));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(20, series["forecast_steps_made"][i]);
            // Eight hidden units swing far: the jet is right to a tenth, and the peak lies above where it began.
            Near.Equal(series["peak_loss"][i], series["forecast_peak_loss"][i], 0.1 * series["peak_loss"][i], "peak");
            Near.Equal(
                series["lowest_sharpness"][i],
                series["forecast_lowest_sharpness"][i],
                0.1 * series["lowest_sharpness"][i],
                "S"
            );
        }

        Assert.True(series["peak_loss"][1] > series["peak_loss"][0]);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Fact]
    public void Forecast_Reanchored_TellsTheJetsAndKeepsARecordThatReruns()
    {
        using var folder = new TemporaryFolder();

        var (code, output, error) = CommandLine.Run([
            .. Run,
            "--jet",
            "collocation",
            "--push",
            "2.05",
            "--reanchor",
            "10",
            "--out",
            folder.File("run"),
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("with the run known up to there", output);
        Assert.Contains("20 steps, S off by ", output);
        Assert.Contains("for measuring S at every step.", output);
        var series = RunRecord.Load(folder.File("run")).Series;
        Assert.Equal(21, series.Rows);
        Assert.True(series["jet_cost"].Count(double.IsFinite) >= 2);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Fact]
    public void Forecast_ReanchoredInstabilityThatNeverComes_IsOneLine() =>
        CommandLine.Fails(
            1,
            "instability 1 had not begun",
            [.. Run[..^6], "--horizon", "1", "--threads", "1", "--excursion", "1e6", "--reanchor", "8"]
        );

    [Theory]
    [InlineData("they must be above 2, the edge", "--pushes", "1.9:2.5:3")]
    [InlineData("number of pushes is 0", "--pushes", "2.1:2.5:0")]
    [InlineData("--pushes is '2.1:2.5'; it must be from:to:count", "--pushes", "2.1:2.5")]
    [InlineData("--step-sizes is 'a:b:c'; it must be", "--step-sizes", "a:b:c")]
    [InlineData("are both given", "--step-sizes", "1:2:3", "--pushes", "2.1:2.5:3")]
    [InlineData("a Taylor jet has no swing", "--pushes", "2.1:2.5:3", "--jet", "taylor")]
    [InlineData("--push has no effect beside --pushes", "--pushes", "2.1:2.5:3", "--push", "2.1")]
    [InlineData("--theories has no effect beside --step-sizes", "--step-sizes", "1:2:3", "--theories", "gradient-flow")]
    [InlineData("--reanchor has no effect beside --pushes", "--pushes", "2.1:2.5:3", "--reanchor", "50")]
    [InlineData("--span-limit has no effect beside --pushes", "--pushes", "2.1:2.5:3", "--span-limit")]
    [InlineData("--batch-size has no effect beside --pushes", "--pushes", "2.1:2.5:3", "--batch-size", "30")]
    [InlineData("--jet is both; --step-sizes", "--pushes", "2.1:2.5:3", "--jet", "both")]
    [InlineData("--span-limit has no effect beside --reanchor", "--reanchor", "50", "--span-limit")]
    [InlineData(
        "--batch-size has no effect beside --reanchor",
        "--reanchor",
        "50",
        "--batch-size",
        "30",
        "--draws",
        "3"
    )]
    [InlineData("--jet is both; --step-sizes", "--reanchor", "50", "--jet", "both")]
    [InlineData("below the edge 2/S = ", "--step-sizes", "1e-6:2:3")]
    [InlineData("The approach diverges after", "--pushes", "2.1:2.5:3", "--step-size", "50")]
    [InlineData("excursion is -1", "--pushes", "2.1:2.5:3", "--excursion", "-1")]
    [InlineData("krylov is 0", "--pushes", "2.1:2.5:3", "--krylov", "0")]
    [InlineData("window is 7", "--reanchor", "7")]
    [InlineData("--reanchor is 'x'", "--reanchor", "x")]
    [InlineData("a Taylor jet has no swing", "--reanchor", "50", "--jet", "taylor")]
    [InlineData("--cubic has no effect beside --reanchor", "--reanchor", "50", "--cubic")]
    [InlineData("krylov is 0", "--reanchor", "50", "--krylov", "0")]
    public void Forecast_WrongInput_IsOneLine(string words, params string[] more) =>
        CommandLine.Fails(2, words, [.. Without(more), .. more]);

    /// <summary>The usual run without the options that are given otherwise.</summary>
    private static string[] Without(string[] more) =>
        [
            .. Run.Take(1),
            .. Run.Skip(1).Chunk(2).Where(option => !more.Contains(option[0])).SelectMany(option => option),
        ];
}
