using System.Text;
using System.Text.RegularExpressions;
using FlatBias.Commands.Tests;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Sweeps;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Cli;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Sweeps;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests.Sweeps;

/// <summary>flatbias sweep of trainings, on a regression that takes milliseconds.</summary>
[Collection("console")]
public sealed partial class NetworkSweepTests : IDisposable
{
    private const string Small = """
        { "network": { "data": "chebyshev:points=8", "train": 8, "test": 0, "set.widths": "4", "loss": "mse",
            "steps": 6, "measure-every": 3, "eigenpairs": 2, "measure-noise": false },
          "axes": [
            { "parameter": "step-size", "list": [0.1, 1e30] },
            { "parameter": "activation", "list": ["tanh", "relu"] },
            { "parameter": "seed", "whole": { "first": 1, "last": 2 } } ] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sweep_OfTrainings_HasTheEndsOfTrainings()
    {
        var (code, output, error) = Run(Small, "out");
        Assert.True(code == 0, error);
        Assert.Contains("8 points: 4 done, 4 diverged", output, StringComparison.Ordinal);
        var rows = Rows("out");
        // The same training by code, from the specification in C#: activation relu, seed 2.
        var (training, _) = TrainCommand.Read(
            Options("data=chebyshev:points=8,train=8,test=0,set.widths=4,activation=relu,loss=mse", "seed=2")
        );
        training = training with { Steps = 6, MeasureEvery = 3, Eigenpairs = 2, StepSize = 0.1 };
        var outcome = TrainingRun.Execute(
            training,
            DataCatalogue.Load("chebyshev:points=8", 8, 0).Train,
            DataCatalogue.Load("chebyshev:points=8", 8, 0).Test,
            cancellation: TestContext.Current.CancellationToken
        );
        var end = (NetworkEnd)rows[3].Row.Value!;
        Assert.Equal(outcome.Steps, end.Steps);
        Assert.Equal(outcome.GradientEquivalents, end.Values[SweepColumns.Cost]);
        foreach (var name in outcome.Series.Names.Where(name => name != Columns.Step))
            Assert.Equal(outcome.Series[name][^1], end.Values.TryGetValue(name, out var value) ? value : double.NaN);
        Assert.Contains(Columns.Sharpness, end.Values.Keys);
        Assert.Contains(Columns.Loss, end.Values.Keys);
    }

    [Fact]
    public void Sweep_Diverged_SaysSoInItsRowAndHasNoOtherNumberThanItsCost()
    {
        Assert.Equal(0, Run(Small, "out").Code);
        var diverged = Rows("out").Where(row => row.Row.Status == SweepStatus.Diverged).ToArray();
        Assert.Equal(4, diverged.Length);
        foreach (var end in diverged.Select(row => (NetworkEnd)row.Row.Value!))
        {
            Assert.Equal(Dynamics.Descent.StopReason.Diverged, end.Reason);
            Assert.Equal([SweepColumns.Cost.Name], end.Values.Keys);
        }

        var lost = Small.Replace("[0.1, 1e30]", "[1e30, 1e31]", StringComparison.Ordinal);
        Assert.Equal(0, Run(lost, "lost").Code);
        CommandLine.Fails(
            1,
            "has nothing to draw: of 8 of 8 points none",
            "plot",
            _folder.File("lost"),
            "--output",
            _folder.File("map.svg")
        );
    }

    [Fact]
    public void Merge_ShardsInAnyOrder_IsByteForByteTheSingleRun()
    {
        Assert.Equal(0, Run(Small, "single", "--threads", "2").Code);
        foreach (var i in new[] { 3, 1, 2 })
            Assert.Equal(0, Run(Small, "out", "--shard", $"{i}/3", "--threads", "1").Code);
        Assert.Equal(0, CommandLine.Run("sweep", "merge", _folder.File("out"), "--out", _folder.File("merged")).Code);
        Same("single", "merged");
    }

    [Fact]
    public void Sweep_InterruptedAfterAPoint_GoesOnFromThereToTheSameBytes()
    {
        var sweep = SweepSpecification.Parse("spec", Encoding.UTF8.GetBytes(Small), TrainCommand.Read);
        new SweepRun(sweep, Shard.Whole, _folder.File("single")).Execute(1, null, default);
        var run = new SweepRun(sweep, Shard.Whole, _folder.File("out"));
        // Killed, and not told to end: a process that is gone keeps the points that it had finished, one by one.
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            run.Execute(
                1,
                done =>
                {
                    if (done == 3)
                        source.Cancel();
                },
                source.Token
            )
        );
        var parts = Directory.GetFiles(_folder.File("out/parts"));
        foreach (var part in parts.Where(part => !Path.GetFileName(part).StartsWith("point-")))
            File.Delete(part);
        var seen = new List<int>();
        run.Execute(1, seen.Add, default);
        Assert.Equal([4, 5, 6, 7, 8], seen);
        Same("single", "out");
        Assert.False(Directory.Exists(_folder.File("out/parts")));
    }

    [Fact]
    public void Sweep_ExampleOfTheDocumentation_IsUnderstood()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "sweeps.md"));
        var text = Fence().Matches(page).Select(match => match.Groups[1].Value).Single(t => t.Contains("\"network\""));
        var sweep = SweepSpecification.Parse("spec", Encoding.UTF8.GetBytes(text), TrainCommand.Read);
        Assert.True(sweep.Study is NetworkStudy);
        Assert.Contains(sweep.Plan.Axes, axis => axis.Name == SweepPlan.SeedAxis);
    }

    [Fact]
    public void Sweep_PointThatFails_IsInTheTable()
    {
        var text = Small
            .Replace("[0.1, 1e30]", "[0.1]", StringComparison.Ordinal)
            .Replace("\"measure-noise\": false", "\"reference-step\": 3", StringComparison.Ordinal)
            .Replace("\"measure-every\": 3, ", "", StringComparison.Ordinal)
            .Replace(
                "{ \"parameter\": \"seed\", \"whole\": { \"first\": 1, \"last\": 2 } }",
                "{ \"parameter\": \"measure-every\", \"list\": [3, 2] }",
                StringComparison.Ordinal
            );
        Assert.Equal(0, Run(text, "out").Code);
        var rows = Rows("out");
        Assert.Equal(
            [SweepStatus.Done, SweepStatus.Failed, SweepStatus.Done, SweepStatus.Failed],
            rows.Select(row => row.Row.Status)
        );
        Assert.Contains("must be a multiple of measure-every", rows[1].Row.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.network.width: There is no option 'width' here; there are: ", "\"steps\"", "\"width\"")]
    [InlineData("$.network.out: There is no option 'out' here", "\"steps\": 6", "\"out\": \"x\"")]
    [InlineData("$.network.threads: There is no option 'threads' here", "\"steps\": 6", "\"threads\": 1")]
    [InlineData("$.network.steps: --steps is '6.5'; it must be a whole number", "\"steps\": 6", "\"steps\": 6.5")]
    [InlineData("$.network.loss: --loss is 'mean'; it must be", "\"mse\"", "\"mean\"")]
    [InlineData("$.network.measure-noise: measure-noise is '1'; it must be true or false", "false", "1")]
    [InlineData("$: widths[1] is 'a'", "\"4\"", "\"a\"")]
    [InlineData("$.network.data must be a number, a text, true or false", "\"chebyshev:points=8\"", "null")]
    [InlineData("$.axes[0].parameter: 'step-size' is both set and an axis", "\"steps\": 6", "\"step-size\": 6")]
    [InlineData("$: activation is 'tan'", "\"tanh\"", "\"tan\"")]
    [InlineData("$.axes[2].parameter: There is no option 'sed' here", "\"seed\"", "\"sed\"")]
    [InlineData("$.start is not known here; there are: network, axes", "\"axes\"", "\"start\": [1], \"axes\"")]
    [InlineData("$: eigenpairs is 200; it must be a whole number", "\"eigenpairs\": 2", "\"eigenpairs\": 200")]
    public void Sweep_WrongSpecification_NamesThePlaceAndWritesNothing(string words, string old, string with)
    {
        Assert.Contains(old, Small, StringComparison.Ordinal);
        var text = Small.Replace(old, with, StringComparison.Ordinal);
        CommandLine.Fails(2, words, "sweep", Write(text), "--out", _folder.File("out"));
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    private static KeyValuePair<string, string>[] Options(params string[] lists) =>
        [
            .. lists
                .SelectMany(list => list.Split(','))
                .Select(pair => new KeyValuePair<string, string>(
                    pair[..pair.IndexOf('=', StringComparison.Ordinal)],
                    pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]
                )),
        ];

    private PlacedRow[] Rows(string output) =>
        SweepFile.Read("table", NetworkValues.Instance, File.ReadAllBytes(_folder.File($"{output}/sweep.parquet")));

    private void Same(string expected, string actual)
    {
        foreach (var name in new[] { "sweep.json", "sweep.parquet" })
            Assert.Equal(
                File.ReadAllBytes(_folder.File($"{expected}/{name}")),
                File.ReadAllBytes(_folder.File($"{actual}/{name}"))
            );
    }

    private (int Code, string Output, string Error) Run(string text, string output, params string[] options) =>
        CommandLine.Run(["sweep", Write(text), "--out", _folder.File(output), .. options]);

    private string Write(string text) => _folder.Write("spec.json", Encoding.UTF8.GetBytes(text));

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
