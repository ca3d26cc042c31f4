using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Forecasting;
using FlatBias.Dynamics.Jets;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>flatbias forecast on a net of eight hidden units.</summary>
[Collection("console")]
public sealed class ForecastTests
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
        "600",
        "--push",
        "2.05",
        "--krylov",
        "8",
        "--horizon",
        "12",
        "--device",
        "cpu",
        "--threads",
        "1",
    ];

    [Fact]
    public void Forecast_SmallNet_ForecastsByEveryTheoryAndKeepsARecordThatReruns()
    {
        using var folder = new TemporaryFolder();

        var (code, output, error) = CommandLine.Run([.. Run, "--cubic", "--out", folder.File("run")]);

        Assert.True(code == 0, error);
        Assert.All(Dynamics.Theories.TheoryCatalogue.All, theory => Assert.Contains(theory.Name, output));
        Assert.Contains("The jet holds along v_1.", output);
        Assert.Contains("Along the path that it forecasts the sharpness is off by up to ", output);
        Assert.Contains("Predictability limit: the same run started a thousandth", output);
        Assert.Contains("S/limit", output);
        Assert.Contains("the jet has order 4; order 5 is needed", output);
        var record = RunRecord.Load(folder.File("run"));
        Assert.Equal(13, record.Series.Rows);
        Assert.True(record.Series["trust_ends"][0] < 0.1);
        Assert.True(record.Series["trust_path"][0] is >= 0 and < 0.1 && record.Series["path_cost"][0] > 0);
        Assert.Contains("memory-map-4-cubic_reference_rotation_1", record.Series.Names);
        Assert.InRange(record.Series["predictability"][0], 1e-6, 0.1);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Fact]
    public void Forecast_CollocationJet_SaysWhereItLookedAndKeepsARecordThatReruns()
    {
        using var folder = new TemporaryFolder();

        var (code, output, error) = CommandLine.Run([
            .. Run,
            "--jet",
            "collocation",
            "--columns",
            "4",
            "--refinements",
            "2",
            "--no-knots",
            "--out",
            folder.File("run"),
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("It looked at the surface from u = -", output);
        Assert.Contains("Along the path that it forecasts the sharpness is off by up to ", output);
        Assert.Contains("cannot be cut at order 4; order 6 runs on it", output);
        Assert.DoesNotContain("the jet has order", output);
        var record = RunRecord.Load(folder.File("run"));
        Assert.True(record.Series["swing_low"][0] < 0 && record.Series["swing_high"][0] > 0);
        Assert.DoesNotContain("trust_ends", record.Series.Names);
        var plan = ((InstabilitySpec)record.Manifest.Specification).Plan;
        Assert.Equal(new CollocationOptions(Columns: 4, Refinements: 2, Knots: false), plan.Collocation);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Fact]
    public void Forecast_Minibatches_SaysHowMuchTheBandHoldsAndKeepsARecordThatReruns()
    {
        using var folder = new TemporaryFolder();

        var (code, output, error) = CommandLine.Run([
            .. Run,
            "--jet",
            "collocation",
            "--theories",
            "memory-map-6-cubic",
            "--batch-size",
            "20",
            "--draws",
            "3",
            "--batch-seed",
            "5",
            "--out",
            folder.File("run"),
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("Minibatches of 20: 3 forecasts against as many runs, for 30 gradient-equivalents", output);
        Assert.Contains("0 forecasts and 0 runs are lost on the way", output);
        Assert.Contains("holds of the runs' steps, with 95 % intervals over the runs: S ", output);
        Assert.Contains("S - 2/eta over the second half: ", output);
        var record = RunRecord.Load(folder.File("run"));
        var plan = ((InstabilitySpec)record.Manifest.Specification).Plan;
        Assert.Equal(new StochasticOptions(new BatchPlan(20, 5), 3), plan.Stochastic);
        foreach (var name in new[] { "sharpness", "displacement", "loss" })
        {
            Assert.All(
                Enumerable.Range(0, 13),
                t =>
                    Assert.True(
                        record.Series[$"{name}_forecast_lower"][t] <= record.Series[$"{name}_forecast_upper"][t]
                            && record.Series[$"{name}_batch_lower"][t] <= record.Series[$"{name}_batch_mean"][t]
                    )
            );
            Assert.InRange(record.Series[$"{name}_coverage"][0], 0, 1);
        }

        Assert.Equal(30, record.Series["noise_cost"][0]);
        Assert.Equal(0, CommandLine.Run(["rerun", folder.File("run")]).Code);
    }

    [Fact]
    public void Forecast_WithoutMinibatches_HasARecordOfTheFormThatItHad()
    {
        var json = new InstabilitySpec(new()).ToJson();
        Assert.DoesNotContain("stochastic", json, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Forecast_WideSwing_RefusesTheJetAndForecastsAllTheSame()
    {
        var (code, output, error) = CommandLine.Run([
            .. Without(["--approach"]),
            "--approach",
            "300",
            "--theories",
            "memory-map-4",
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("The jet does not hold: at u = ", output);
        Assert.Contains("nothing forecast from it is to be believed", output);
        Assert.Contains("memory-map-4 ", output);
    }

    [Fact]
    public void Forecast_WithoutKrylovVectors_SaysThatNothingWasHeldAgainstTheSurface()
    {
        var (code, output, error) = CommandLine.Run([
            .. Without(["--krylov"]),
            "--krylov",
            "0",
            "--theories",
            "moment-map-4,memory-map-4",
        ]);

        Assert.True(code == 0, error);
        Assert.Contains("was not held against the surface", output);
        Assert.Contains("the jet has no Krylov part", output);
    }

    [Fact]
    public void Forecast_InstabilityThatNeverComes_IsOneLineAndARecord()
    {
        using var folder = new TemporaryFolder();

        var (code, _, error) = CommandLine.Run([
            .. Without(["--horizon"]),
            "--horizon",
            "1",
            "--excursion",
            "1e6",
            "--out",
            folder.File("run"),
        ]);

        Assert.Equal(1, code);
        Assert.Contains("instability 1 had not begun when the run ended after 610 steps", error);
        Assert.True(RunRecord.Load(folder.File("run")).Manifest.Notes!.ContainsKey("run"));
    }

    [Theory]
    [InlineData("push is 0; it must be", "--push", "0")]
    [InlineData("--push is 'far'", "--push", "far")]
    [InlineData("excursion is -1", "--excursion", "-1")]
    [InlineData("instability is 0; it must be a whole number", "--instability", "0")]
    [InlineData("horizon is 0", "--horizon", "0")]
    [InlineData("approach is -1", "--approach", "-1")]
    [InlineData("order is 7; it must be a whole number from 2 to 6", "--order", "7")]
    [InlineData("krylov is -1", "--krylov", "-1")]
    [InlineData("krylov is 0; it must be a whole number of at least 1", "--krylov", "0", "--cubic")]
    [InlineData("krylov is 0; it must be a whole number of at least 1", "--krylov", "0", "--jet", "collocation")]
    [InlineData("The cubic coupling is of a Taylor jet", "--jet", "collocation", "--cubic")]
    [InlineData("columns is 0; it must be a whole number", "--jet", "collocation", "--columns", "0")]
    [InlineData("refinements is 11; it must be", "--jet", "collocation", "--refinements", "11")]
    [InlineData("'padé'", "--jet", "padé")]
    [InlineData(
        "batch-size is 61; it must be a whole number from 1 to 60",
        "--jet",
        "collocation",
        "--batch-size",
        "61"
    )]
    [InlineData("batch-size is -1", "--jet", "collocation", "--batch-size", "-1")]
    [InlineData("--batch-size is '1.5'", "--jet", "collocation", "--batch-size", "1.5")]
    [InlineData("draws is 1; it must be", "--jet", "collocation", "--batch-size", "9", "--draws", "1")]
    [InlineData("needs a collocation jet", "--batch-size", "9")]
    [InlineData("needs a collocation jet", "--jet", "taylor", "--batch-size", "9")]
    [InlineData("--draws has no effect here", "--jet", "collocation", "--draws", "5")]
    [InlineData("--noise has no effect here", "--jet", "collocation", "--noise", "gaussian")]
    [InlineData("--batch-seed has no effect here", "--batch-seed", "5")]
    [InlineData("--replacement has no effect here", "--replacement")]
    [InlineData("'white'", "--noise", "white")]
    [InlineData("theory is 'nobody'; it must be", "--theories", "nobody")]
    [InlineData("step-size is 0", "--step-size", "0")]
    [InlineData("chunk is -2", "--chunk", "-2")]
    [InlineData("widths[1] is 0", "--widths", "0")]
    [InlineData("activation is 'mish'", "--activation", "mish")]
    public void Forecast_WrongInput_IsOneLine(string words, params string[] more) =>
        CommandLine.Fails(2, words, [.. Without(more), .. more]);

    [Fact]
    public void Forecast_WeightsThatAreNotThere_IsOneLine() =>
        CommandLine.Fails(1, "--init nowhere.safetensors does not exist", [.. Run, "--init", "nowhere.safetensors"]);

    /// <summary>The usual run without the options that are given otherwise.</summary>
    private static string[] Without(string[] more) =>
        [
            .. Run.Take(1),
            .. Run.Skip(1).Chunk(2).Where(option => !more.Contains(option[0])).SelectMany(option => option),
        ];
}
