using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Data;
using FlatBias.NeuralValidation.Files;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.NeuralValidation.Tests.Training;

/// <summary>A run that was interrupted anywhere and taken up has the same bits as one that was not.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 8)]
public class ResumptionTests
{
    private static readonly (LabelledSamples Train, LabelledSamples Test) Data = FashionMnist.Load(null, 40, 10);
    private static readonly Dictionary<string, string> Identity = new() { ["settings"] = "a" };

    [Property]
    public void Execute_InterruptedAnywhere_GoesOnWithTheSameBits(Seed seed, Size cadence)
    {
        var random = seed.Random();
        var spec = Spec(random, OptimiserCatalogue.All.Names[random.Next(OptimiserCatalogue.All.Count)], cadence.Value);
        var whole = TrainingRun.Execute(spec, Data.Train, Data.Test);
        using var folder = new TemporaryFolder();
        var stops = Enumerable.Range(0, 3).Select(_ => random.Next(spec.Steps)).Order().ToArray();
        RunOutcome? last = null;
        foreach (var stop in stops.Append(int.MaxValue))
        {
            // Once cut off as by a power failure, with rows past the checkpoint on the disk, else cancelled, with a checkpoint at the end.
            var abrupt = random.Next(2) == 0;
            using var cancellation = new CancellationTokenSource();
            using var journal = new TrainingJournal(folder.Path, Identity, random.Next(1, 6));
            try
            {
                last = TrainingRun.Execute(
                    spec,
                    Data.Train,
                    Data.Test,
                    null,
                    step => Stop(step),
                    journal,
                    cancellation: cancellation.Token
                );
            }
            catch (TimeoutException) { }

            void Stop(int step)
            {
                if (step != stop)
                    return;
                if (abrupt)
                    throw new TimeoutException();
                cancellation.Cancel();
            }
        }

        Assert.Equal((whole.Reason, whole.Steps), (last!.Reason, last.Steps));
        Assert.Equal(whole.End, last.End);
        Assert.Equal(whole.GradientEquivalents, last.GradientEquivalents);
        Assert.Equal(whole.Series.Names, last.Series.Names);
        foreach (var name in whole.Series.Names)
            Assert.True(
                whole
                    .Series[name]
                    .Select(BitConverter.DoubleToInt64Bits)
                    .SequenceEqual(last.Series[name].Select(BitConverter.DoubleToInt64Bits)),
                $"{name} differs: {string.Join(' ', whole.Series[name])} and {string.Join(' ', last.Series[name])}"
            );
    }

