using System.Text.Json.Nodes;
using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;
using FlatBias.Testing;

namespace FlatBias.Commands.Tests;

/// <summary>A record is enough to repeat its run, and what cannot be repeated is named.</summary>
[Collection("console")]
public class RerunTests
{
    private const string Network =
        "train --train 40 --test 10 --widths 3 --activation tanh --loss mse --measure-every 2 --eigenpairs 2 --threads 1 --steps 6";

    [Theory]
    [InlineData("\"threads\": \"1\"", "\"threads\": \"x\"", "speaks of 'x' threads; it was edited")]
    [InlineData("\"threads\": \"1\"", "\"threads\": \"0\"", "speaks of '0' threads; it was edited")]
    [InlineData("\"measureEvery\": 1", "\"measureEvery\": 0", "and was edited: measure-every is 0")]
    [InlineData("\"name\": \"quadratic\"", "\"name\": \"cubic\"", "and was edited: landscape is 'cubic'")]
    public void Rerun_RecordOfNoRun_IsNamed(string from, string to, string words)
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("run");
        Assert.Equal(
            0,
            CommandLine.Run([.. "simulate quadratic --step-size 0.1 --steps 2 --out".Split(' '), output]).Code
        );
        var path = Path.Combine(output, "record.json");
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        CommandLine.Fails(1, words, "rerun", output);
    }

    [Theory]
    [InlineData("simulate two-parameter-network --step-size 0.011 --steps 20")]
    [InlineData(
        "simulate diagonal-regression --step-size 0.05 --steps 20 --optimiser clipped-ada --batch-size 3 --seed 4"
    )]
    [InlineData(Network)]
    [InlineData(
        Network
            + " --optimiser rmsprop --step-size drop:0.01,0.002,3 --batch-size 7 --replacement --batch-seed 2 --chunk 16 --measure-noise --check-routes"
    )]
    [InlineData(
        "train --data two-moons --train 40 --test 10 --widths 3 --activation tanh --loss logistic --label-smoothing 0.1 --label-noise 0.2 --l2 0.01 --optimiser adam --weight-decay 0.1 --step-size 0.01 --measure-every 2 --eigenpairs 2 --threads 1 --steps 6"
    )]
    public void Rerun_AnyRecord_ReproducesEveryBit(string command)
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("run");
        var (code, _, error) = CommandLine.Run([.. command.Split(' '), "--out", output]);
        Assert.True(code == 0, error);
        var before = Directory.EnumerateFiles(output).ToDictionary(f => f, File.ReadAllBytes);
        (code, var words, error) = CommandLine.Run("rerun", output);
        Assert.True(code == 0, error);
        Assert.Contains("Reproduced bit for bit", words, StringComparison.Ordinal);
        Assert.Equal(before, Directory.EnumerateFiles(output).ToDictionary(f => f, File.ReadAllBytes));
    }

    [Fact]
    public void Rerun_InitialWeightsFromAFile_AreInTheRecord()
    {
        using var folder = new TemporaryFolder();
        var (weights, output) = (folder.File("weights.safetensors"), folder.File("run"));
        int[] widths = [784, 3, 10];
        NetworkWeights.ToSafetensors(
            weights,
            FullyConnectedNetwork.LayoutOf(widths),
            [.. Enumerable.Range(0, (785 * 3) + (4 * 10)).Select(i => Math.Sin(i) / 28)],
            "F32"
        );
        Assert.Equal(0, CommandLine.Run([.. Network.Split(' '), "--init", weights, "--out", output]).Code);
        File.Delete(weights);
        Assert.Equal(0, CommandLine.Run("rerun", output).Code);
        var copy = RunRecord.InitialWeights(output);
        var bytes = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        CommandLine.Fails(1, "does not hold the weights that the run began with", "rerun", output);
        File.Delete(copy);
        CommandLine.Fails(1, "initial.safetensors is missing", "rerun", output);
    }

    [Fact]
    public void Rerun_RecordThatSaysOtherwise_NamesRowColumnAndSurroundings()
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("run");
        var spec = new SimulationSpec(LandscapeChoice.Of("two-parameter-network"), [-0.1, 10], 0.011) { Steps = 20 };
        var outcome = spec.Execute(new RunContext(new RunInputs(), CancellationToken.None));
        // One bit of one value, as another processor might give it.
        var series = SeriesTable.From([.. outcome.Series.Names.Select(name => (name, outcome.Series.Array(name)))]);
        var loss = series.Array("loss");
        loss[7] = Math.BitIncrement(loss[7]);
        RunRecord.Save(
            output,
            spec,
            outcome with
            {
                Series = SeriesTable.From([
                    .. series.Names.Select(name => (name, name == "loss" ? loss : series.Array(name))),
                ]),
            },
            1,
            0
        );
        CommandLine.Fails(
            1,
            $"1 of {series.Names.Count} columns differ, first loss in row 7 (step 7)",
            "rerun",
            output
        );
        CommandLine.Fails(1, "the same, so the record was edited or the hardware differs", "rerun", output);
        var manifest = Path.Combine(output, "record.json");
        var json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["versions"]!["dotnet"] = "7.0.0";
        File.WriteAllText(manifest, json.ToJsonString());
        CommandLine.Fails(1, "not as it was: dotnet", "rerun", output);
    }

    [Fact]
    public void Rerun_SameBitsElsewhere_SucceedsAndSaysWhatDiffers()
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("run");
        CommandLine.Run("simulate", "quadratic", "--step-size", "0.1", "--steps", "5", "--out", output);
        var manifest = Path.Combine(output, "record.json");
        var json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["versions"]!["build"] = "another";
        File.WriteAllText(manifest, json.ToJsonString());
        var (code, words, _) = CommandLine.Run("rerun", output);
        Assert.Equal(0, code);
        Assert.Contains("build is another there and", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Rerun_RecordOfAReportOnAnotherFolder_TakesTheFolder()
    {
        using var folder = new TemporaryFolder();
        var (images, others, output) = (Folder(0), Folder(1), folder.File("run"));
        // As a chapter of the report makes it: any share of the folder's images, under the hash of the folder.
        var spec = new NetworkSpec(
            new TrainingSpec
            {
                DataHash = RunInputs.StandInHash(images),
                Train = 30,
                Test = 10,
                Network = NetworkChoice.FullyConnected([2], Activation.Relu),
                StepSize = 0.01,
                Steps = 3,
                MeasureEvery = 1,
                Eigenpairs = 1,
            }
        );
        RunRecord.Save(
            output,
            spec,
            spec.Execute(new RunContext(RunInputs.StandingIn(images), CancellationToken.None)),
            1,
            0
        );
        var (code, words, error) = CommandLine.Run("rerun", output, "--data", images);
        Assert.True(code == 0, error);
        Assert.Contains("Reproduced bit for bit", words, StringComparison.Ordinal);
        CommandLine.Fails(
            1,
            $"the samples in fashion-mnist:{others} are not those of {output}",
            "rerun",
            output,
            "--data",
            others
        );

        string Folder(int variant)
        {
            var path = Directory.CreateDirectory(folder.File($"images-{variant}")).FullName;
            foreach (var (prefix, count) in new[] { ("train", 1000), ("t10k", 1000) })
            {
                var pixels = IdxFixture.Pixels(count * 784);
                pixels[5] += (byte)variant;
                File.WriteAllBytes(
                    Path.Combine(path, $"{prefix}-images-idx3-ubyte"),
                    IdxFixture.Images(count, 28, 28, pixels)
                );
                File.WriteAllBytes(
                    Path.Combine(path, $"{prefix}-labels-idx1-ubyte"),
                    IdxFixture.Labels([.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))])
                );
            }

            return path;
        }
    }

    [Fact]
    public void Rerun_NoRecordADamagedOrAnInterruptedOne_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Fails(1, "is not a folder", "rerun", folder.File("nowhere"));
        CommandLine.Fails(1, "record.json is missing", "rerun", folder.Path);
        var output = folder.File("run");
        CommandLine.Run("simulate", "quadratic", "--step-size", "0.1", "--steps", "5", "--out", output);
        var series = Path.Combine(output, "series.parquet");
        File.WriteAllBytes(series, File.ReadAllBytes(series)[..^3]);
        CommandLine.Fails(1, "truncated or edited", "rerun", output);
        var spec = new SimulationSpec(LandscapeChoice.Of("quadratic"), [1, 1], 0.1) { Steps = 5 };
        RunRecord.Save(output, spec, new RunOutcome(SeriesTable.From(("step", [0])), StopReason.Cancelled, 0, 0), 1, 0);
        CommandLine.Fails(1, "interrupted after 0 steps; finish it first", "rerun", output);
    }

    [Fact]
    public void SeriesComparison_ShapesAndSpecialValues_AreTold()
    {
        var table = SeriesTable.From(("step", [0, 1]), ("a", [double.NaN, 1]));
        Assert.True(new SeriesComparison(table, SeriesTable.From(("step", [0, 1]), ("a", [double.NaN, 1]))).Same);
        Assert.Equal(
            "2 rows there and 1 here",
            new SeriesComparison(table, SeriesTable.From(("step", [0]), ("a", [double.NaN]))).Describe()
        );
        Assert.Equal(
            "the column a is there only",
            new SeriesComparison(table, SeriesTable.From(("step", [0, 1]))).Describe()
        );
        Assert.Equal(
            "the column b is here only",
            new SeriesComparison(
                table,
                SeriesTable.From(("step", [0, 1]), ("a", [double.NaN, 1]), ("b", [0, 0]))
            ).Describe()
        );
        Assert.Contains(
            "first a in row 0 (step 0): NaN there and 2 here; largest difference relative to its column",
            new SeriesComparison(table, SeriesTable.From(("step", [0, 1]), ("a", [2, 1]))).Describe(),
            StringComparison.Ordinal
        );
    }
}
