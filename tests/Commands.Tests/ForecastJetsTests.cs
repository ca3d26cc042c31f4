using FlatBias.Dynamics.Observables;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

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
    public void Forecast_ManyBatchSizes_TellsEachAndKeepsARecordThatReruns()
    {
        using var folder = new TemporaryFolder();

        var (code, output, error) = CommandLine.Run([
            .. Run,
            "--push",
            "2.05",
            "--batch-sizes",
            "30,3",
            "--draws",
            "3",
            "--measure-every",
            "5",
            "--onward",
            "30",
            "--out",
            folder.File("run"),
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("S - 2/eta is over the second half of the 20 steps, settled over that of 30", output);
        Assert.Contains("    30 ", output);
        Assert.Contains("     3 ", output);
        var series = RunRecord.Load(folder.File("run")).Series;
        // Two runs of seven measured steps and one of five, of each size.
        Assert.Equal(2 * ((2 * 7) + 5), series.Rows);
        Assert.Equal([30, 3], series.Array("batch_size").Distinct());
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Fact]
    public void Forecast_HeavyBall_TellsTheErrorAndKeepsARecordThatReruns()
    {
        using var folder = new TemporaryFolder();

        var (code, output, error) = CommandLine.Run([
            .. Run,
            "--push",
            "2.05",
            "--momentum",
            "0.3",
            "--theories",
            "rod-flow",
            "--out",
            folder.File("run"),
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("Heavy ball, b = 0.3, step size ", output);
        Assert.Contains("S is right to 10 % ", output);
        Assert.Contains("Rod flow (6.10) on the same model: S ", output);
        Assert.Equal(21, RunRecord.Load(folder.File("run")).Series.Rows);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Fact]
    public void Forecast_RmsProp_RunsFrozenAndLetGoAndKeepsARecordThatRerunMakesAgain()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = CommandLine.Run([
            .. Without(["--step-size"]),
            "--step-size",
            "5e-5",
            "--optimiser",
            "rmsprop",
            "--epsilon",
            "1e-2",
            "--out",
            folder.File("run"),
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("RMSProp, step size ", output);
        Assert.Contains("Forecast with it let go against the rule: mean error of S_eff ", output);
        Assert.Contains("The frozen run itself against the rule: mean error of S_eff ", output);
        var series = RunRecord.Load(folder.File("run")).Series;
        Assert.Equal(21, series.Rows);
        // At the reference point the three are one: P as it stands, and an eigenvalue to the square of the tolerance.
        var sharpness = series[Columns.EffectiveSharpness][0];
        Assert.Equal(1, series[Columns.Forecast(Columns.Frozen, Columns.EffectiveSharpness)][0] / sharpness, 1e-6);
        Assert.Equal(1, series[Columns.Forecast(Columns.JetForecast, Columns.EffectiveSharpness)][0] / sharpness, 1e-6);
        Assert.Equal(
            1,
            series[Columns.Forecast(Columns.FrozenForecast, Columns.EffectiveSharpness)][0] / sharpness,
            1e-6
        );
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
    [InlineData("--batch-sizes is '30,x'; it must be whole numbers", "--batch-sizes", "30,x")]
    [InlineData("--batch-sizes is '30,,3'; it must be whole numbers", "--batch-sizes", "30,,3")]
    [InlineData("batch size 30 is given twice", "--batch-sizes", "30,30")]
    [InlineData("batch-size is 61; it must be a whole number from 1 to 60", "--batch-sizes", "61,3")]
    [InlineData("draws is 1", "--batch-sizes", "30", "--draws", "1")]
    [InlineData("measure-every is 21", "--batch-sizes", "30", "--measure-every", "21")]
    [InlineData("onward is 5", "--batch-sizes", "30", "--onward", "5")]
    [InlineData("--measure-every has no effect without --batch-sizes", "--measure-every", "5")]
    [InlineData("--batch-size has no effect beside --batch-sizes", "--batch-sizes", "30", "--batch-size", "3")]
    [InlineData("--reanchor has no effect beside --batch-sizes", "--batch-sizes", "30", "--reanchor", "50")]
    [InlineData("--batch-sizes has no effect beside --pushes", "--pushes", "2.1:2.5:3", "--batch-sizes", "30")]
    [InlineData("--momentum has no effect beside --batch-sizes", "--momentum", "0.3", "--batch-sizes", "30")]
    [InlineData("a Taylor jet has no swing", "--batch-sizes", "30", "--jet", "taylor")]
    [InlineData("momentum is 1", "--momentum", "1")]
    [InlineData("momentum is -0.1", "--momentum", "-0.1")]
    [InlineData("--momentum is 'x'", "--momentum", "x")]
    [InlineData("--momentum has no effect beside --reanchor", "--momentum", "0.3", "--reanchor", "50")]
    [InlineData("--momentum has no effect beside --pushes", "--momentum", "0.3", "--pushes", "2.1:2.5:3")]
    [InlineData("theories names 'gradient-flow'; with", "--momentum", "0.3", "--theories", "rod-flow,gradient-flow")]
    [InlineData("theory is 'rod'; it must be", "--momentum", "0.3", "--theories", "rod")]
    [InlineData("--order has no effect beside --momentum", "--momentum", "0.3", "--order", "4")]
    [InlineData("a Taylor jet has no swing", "--momentum", "0.3", "--jet", "both")]
    [InlineData("a Taylor jet has no swing", "--optimiser", "rmsprop", "--jet", "both")]
    [InlineData("second-decay is 1", "--optimiser", "rmsprop", "--second-decay", "1")]
    [InlineData("second-decay is NaN", "--optimiser", "rmsprop", "--second-decay", "NaN")]
    [InlineData("epsilon is -1", "--optimiser", "rmsprop", "--epsilon", "-1")]
    [InlineData("epsilon is ", "--optimiser", "rmsprop", "--epsilon", "Infinity")]
    [InlineData("--epsilon is 'x'", "--optimiser", "rmsprop", "--epsilon", "x")]
    [InlineData("approach is 0", "--optimiser", "rmsprop", "--approach", "0")]
    [InlineData("--optimiser is 'adam'", "--optimiser", "adam")]
    [InlineData("--epsilon has no effect without --optimiser rmsprop", "--epsilon", "1e-3")]
    [InlineData("--second-decay has no effect without --optimiser rmsprop", "--second-decay", "0.9")]
    [InlineData("--momentum has no effect beside --optimiser", "--optimiser", "rmsprop", "--momentum", "0.3")]
    [InlineData("--reanchor has no effect beside --optimiser", "--optimiser", "rmsprop", "--reanchor", "50")]
    [InlineData("--order has no effect beside --optimiser", "--optimiser", "rmsprop", "--order", "4")]
    [InlineData("--optimiser has no effect beside --pushes", "--optimiser", "rmsprop", "--pushes", "2.1:2.5:3")]
    [InlineData("--epsilon has no effect beside --batch-sizes", "--epsilon", "1", "--batch-sizes", "30")]
    public void Forecast_WrongInput_IsOneLine(string words, params string[] more) =>
        CommandLine.Fails(2, words, [.. Without(more), .. more]);

    /// <summary>The usual run without the options that are given otherwise.</summary>
    private static string[] Without(string[] more) =>
        [
            .. Run.Take(1),
            .. Run.Skip(1).Chunk(2).Where(option => !more.Contains(option[0])).SelectMany(option => option),
        ];
}
