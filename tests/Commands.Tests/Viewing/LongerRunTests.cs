using FlatBias.Commands.Tests;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests.Viewing;

/// <summary>
/// A run given again with more steps goes on from its end, with the bits of one that was made in one go.
/// </summary>
[Collection("console")]
public class LongerRunTests
{
    // Measured at steps that the shorter run does not end on: its last row is not one of the longer run.
    private static readonly string[] Settings =
        "train --train 40 --test 10 --widths 4 --activation tanh --loss mse --measure-every 4 --eigenpairs 2 --threads 1 --optimiser adam --step-size 0.01 --batch-size 20".Split(
            ' '
        );

    [Fact]
    public void Train_MoreSteps_GoesOnFromTheEndWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        Train(folder.File("run"), 10);
        Assert.Contains("taken up at step 10", Train(folder.File("run"), 30), StringComparison.Ordinal);
        Assert.DoesNotContain("taken up", Train(folder.File("whole"), 30), StringComparison.Ordinal);
        Assert.Equal(
            File.ReadAllBytes(folder.File("whole/series.parquet")),
            File.ReadAllBytes(folder.File("run/series.parquet"))
        );
        var (whole, run) = (RunRecord.Load(folder.File("whole")).Manifest, RunRecord.Load(folder.File("run")).Manifest);
        Assert.Equal(whole.Specification.ToJson(), run.Specification.ToJson());
        Assert.Equal(whole.GradientEquivalents, run.GradientEquivalents);
    }

    [Fact]
    public void Train_OtherSettingsInTheFolder_NamesAllOfThemWithBothValues()
    {
        using var folder = new TemporaryFolder();
        Train(folder.File("run"), 10);
        var before = File.ReadAllBytes(folder.File("run/record.json"));
        Fails(
            "training.seed is 1 there and 2 here; training.steps is 10 there and 20 here",
            "--steps",
            "20",
            "--seed",
            "2"
        );
        Fails("training.steps is 10 there and 5 here", "--steps", "5");
        Assert.Equal(before, File.ReadAllBytes(folder.File("run/record.json")));

        void Fails(string words, params string[] more) =>
            CommandLine.Fails(1, words, [.. Settings, .. more, "--out", folder.File("run")]);
    }

    [Fact]
    public void Train_LongerRunInterrupted_KeepsTheShorterRecordAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        Train(folder.File("run"), 10);
        var before = File.ReadAllBytes(folder.File("run/record.json"));
        string[] longer = [.. Settings, "--steps", "30", "--out", folder.File("run")];
        Assert.Equal(130, Reports.Cli.FlatBiasCommand.Run(longer, new CancellationToken(canceled: true)));
        Assert.Equal(before, File.ReadAllBytes(folder.File("run/record.json")));
        Assert.Contains("taken up at step 10", Train(folder.File("run"), 30), StringComparison.Ordinal);
    }

    [Fact]
    public void Simulate_MoreSteps_ReplacesTheShorterRecord()
    {
        using var folder = new TemporaryFolder();
        foreach (var steps in new[] { "10", "20" })
            Assert.Equal(
                0,
                CommandLine
                    .Run("simulate", "quadratic", "--step-size", "0.1", "--steps", steps, "--out", folder.File("run"))
                    .Code
            );
        Assert.Equal(20, RunRecord.Load(folder.File("run")).Manifest.Steps);
        CommandLine.Fails(
            1,
            "steps is 20 there and 10 here",
            "simulate",
            "quadratic",
            "--step-size",
            "0.1",
            "--steps",
            "10",
            "--out",
            folder.File("run")
        );
    }

    private static string Train(string output, int steps)
    {
        var (code, words, error) = CommandLine.Run([.. Settings, "--steps", $"{steps}", "--out", output]);
        Assert.True(code == 0, error);
        return words;
    }
}
