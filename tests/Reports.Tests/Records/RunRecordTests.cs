using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.NeuralValidation.Networks;
using FlatBias.NeuralValidation.Training;
using FlatBias.Reports.Records;
using FlatBias.Testing;
using FsCheck.Xunit;

namespace FlatBias.Reports.Tests.Records;

/// <summary>Records survive the way to disk and back, bit for bit, and damaged ones are not believed.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 30)]
public class RunRecordTests
{
    private static readonly SimulationSpec Spec = new(LandscapeChoice.Of("two-parameter-network"), [-0.1, 10], 0.011)
    {
        Steps = 20,
    };

    [Property]
    public void SaveAndLoad_AnySeries_KeepEveryBit(Seed seed, Size columns)
    {
        using var folder = new TemporaryFolder();
        var random = seed.Random();
        var rows = random.Next(0, 50);
        double[] special =
        [
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity,
            -0.0,
            double.Epsilon,
            double.MaxValue,
        ];
        var series = SeriesTable.From([
            .. Enumerable
                .Range(0, columns.Value)
                .Select(c =>
                    (
                        $"column_{c}",
                        Enumerable
                            .Range(0, rows)
                            .Select(_ =>
                                random.Next(4) == 0 ? special[random.Next(special.Length)] : random.NextDouble()
                            )
                            .ToArray()
                    )
                ),
        ]);
        RunRecord.Save(folder.Path, Spec, new RunOutcome(series, StopReason.StepLimit, 20, 3.5), 1, 0);
        var loaded = RunRecord.Load(folder.Path);
        Assert.Equal(series.Names, loaded.Series.Names);
        foreach (var name in series.Names)
            Assert.Equal(
                series[name].Select(BitConverter.DoubleToInt64Bits),
                loaded.Series[name].Select(BitConverter.DoubleToInt64Bits)
            );
        Assert.Equal(Spec.ToJson(), loaded.Manifest.Specification.ToJson());
        Assert.Equal(
            (20, 3.5, StopReason.StepLimit),
            (loaded.Manifest.Steps, loaded.Manifest.GradientEquivalents, loaded.Manifest.Reason)
        );
    }

    [Fact]
    public void Key_AnyOtherSetting_IsAnotherKey()
    {
        RunSpec[] others =
        [
            Spec with
            {
                StepSize = 0.0110000001,
            },
            Spec with
            {
                Steps = 21,
            },
            Spec with
            {
                MeasureEvery = 2,
            },
            Spec with
            {
                Start = [-0.1, 10.1],
            },
            Spec with
            {
                StepSize = StepSizeSchedule.Parse("drop:0.011,0.01,5"),
            },
            Spec with
            {
                Batch = new BatchPlan(2),
            },
            .. OptimiserCatalogue.All.Skip(1).Select(rule => Spec with { Optimiser = OptimiserSpec.Of(rule.Name) }),
            Spec with
            {
                Optimiser = OptimiserSpec.Of("momentum").With("momentum", 0.5),
            },
            Spec with
            {
                Optimiser = OptimiserSpec.GradientDescent.With("weight-decay", 0.5),
            },
            Spec with
            {
                Landscape = LandscapeChoice.Of("two-parameter-network", ("exponent", "3")),
            },
            new NetworkSpec(new TrainingSpec()),
            new NetworkSpec(new TrainingSpec { Seed = 2 }),
            new NetworkSpec(new TrainingSpec { Network = NetworkChoice.FullyConnected([32, 32], Activation.Relu) }),
            new NetworkSpec(new TrainingSpec { L2 = 0.1 }),
            new NetworkSpec(new TrainingSpec { LabelSmoothing = 0.1 }),
            new NetworkSpec(new TrainingSpec { LabelNoise = 0.1 }),
            new NetworkSpec(new TrainingSpec { Loss = NetworkLoss.Logistic }),
            new GridSpec(
                Spec.Landscape,
                [0.1],
                [
                    [1, 1],
                ],
                5,
                0
            ),
            new ValleyForecastSpec(Spec.Landscape, [1, 1], 2, ["moment-map-2"], 0.1, 5),
        ];
        Assert.Equal(others.Length + 1, others.Append(Spec).Select(s => s.Key()).Distinct().Count());
        Assert.Equal(
            Spec.Key(),
            new SimulationSpec(LandscapeChoice.Of("two-parameter-network", ("exponent", "2")), [-0.1, 10], 0.011)
            {
                Steps = 20,
            }.Key()
        );
    }

    [Fact]
    public void Find_DamagedRecord_IsMadeAnew()
    {
        using var folder = new TemporaryFolder();
        var store = new RecordStore(folder.Path, 1);
        var context = new RunContext(new RunInputs(), CancellationToken.None);
        Assert.Null(store.Find(Spec));
        var made = store.Make(Spec, context);
        Assert.NotNull(store.Find(Spec));
        var series = Path.Combine(folder.Path, Spec.Key(), "series.parquet");
        File.WriteAllBytes(series, [.. File.ReadAllBytes(series).Reverse()]);
        Assert.Null(store.Find(Spec));
        store.Make(Spec, context);
        Assert.Equal(made.Series["loss"], store.Find(Spec)!.Series["loss"]);
    }

    [Fact]
    public void Find_SpectrumMissingOrDamaged_IsMadeAnew()
    {
        using var folder = new TemporaryFolder();
        var store = new RecordStore(folder.Path, 1);
        var spec = new NetworkSpec(
            new TrainingSpec
            {
                Train = 20,
                Test = 0,
                Network = NetworkChoice.FullyConnected([2], Activation.Tanh),
                Steps = 3,
                MeasureEvery = 1,
                Eigenpairs = 1,
                SpectrumSteps = [0, 3],
            }
        );
        var context = new RunContext(new RunInputs(), CancellationToken.None);
        var made = store.Make(spec, context).Spectra();
        Assert.Equal([0, 3], made.Keys.Order());
        var file = SpectrumFile.InRecord(Path.Combine(folder.Path, spec.Key()), 3);
        File.WriteAllText(file, "half");
        // The series is sound all the same.
        Assert.True(RunRecord.TryLoad(Path.GetDirectoryName(file)!) is { HasSpectra: false });
        Assert.Null(store.Find(spec));
        File.Delete(file);
        Assert.Null(store.Find(spec));
        store.Make(spec, context);
        Assert.Equal(made[3].Density.Values, store.Find(spec)!.Spectra()[3].Density.Values);
    }

    [Fact]
    public void Make_Cancelled_KeepsNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<OperationCanceledException>(() =>
            new RecordStore(folder.Path, 1).Make(
                Spec,
                new RunContext(new RunInputs(), new CancellationToken(canceled: true))
            )
        );
        Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }
}
