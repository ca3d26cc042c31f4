using FlatBias.Dynamics.Descent;
using FlatBias.Dynamics.Observables;
using FlatBias.Dynamics.Runs;
using FlatBias.Dynamics.Sweeps;
using FlatBias.NeuralValidation.Training;
using FlatBias.Quadratic.Sweeps;
using FlatBias.Reports.Chapters;
using FlatBias.Reports.Cli;
using FlatBias.Reports.Contents;
using FlatBias.Reports.Planning;
using FlatBias.Reports.Records;
using FlatBias.Reports.Sweeps;
using FlatBias.Testing;
using FlatBias.Testing.Fuzzing;

namespace FlatBias.Reports.Tests.Fuzzing;

/// <summary>Damaged specifications, manifests and tables lead to a sound result or to the exception that the reader's contract names, in one line that names the file.</summary>
public sealed class ReaderFuzzTests : IDisposable
{
    private static readonly byte[] Sweep =
        """
        // A comment, and a comma too many.
        {
          "landscape": "two-parameter-network", "start": [-0.1, 10],
          "set": { "landscape.link": "power", "landscape.exponent": 2, "steps": 500 },
          "axes": [
            { "parameter": "optimiser", "list": ["gd", "ema-momentum"] },
            { "parameter": "step-size", "linear": { "from": 0.005, "to": 0.02, "count": 4 } },
            { "parameter": "start-2", "log": { "from": 8, "to": 12, "count": 3 } },
            { "parameter": "start-noise", "list": [0, 0.01] },
            { "parameter": "seed", "whole": { "first": 1, "last": 2 } },
          ]
        }
        """u8.ToArray();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SweepSpecification_Damaged_IsReadOrRefused() =>
        Fuzz.Run(
            new FuzzedReader(
                "sweep specifications",
                [Sweep],
                bytes => SweepSpecification.Parse("sweep.json", bytes, TrainCommand.Read),
                e => e is ArgumentException && e.Message.StartsWith("sweep.json, line ", StringComparison.Ordinal)
            )
        );

    [Fact]
    public void SweepManifest_Damaged_IsReadOrRefused()
    {
        SweepManifest
            .Of(SweepSpecification.Parse("sweep.json", Sweep, TrainCommand.Read), new Shard(2, 3))
            .Save(_folder.Path);
        Records(
            "sweep manifests",
            [File.ReadAllBytes(_folder.File(SweepManifest.Name))],
            bytes =>
            {
                _folder.Overwrite(SweepManifest.Name, bytes);
                var manifest = SweepManifest.Load(_folder.Path)!;
                manifest.IsOfOneSweepWith(manifest);
                manifest.Shard.Range(manifest.Points);
            }
        );
    }

    [Fact]
    public void RunRecord_DamagedManifest_IsReadOrRefused()
    {
        var specs = ChapterCatalogue
            .All.SelectMany(chapter => chapter.Runs(new ReportSettings("quick", 1, "cpu", null)))
            .DistinctBy(spec => spec.GetType());
        byte[][] seeds =
        [
            .. specs.Select(spec =>
            {
                RunRecord.Save(
                    _folder.Path,
                    spec,
                    new RunOutcome(Series(), StopReason.StepLimit, 2, 3.5, new() { ["run"] = "a note" }),
                    1,
                    0.5
                );
                return File.ReadAllBytes(_folder.File("record.json"));
            }),
        ];
        Records(
            "run manifests",
            seeds,
            bytes =>
            {
                _folder.Overwrite("record.json", bytes);
                RunRecord.Load(_folder.Path).Manifest.Specification.ToJson();
            }
        );
    }

    [Fact]
    public void RunRecord_DamagedSeries_IsReadOrRefused()
    {
        RunRecord.Save(
            _folder.Path,
            new NetworkSpec(new TrainingSpec()),
            new RunOutcome(Series(), StopReason.StepLimit, 2, 3.5),
            1,
            0.5
        );
        Records(
            "series",
            [File.ReadAllBytes(_folder.File("series.parquet"))],
            bytes =>
            {
                _folder.Overwrite("series.parquet", bytes);
                RunRecord.Load(_folder.Path);
            }
        );
    }

    [Fact]
    public void SweepPart_Damaged_IsReadOrCountsAsNone()
    {
        var path = _folder.File("part");
        var (sweep, rows) = Rows();
        SweepPart.Write(path, sweep.Json, sweep.Table(rows));
        var sound = File.ReadAllBytes(path);
        Records(
            "sweep parts",
            [sound],
            bytes =>
            {
                _folder.Overwrite("part", bytes);
                var read = SweepPart.Read(path, sweep.Json, LandscapeValues.Instance);
                Assert.Equal(bytes.AsSpan().SequenceEqual(sound) ? rows.Length : 0, read.Length);
            }
        );
    }