    [Fact]
    public void TrainingJournal_AnotherRunOrADamagedCheckpoint_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        Begin(folder.Path);
        Refuses(new() { ["settings"] = "b" }, "settings is a there and b here");
        Refuses(new() { ["settings"] = "a", ["threads"] = "2" }, "threads is not set there and 2 here");
        var path = folder.File("checkpoint.safetensors");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^8]);
        Refuses(Identity, "truncated");
        byte[] edited = [.. bytes];
        edited[^1] ^= 1;
        File.WriteAllBytes(path, edited);
        Refuses(Identity, "it was edited");
        File.WriteAllBytes(
            path,
            [
                .. System.Text.Encoding.Latin1.GetBytes(
                    System
                        .Text.Encoding.Latin1.GetString(bytes)
                        .Replace("flatbias-checkpoint 3", "flatbias-checkpoint 7", StringComparison.Ordinal)
                ),
            ]
        );
        Refuses(Identity, "its format is flatbias-checkpoint 7, and this program reads flatbias-checkpoint 3");
        File.WriteAllBytes(path, bytes);
        Assert.Equal(4, Open(Identity).FoundStep);

        TrainingJournal Open(Dictionary<string, string> identity)
        {
            using var journal = new TrainingJournal(folder.Path, identity, 2);
            return journal;
        }

        void Refuses(Dictionary<string, string> identity, string words)
        {
            var error = Assert.Throws<DataFileException>(() => Open(identity));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Contains("checkpoint.safetensors", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TrainingJournal_RowsTruncatedEditedOrMissing_SaySo()
    {
        using var folder = new TemporaryFolder();
        Begin(folder.Path);
        var path = folder.File("series.rows");
        var bytes = File.ReadAllBytes(path);
        foreach (
            var (content, words) in new (byte[]?, string)[]
            {
                (bytes[..40], "it was truncated or edited"),
                ([.. bytes[..60], 9, .. bytes[61..]], "it was truncated or edited"),
                (null, "it is missing"),
            }
        )
        {
            File.Delete(path);
            if (content is not null)
                File.WriteAllBytes(path, content);
            using var journal = new TrainingJournal(folder.Path, Identity, 2);
            var error = Assert.Throws<DataFileException>(() =>
                TrainingRun.Execute(Small, Data.Train, Data.Test, journal: journal)
            );
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Contains("series.rows", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TrainingJournal_CheckpointOfAnotherArchitecture_NamesThePart()
    {
        // The identity names the widths already; this is the second line of defence.
        using var folder = new TemporaryFolder();
        Begin(folder.Path);
        using var journal = new TrainingJournal(folder.Path, Identity, 2);
        var error = Assert.Throws<DataFileException>(() =>
            TrainingRun.Execute(
                Small with
                {
                    Network = NetworkChoice.FullyConnected([3], Activation.Tanh),
                },
                Data.Train,
                Data.Test,
                journal: journal
            )
        );
        Assert.Contains(
            "its 'theta' has 1600 numbers where this run has 2395",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TrainingJournal_AnotherProcessWritesThere_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var first = new TrainingJournal(folder.Path, Identity, 2);
        Assert.Contains(
            "another process may be making",
            Assert.Throws<IOException>(() => new TrainingJournal(folder.Path, Identity, 2)).Message,
            StringComparison.Ordinal
        );
        // What is there is left as it is, and can be read.
        TrainingRun.Execute(
            Small,
            Data.Train,
            Data.Test,
            journal: first,
            progress: step => Assert.Equal(step + 1, JournalFiles.ReadRows(folder.Path)!.Rows)
        );
    }

    private static readonly TrainingSpec Small = new()
    {
        Train = 40,
        Test = 10,
        Network = NetworkChoice.FullyConnected([2], Activation.Tanh),
        Loss = NetworkLoss.MeanSquaredError,
        StepSize = 0.02,
        Steps = 5,
        MeasureEvery = 1,
        Eigenpairs = 1,
    };

    private static void Begin(string folder)
    {
        using var journal = new TrainingJournal(folder, Identity, 2);
        TrainingRun.Execute(Small, Data.Train, Data.Test, journal: journal);
    }

    private static TrainingSpec Spec(Random random, string rule, int cadence)
    {
        var batch =
            random.Next(3) is var way && way == 0 ? null : new BatchPlan(random.Next(1, 41), random.Next(), way == 1);
        var decay = random.Next(2) == 0;
        return Small with
        {
            Steps = 12,
            MeasureEvery = cadence,
            Eigenpairs = random.Next(1, 4),
            TrailingEvery = random.Next(1, 4),
            ReferenceStep = cadence * random.Next((12 / cadence) + 1),
            Precision = random.Next(2) == 0 ? "float32" : "float64",
            StepSize = random.Next(2) == 0 ? Small.StepSize : new WarmedUpStepSize(0.02, 5),
            Optimiser = decay ? OptimiserSpec.Of(rule).With("weight-decay", 0.3) : OptimiserSpec.Of(rule),
            L2 = random.Next(2) * 0.01,
            Batch = batch,
            Exponents = rule == "gd" && batch is null && !decay ? random.Next(1, 3) : 0,
            PredictRotation = random.Next(2) == 0,
            MeasureNoise = random.Next(2) == 0,
            Chunk = random.Next(2) == 0 ? null : random.Next(5, 41),
            Observables =
                random.Next(2) == 0 ? null
                : batch is null ? ["realised-edge", "critical-sharpness", "test-loss"]
                : ["realised-edge", "batch-sharpness", "noise-interaction"],
            Seed = random.Next(),
        };
    }
}