    /// <summary>What was found by fuzzing or on the way to it.</summary>
    [Theory]
    [InlineData("\"power\"", "\"\\ud800\"", "line 4: $.set['landscape.link'] is or holds a text that is not Unicode")]
    [InlineData("\"gd\"", "\"\u00ff\"", "line 6: $.axes[0].list[0] is or holds a text that is not Unicode")]
    [InlineData("\"to\": 0.02", "\"t\u00ff\": 0.02", "line 7: $.axes[1].linear is or holds a text that is not Unicode")]
    [InlineData(
        "\"count\": 4",
        "\"count\": 2000000000",
        "line 7: $.axes[1].linear: count is 2000000000; it must be a whole number from 2 to 1000000"
    )]
    [InlineData(
        "\"first\": 1, \"last\": 2",
        "\"first\": -2147483648, \"last\": 2147483647",
        "line 10: $.axes[4].whole: last is 2147483647"
    )]
    [InlineData("\"seed\"", "\"a\\nb\"", "line 10: $.axes[4].parameter")]
    public void SweepSpecification_Case_IsRefusedInOneLineWithItsPlace(string old, string with, string words)
    {
        // Latin-1 writes what is above 127 as one byte, which is no UTF-8.
        var bytes = System.Text.Encoding.Latin1.GetBytes(
            System.Text.Encoding.Latin1.GetString(Sweep).Replace(old, with, StringComparison.Ordinal)
        );

        var message = Assert
            .Throws<ArgumentException>(() => SweepSpecification.Parse("sweep.json", bytes, TrainCommand.Read))
            .Message;

        Assert.StartsWith("sweep.json, " + words, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void SweepSpecification_WithByteOrderMark_IsRead() =>
        Assert.Equal(
            SweepSpecification.Parse("sweep.json", Sweep, TrainCommand.Read).Json,
            SweepSpecification.Parse("sweep.json", [0xEF, 0xBB, 0xBF, .. Sweep], TrainCommand.Read).Json
        );

    [Theory]
    [InlineData("\"power\"", "\"\\ud800\"", "is not a sweep's manifest")]
    [InlineData("\"index\": 2", "\"index\": 4", "its shard is 4 of 3")]
    [InlineData("\"index\": 2", "\"index\": 0", "its shard is 0 of 3")]
    [InlineData("\"build\": \"", "\"build\": null, \"x\": \"", "is not a sweep's manifest")]
    public void SweepManifest_Case_IsRefused(string old, string with, string words)
    {
        SweepManifest
            .Of(SweepSpecification.Parse("sweep.json", Sweep, TrainCommand.Read), new Shard(2, 3))
            .Save(_folder.Path);
        var path = _folder.File(SweepManifest.Name);
        File.WriteAllText(path, File.ReadAllText(path).Replace(old, with, StringComparison.Ordinal));

        Assert.Contains(words, Assert.Throws<RecordException>(() => SweepManifest.Load(_folder.Path)).Message);
    }

    /// <summary>A list of all that are missing would not fit in memory.</summary>
    [Fact]
    public void Merge_OneOfTwoBillionShards_NamesTheFirstThatAreMissing()
    {
        var manifest = SweepManifest.Of(
            SweepSpecification.Parse("sweep.json", Sweep, TrainCommand.Read),
            new Shard(2, int.MaxValue)
        );
        // As many points as shards: with fewer it would be refused for that.
        (manifest with { Points = int.MaxValue }).Save(_folder.Path);

        var message = Assert
            .ThrowsAny<IOException>(() => SweepMerge.Merge([_folder.Path], _folder.File("out"), TrainCommand.Read))
            .Message;

        Assert.Contains("missing: 1, 3, 4, ", message);
        Assert.EndsWith("and 2147483626 more.", message);
    }

    private static void Records(string name, byte[][] seeds, Action<byte[]> read) =>
        Fuzz.Run(new FuzzedReader(name, seeds, read, e => e is RecordException));

    private static SeriesTable Series() =>
        SeriesTable.From([("step", [0.0, 1, 2]), ("loss", [1, double.NaN, double.NegativeInfinity])]);

    private static (SweepSpecification Sweep, PlacedRow[] Rows) Rows()
    {
        var specification = SweepSpecification.Parse("sweep.json", Sweep, TrainCommand.Read);
        return (
            specification,
            [
                new PlacedRow(
                    0,
                    new(
                        SweepStatus.Done,
                        new LandscapeEnd(new DescentOutcome(StopReason.Converged, 5, 0.1, 1, 2, 3, [1, 2], null)),
                        null
                    )
                ),
                new PlacedRow(1, new(SweepStatus.Failed, null, "größer")),
                new PlacedRow(
                    2,
                    new(
                        SweepStatus.Diverged,
                        new LandscapeEnd(
                            new DescentOutcome(
                                StopReason.Diverged,
                                5,
                                double.NaN,
                                double.PositiveInfinity,
                                2,
                                -0.0,
                                [1],
                                null
                            )
                        ),
                        null
                    )
                ),
            ]
        );
    }
}
